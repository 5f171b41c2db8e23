#include "convex_kv/keys/key_wire.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/hex.hpp"
#include "support/random_key.hpp"
#include "support/vectors.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace key_wire_test {

namespace {

ErrorCode error_of(std::string_view wire) {
  const auto key = key_from_wire(from_hex(wire));
  REQUIRE_FALSE(key.ok());
  return key.error().code;
}

// Whatever the bytes, there is a key, or an error, and never a read beyond their end.
void check_survives(ByteView wire) {
  // A copy of its own, so that the sanitizer sees where it ends.
  const Bytes copy(wire.begin(), wire.end());
  const auto key = key_from_wire(copy);
  if (key && !key_from_wire(key_to_wire(*key))) FAIL("does not come back: ", hex(wire));
}

}  // namespace

TEST_SUITE("key_wire") {
  TEST_CASE("each part has exactly these bytes") {
    CHECK(hex(key_to_wire({})) == "");
    CHECK(hex(key_to_wire({Null{}})) == "00");
    CHECK(hex(key_to_wire({std::int64_t{-2}})) == "01feffffffffffffff");
    CHECK(hex(key_to_wire({std::int64_t{0x0102030405060708}})) == "010807060504030201");
    CHECK(hex(key_to_wire({1.5})) == "02000000000000f83f");
    CHECK(hex(key_to_wire({-0.0})) == "020000000000000080");
    CHECK(hex(key_to_wire({false, true})) == "0304");
    CHECK(hex(key_to_wire({std::string()})) == "0500000000");
    CHECK(hex(key_to_wire({std::string("a\0", 2)})) == "050200000061000000");
    CHECK(hex(key_to_wire({std::string("\xC3\xA9")})) == "0501000000e900");
    CHECK(hex(key_to_wire({std::string("\xEF\xBB\xBF")})) == "0501000000fffe");
    CHECK(hex(key_to_wire({std::string("\xF0\x9F\x98\x80")})) == "05020000003dd800de");
    CHECK(hex(key_to_wire({Bytes{0x00, 0xFF}})) == "060200000000ff");
    CHECK(hex(key_to_wire({std::string("a"), Null{}})) == "0501000000610000");
  }

  TEST_CASE("keys come back as they were") {
    for (const KeyVector& vector : key_vectors()) {
      CAPTURE(vector.name);
      const auto key = key_from_wire(key_to_wire(vector.key));
      REQUIRE(key.ok());
      CHECK(same_key(*key, vector.key));
    }
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Key key = random_key(random, 6);
      const auto back = key_from_wire(key_to_wire(key));
      REQUIRE(back.ok());
      REQUIRE(same_key(*back, key));
    }
  }

  TEST_CASE("a lone surrogate is the user's mistake, and the error says which part") {
    CHECK(error_of("05 01000000 00d8") == ErrorCode::kInvalidKey);
    CHECK(error_of("05 01000000 ffdf") == ErrorCode::kInvalidKey);
    CHECK(error_of("05 02000000 00dc 00d8") == ErrorCode::kInvalidKey);
    CHECK(error_of("05 02000000 00d8 6100") == ErrorCode::kInvalidKey);
    CHECK(error_of("05 02000000 00d8 00d8") == ErrorCode::kInvalidKey);
    const auto key = key_from_wire(from_hex("00 03 05 01000000 00d8"));
    REQUIRE_FALSE(key.ok());
    CHECK(key.error().message.find("Part 2") != std::string::npos);
  }

  TEST_CASE("malformed bytes are ours") {
    for (const char* wire : {"07", "ff", "01", "01 00000000000000", "02", "02 00000000000000", "05",
                             "05 000000", "05 01000000", "05 01000000 61", "05 02000000 6100", "06",
                             "06 01000000", "06 02000000 00", "00 07", "05 00000000 08"}) {
      CAPTURE(wire);
      CHECK(error_of(wire) == ErrorCode::kInvalidRequest);
    }
  }

  TEST_CASE("a count too large for any memory is refused before it is made room for") {
    CHECK(error_of("05 ffffffff 6100") == ErrorCode::kInvalidRequest);
    CHECK(error_of("05 00000080 6100") == ErrorCode::kInvalidRequest);
    CHECK(error_of("05 01000080 6100") == ErrorCode::kInvalidRequest);
    CHECK(error_of("06 ffffffff 61") == ErrorCode::kInvalidRequest);
  }

  TEST_CASE("damaged wires do no harm") {
    for (const KeyVector& vector : key_vectors()) {
      const Bytes wire = key_to_wire(vector.key);
      for (std::size_t size = 0; size < wire.size(); ++size)
        check_survives(ByteView(wire).first(size));
    }
    for (std::uint64_t seed = 1; seed <= 20000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Bytes wire = key_to_wire(random_key(random, 3));
      for (std::uint64_t n = random.below(3); n > 0 && !wire.empty(); --n) {
        wire[random.below(wire.size())] = static_cast<std::uint8_t>(random.below(256));
      }
      check_survives(wire);
    }
  }
}

}  // namespace key_wire_test
