#include "convex_kv/rules/value_place.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "convex_kv/base/limits.hpp"

using namespace convex_kv;

namespace value_place_test {

namespace {

constexpr std::int64_t kPart = 1'000'000;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

template <typename T>
void check_too_large(const Result<T>& result, const std::string& bytes, const std::string& most) {
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == ErrorCode::kInvalidValue);
  CAPTURE(result.error().message);
  CHECK(result.error().message.find(bytes) != std::string::npos);
  CHECK(result.error().message.find("at most " + most) != std::string::npos);
}

}  // namespace

TEST_SUITE("value_place") {
  TEST_CASE("small values stay with their entries, large ones go apart, larger ones in parts") {
    CHECK(*place_of_value(0) == ValuePlace::kWithEntry);
    CHECK(*place_of_value(2048) == ValuePlace::kWithEntry);
    CHECK(*place_of_value(2049) == ValuePlace::kApart);
    CHECK(*place_of_value(kPart) == ValuePlace::kApart);
    CHECK(*place_of_value(kPart + 1) == ValuePlace::kInParts);
    CHECK(*place_of_value(kMaxValueBytes) == ValuePlace::kInParts);
  }

  TEST_CASE("beyond 8 MiB a value is refused") {
    check_too_large(place_of_value(kMaxValueBytes + 1), "8388609", "8388608");
    check_too_large(place_of_value(kMost), std::to_string(kMost), "8388608");
  }

  TEST_CASE("as few parts as will do, none of more than a document") {
    CHECK(*parts_of_value(1) == 1);
    CHECK(*parts_of_value(kPart) == 1);
    CHECK(*parts_of_value(kPart + 1) == 2);
    CHECK(*parts_of_value(2 * kPart) == 2);
    CHECK(*parts_of_value(kMaxValueBytes) == 9);
    CHECK(*parts_of_value(kMaxStoredValueBytes) == 13);
    for (std::int64_t bytes = 1; bytes <= kMaxStoredValueBytes; bytes += 99'991) {
      const std::int64_t parts = *parts_of_value(bytes);
      REQUIRE((bytes + parts - 1) / parts <= kPart);
      REQUIRE((parts - 1) * kPart < bytes);
    }
  }

  TEST_CASE("beyond 12 MiB of text a value is refused") {
    check_too_large(parts_of_value(kMaxStoredValueBytes + 1), "12582913", "12582912");
    CHECK(parts_of_value(kMost).error().message.find("JSON") != std::string::npos);
  }
}

}  // namespace value_place_test
