#include "convex_kv/keys/sort_key.hpp"

#include <doctest/doctest.h>

#include <string>

#include "convex_kv/base/limits.hpp"
#include "support/hex.hpp"
#include "support/random_key.hpp"
#include "support/vectors.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace sort_key_test {

namespace {

// A key whose encoding takes exactly `size` bytes, 3 or more: tag, text, end.
Key key_of_size(std::size_t size) { return {std::string(size - 2, 'x')}; }

// Decoding `bytes` either fails, or they are the one encoding of what it gives.
void check_decodes_to_itself(ByteView bytes) {
  const auto key = decode_sort_key(bytes);
  if (!key) {
    if (key.error().code != ErrorCode::kInvalidKey) FAIL("wrong code for ", hex(bytes));
    return;
  }
  const auto again = encode_sort_key(*key);
  if (!again || hex(*again) != hex(bytes)) FAIL("a second spelling: ", hex(bytes));
}

void check_damaged(const Bytes& bytes) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    check_decodes_to_itself(ByteView(bytes).first(size));
  }
  Bytes mutant = bytes;
  for (std::size_t i = 0; i < mutant.size(); ++i) {
    for (int change = 1; change < 256; ++change) {
      mutant[i] = static_cast<std::uint8_t>(bytes[i] ^ change);
      check_decodes_to_itself(mutant);
    }
    mutant[i] = bytes[i];
  }
}

}  // namespace

TEST_SUITE("sort_key") {
  TEST_CASE("each vector encodes to exactly its bytes, and back") {
    for (const KeyVector& vector : key_vectors()) {
      CAPTURE(vector.name);
      const auto bytes = encode_sort_key(vector.key);
      REQUIRE(bytes.ok());
      CHECK(hex(*bytes) == hex(vector.bytes));
      const auto key = decode_sort_key(vector.bytes);
      REQUIRE(key.ok());
      CHECK(same_key(*key, vector.key));
    }
  }

  TEST_CASE("no two vectors share their bytes") {
    for (const KeyVector& a : key_vectors()) {
      for (const KeyVector& b : key_vectors()) {
        if (&a != &b && a.bytes == b.bytes) FAIL(a.name, " and ", b.name);
      }
    }
  }

  TEST_CASE("hostile bytes are invalid keys") {
    for (const HostileVector& vector : hostile_vectors()) {
      CAPTURE(vector.name);
      const auto key = decode_sort_key(vector.bytes);
      REQUIRE_FALSE(key.ok());
      CHECK(key.error().code == ErrorCode::kInvalidKey);
      CHECK_FALSE(key.error().message.empty());
    }
  }

  TEST_CASE("damaged encodings fail, or are the one encoding of another key") {
    for (const KeyVector& vector : key_vectors()) {
      CAPTURE(vector.name);
      check_damaged(vector.bytes);
    }
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      check_damaged(*encode_sort_key(random_key(random, 4)));
    }
  }

  TEST_CASE("noise fails, or is the one encoding of a key") {
    static const std::vector<std::uint8_t> bytes_of_note{0x00, 0x03, 0x06, 0x08, 0x09, 0x0A, 0x0D,
                                                         0x10, 0x11, 0x61, 0x80, 0xC3, 0xFF};
    for (std::uint64_t seed = 1; seed <= 20000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Bytes bytes;
      for (std::uint64_t n = random.below(12); n > 0; --n)
        bytes.push_back(random.pick(bytes_of_note));
      check_decodes_to_itself(bytes);
    }
  }

  TEST_CASE("random keys come back as they were") {
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Key key = random_key(random, 6);
      const auto bytes = encode_sort_key(key);
      REQUIRE(bytes.ok());
      const auto back = decode_sort_key(*bytes);
      REQUIRE(back.ok());
      REQUIRE(same_key(*back, key));
    }
  }

  TEST_CASE("a key takes at most kMaxKeyBytes") {
    const auto longest = encode_sort_key(key_of_size(kMaxKeyBytes));
    REQUIRE(longest.ok());
    CHECK(longest->size() == kMaxKeyBytes);
    CHECK(decode_sort_key(*longest).ok());

    const auto too_long = encode_sort_key(key_of_size(kMaxKeyBytes + 1));
    REQUIRE_FALSE(too_long.ok());
    CHECK(too_long.error().code == ErrorCode::kInvalidKey);
    CHECK(too_long.error().message.find("2048") != std::string::npos);
    CHECK_FALSE(decode_sort_key(Bytes(kMaxKeyBytes + 1, 0x03)).ok());
    CHECK(decode_sort_key(Bytes(kMaxKeyBytes, 0x03)).ok());
  }

  TEST_CASE("the limit counts what the bytes take, over all parts") {
    CHECK(encode_sort_key(Key(kMaxKeyBytes, Null{})).ok());
    CHECK_FALSE(encode_sort_key(Key(kMaxKeyBytes + 1, Null{})).ok());
    // Each 00 takes two bytes.
    const std::size_t zeros = (kMaxKeyBytes - 2) / 2;
    CHECK(encode_sort_key({std::string(zeros, '\0')}).ok());
    CHECK_FALSE(encode_sort_key({std::string(zeros + 1, '\0')}).ok());
    CHECK(encode_sort_key({Bytes(zeros, 0)}).ok());
    CHECK_FALSE(encode_sort_key({Bytes(zeros + 1, 0)}).ok());
    CHECK_FALSE(encode_sort_key({std::string(1 << 20, 'x')}).ok());
  }

  TEST_CASE("the root is a prefix, but no place for an entry") {
    REQUIRE(encode_sort_key({}).ok());
    CHECK(encode_sort_key({})->empty());
    const auto entry = encode_entry_key({});
    REQUIRE_FALSE(entry.ok());
    CHECK(entry.error().code == ErrorCode::kInvalidKey);
    CHECK(encode_entry_key({std::string()}).ok());
    CHECK(hex(*encode_entry_key({std::string("a")})) == "106100");
    CHECK_FALSE(encode_entry_key(key_of_size(kMaxKeyBytes + 1)).ok());
  }
}

}  // namespace sort_key_test
