#include "convex_kv/keys/sort_key.hpp"

#include <doctest/doctest.h>

#include <string>

#include "convex_kv/base/limits.hpp"
#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/vectors.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace sort_key_test {

namespace {

// A key whose encoding takes exactly `size` bytes, 3 or more: tag, text, end.
Key key_of_size(std::size_t size) { return {std::string(size - 2, 'x')}; }

}  // namespace

TEST_SUITE("sort_key") {
  TEST_CASE("each vector encodes to exactly its bytes") {
    for (const KeyVector& vector : key_vectors()) {
      CAPTURE(vector.name);
      const auto bytes = encode_sort_key(vector.key);
      REQUIRE(bytes.ok());
      CHECK(hex(*bytes) == hex(vector.bytes));
    }
  }

  TEST_CASE("no two vectors share their bytes") {
    for (const KeyVector& a : key_vectors()) {
      for (const KeyVector& b : key_vectors()) {
        if (&a != &b && a.bytes == b.bytes) FAIL(a.name, " and ", b.name);
      }
    }
  }

  TEST_CASE("a key takes at most kMaxKeyBytes") {
    const auto longest = encode_sort_key(key_of_size(kMaxKeyBytes));
    REQUIRE(longest.ok());
    CHECK(longest->size() == kMaxKeyBytes);

    const auto too_long = encode_sort_key(key_of_size(kMaxKeyBytes + 1));
    REQUIRE_FALSE(too_long.ok());
    CHECK(too_long.error().code == ErrorCode::kInvalidKey);
    CHECK(too_long.error().message.find("2048") != std::string::npos);
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
