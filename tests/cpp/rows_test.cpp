#include "convex_kv/budget/rows.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "support/hex.hpp"
#include "support/random.hpp"
#include "support/rows_wire.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace rows_test {

namespace {

// One row: expires at 1.5, made at 2, epoch 3, size 4, a value of 5 bytes in 6 documents, path
// 1061 00.
constexpr const char* kRow =
    "000000000000f83f 0000000000000040 03000000 04000000 05000000 06000000 03000000 106100";

std::optional<Rows> rows_of(const std::string& digits) { return rows_from_wire(from_hex(digits)); }

bool same_row(const Row& a, const Row& b) {
  return a.expires_at == b.expires_at && a.creation_time == b.creation_time && a.epoch == b.epoch &&
         a.size == b.size && a.path == b.path && a.value_bytes == b.value_bytes &&
         a.value_documents == b.value_documents;
}

Row random_row(Random& random) {
  Row row{std::nullopt,
          static_cast<double>(random.below(1000)) / 8,
          static_cast<std::uint32_t>(random.bits()),
          static_cast<std::uint32_t>(random.bits()),
          {},
          static_cast<std::uint32_t>(random.bits()),
          static_cast<std::uint32_t>(random.bits())};
  if (random.chance(50)) row.expires_at = static_cast<double>(random.between(-50, 50)) / 4;
  for (std::uint64_t n = random.below(20); n > 0; --n) {
    row.path.push_back(static_cast<std::uint8_t>(random.bits()));
  }
  return row;
}

}  // namespace

TEST_SUITE("rows") {
  TEST_CASE("rows: exact bytes") {
    const auto rows = rows_of("00" + std::string(kRow));
    REQUIRE(rows.has_value());
    CHECK_FALSE(rows->exhausted);
    REQUIRE(rows->rows.size() == 1);
    CHECK(same_row(rows->rows[0], {1.5, 2, 3, 4, from_hex("106100"), 5, 6}));
  }

  TEST_CASE("no rows") {
    REQUIRE(rows_of("01").has_value());
    CHECK(rows_of("01")->exhausted);
    CHECK(rows_of("01")->rows.empty());
    CHECK(rows_of("01")->bytes() == 0);
    CHECK_FALSE(rows_of("00")->exhausted);
  }

  TEST_CASE("NaN says that a row never expires, 0 and the infinities are times") {
    const std::string rest = " 0000000000000000 00000000 00000000 00000000 00000000 00000000";
    CHECK_FALSE(rows_of("01 000000000000f87f" + rest)->rows[0].expires_at.has_value());
    CHECK_FALSE(rows_of("01 010000000000f0ff" + rest)->rows[0].expires_at.has_value());
    CHECK(rows_of("01 0000000000000000" + rest)->rows[0].expires_at == 0.0);
    CHECK(rows_of("01 000000000000f0ff" + rest)->rows[0].expires_at ==
          -std::numeric_limits<double>::infinity());
  }

  TEST_CASE("bytes() is the sum of the sizes, beyond 32 bits too") {
    const Row large{std::nullopt, 0, 0, std::numeric_limits<std::uint32_t>::max(), {}};
    CHECK(Rows{{large, large, large}, true}.bytes() == 3 * std::int64_t{4294967295});
  }

  TEST_CASE("rows come back as they were") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Rows rows{{}, random.chance(50)};
      for (std::uint64_t n = random.below(8); n > 0; --n) rows.rows.push_back(random_row(random));
      const auto back = rows_from_wire(rows_to_wire(rows));
      REQUIRE(back.has_value());
      REQUIRE(back->exhausted == rows.exhausted);
      REQUIRE(back->rows.size() == rows.rows.size());
      for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        REQUIRE(same_row(back->rows[i], rows.rows[i]));
      }
    }
  }

  TEST_CASE("rows: malformed wires") {
    CHECK_FALSE(rows_of("").has_value());
    CHECK_FALSE(rows_of("02").has_value());
    CHECK_FALSE(rows_of("ff").has_value());
    CHECK_FALSE(rows_of("01 00").has_value());
    // A path longer than what is left, up to the longest that the length can state.
    const std::string head =
        "01 0000000000000000 0000000000000000 00000000 00000000 00000000 00000000 ";
    CHECK_FALSE(rows_of(head + "01000000").has_value());
    CHECK_FALSE(rows_of(head + "ffffffff 00").has_value());
    CHECK_FALSE(rows_of(head + "00000080 00").has_value());
  }

  TEST_CASE("every truncation is malformed, but for the one between two rows") {
    const Bytes wire = from_hex("01" + std::string(kRow) + std::string(kRow));
    const std::size_t row_size = (wire.size() - 1) / 2;
    for (std::size_t size = 0; size < wire.size(); ++size) {
      CAPTURE(size);
      // A copy of its own, so that the sanitizer sees where it ends.
      const Bytes cut(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK(rows_from_wire(cut).has_value() == (size == 1 || size == 1 + row_size));
    }
  }
}

}  // namespace rows_test
