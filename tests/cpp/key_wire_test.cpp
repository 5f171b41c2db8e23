#include "convex_kv/keys/key_wire.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/random_key.hpp"
#include "support/vectors.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace key_wire_test {

namespace {

std::optional<KvError> error_of(std::string_view wire) {
  Bytes sort_key;
  return sort_key_from_wire(from_hex(wire), sort_key);
}

ErrorCode code_of(std::string_view wire) {
  const auto error = error_of(wire);
  REQUIRE(error.has_value());
  return error->code;
}

std::string sort_key_of(std::string_view wire) {
  Bytes sort_key;
  REQUIRE_FALSE(sort_key_from_wire(from_hex(wire), sort_key).has_value());
  return hex(sort_key);
}

}  // namespace

TEST_SUITE("key_wire") {
  TEST_CASE("each part becomes exactly these bytes") {
    const struct {
      const char* wire;
      const char* sort_key;
    } cases[] = {
        {"", ""},
        {"00", "03"},
        {"01 feffffffffffffff", "07fe"},
        {"01 0807060504030201", "0c0102030405060708"},
        {"02 000000000000f83f", "0dbff8000000000000"},
        {"02 0000000000000080", "0d7fffffffffffffff"},
        {"03 04", "0e0f"},
        {"05 00000000", "1000"},
        {"05 02000000 6100 0000", "106100ff00"},
        {"05 01000000 e900", "10c3a900"},
        {"05 01000000 fffe", "10efbbbf00"},
        {"05 02000000 3dd8 00de", "10f09f988000"},
        {"06 02000000 00ff", "1100ffff00"},
        {"05 01000000 6100 00", "10610003"},
    };
    for (const auto& it : cases) {
      CAPTURE(it.wire);
      CHECK(sort_key_of(it.wire) == it.sort_key);
    }
  }

  TEST_CASE("what there is already stays, and the key follows it") {
    Bytes out{1, 2};
    CHECK_FALSE(sort_key_from_wire(from_hex("00"), out).has_value());
    CHECK(hex(out) == "010203");
  }

  TEST_CASE("a lone surrogate is the user's mistake, and the error says which part") {
    CHECK(code_of("05 01000000 00d8") == ErrorCode::kInvalidKey);
    CHECK(code_of("05 01000000 ffdf") == ErrorCode::kInvalidKey);
    CHECK(code_of("05 02000000 00dc 00d8") == ErrorCode::kInvalidKey);
    CHECK(code_of("05 02000000 00d8 6100") == ErrorCode::kInvalidKey);
    CHECK(code_of("05 02000000 00d8 00d8") == ErrorCode::kInvalidKey);
    CHECK(error_of("00 03 05 01000000 00d8")->message.find("Part 2") != std::string::npos);
  }

  TEST_CASE("malformed bytes are ours") {
    for (const char* wire : {"07", "ff", "01", "01 00000000000000", "02", "02 00000000000000", "05",
                             "05 000000", "05 01000000", "05 01000000 61", "05 02000000 6100", "06",
                             "06 01000000", "06 02000000 00", "00 07", "05 00000000 08"}) {
      CAPTURE(wire);
      CHECK(code_of(wire) == ErrorCode::kInvalidRequest);
    }
  }

  TEST_CASE("a count too large for any memory is refused before it is made room for") {
    CHECK(code_of("05 ffffffff 6100") == ErrorCode::kInvalidRequest);
    CHECK(code_of("05 00000080 6100") == ErrorCode::kInvalidRequest);
    CHECK(code_of("05 01000080 6100") == ErrorCode::kInvalidRequest);
    CHECK(code_of("06 ffffffff 61") == ErrorCode::kInvalidRequest);
  }

  TEST_CASE("damaged wires do no harm") {
    // A copy of its own for each, so that the sanitizer sees where it ends.
    const auto survives = [](ByteView wire) {
      Bytes sort_key;
      sort_key_from_wire(Bytes(wire.begin(), wire.end()), sort_key);
    };
    for (const KeyVector& vector : key_vectors()) {
      const Bytes wire = key_to_wire(vector.key);
      for (std::size_t size = 0; size < wire.size(); ++size) survives(ByteView(wire).first(size));
    }
    for (std::uint64_t seed = 1; seed <= 20000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Bytes wire = key_to_wire(random_key(random, 3));
      for (std::uint64_t n = random.below(3); n > 0 && !wire.empty(); --n) {
        wire[random.below(wire.size())] = static_cast<std::uint8_t>(random.below(256));
      }
      survives(wire);
    }
  }
}

}  // namespace key_wire_test
