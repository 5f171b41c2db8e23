#include "convex_kv/budget/budget.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <vector>

#include "convex_kv/base/limits.hpp"
#include "support/plan_runner.hpp"
#include "support/random.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace budget_test {

namespace {

constexpr std::int64_t kMany = 1'000'000'000;

struct Reach {
  std::int64_t rows;
  std::int64_t bytes;
};

// How far a first read may go.
Reach reach_of(const Budget& budget, RowUse use) {
  const auto allowance = budget.allow(kMany, use);
  return allowance ? Reach{allowance->rows, allowance->bytes} : Reach{0, 0};
}

TransactionLimits random_limits(Random& random) {
  return {random.between(0, 8 * kMaxDocumentBytes), random.between(0, 100), random.between(0, 60),
          random.between(0, 20)};
}

Row row_of(std::uint32_t size, std::uint32_t value_bytes = 0, std::uint32_t value_documents = 0) {
  return {std::nullopt, 0, 0, size, {}, value_bytes, value_documents};
}

// Spends `budget` as a plan would, with rows as large as can be, and fails if that takes more than
// `limits`. Returns how many rows it came to.
std::int64_t spend_all(Budget budget, TransactionLimits limits, RowUse use, Random& random) {
  std::int64_t total = 0;
  while (const auto allowance = budget.allow(random.between(1, 40), use)) {
    std::vector<Row> rows;
    std::int64_t bytes = 0;
    while (std::ssize(rows) < allowance->rows && bytes < allowance->bytes) {
      Row row = row_of(static_cast<std::uint32_t>(random.chance(50) ? kMaxDocumentBytes
                                                                    : random.between(1, 5000)));
      if (random.chance(30)) {
        row.value_documents = static_cast<std::uint32_t>(random.between(1, 13));
        row.value_bytes = row.value_documents * static_cast<std::uint32_t>(random.below(1'000'000));
      }
      bytes += row.size;
      rows.push_back(row);
    }
    budget.spend_query(std::ssize(rows), bytes);
    limits.queries -= 1;
    limits.documents_read -= std::ssize(rows);
    limits.bytes_read -= bytes;
    bool full = false;
    for (const Row& row : rows) {
      const std::int64_t documents = row.value_documents;
      if (full || random.chance(30)) continue;
      if (use == RowUse::kDelete) {
        full = !budget.spend_write(cost_of_delete(row));
        if (full) continue;
        limits.documents_read -= 1 + documents;
        limits.documents_written -= 1 + documents;
        limits.bytes_read -= row.size + std::int64_t{row.value_bytes};
      } else if (budget.spend_value(row.value_bytes, documents)) {
        limits.documents_read -= documents;
        limits.queries -= documents;
        limits.bytes_read -= row.value_bytes;
      }
    }
    total += std::ssize(rows);
    if (full) return total;
    if (limits.queries < 0 || limits.documents_read < 0 || limits.bytes_read < 0 ||
        limits.documents_written < 0) {
      FAIL("more than the room there was");
    }
  }
  return total;
}

}  // namespace

TEST_SUITE("budget") {
  TEST_CASE("a scan may use all the room, or half of the limits where none is known") {
    // The first read of all may have to end sooner; see scan_values_test.cpp.
    const auto reach_after_one = [](Budget budget) {
      budget.spend_query(1, 1);
      return reach_of(budget, RowUse::kReturn);
    };
    const Reach whole = reach_after_one(Budget::for_scan(kPlatformLimits));
    CHECK(whole.rows == kTransactionDocumentsRead - 1);
    CHECK(whole.bytes == kTransactionBytesRead - 1 - kMaxDocumentBytes);
    const Reach half = reach_after_one(Budget::for_scan(std::nullopt));
    CHECK(half.rows == kTransactionDocumentsRead / 2 - 1);
    CHECK(half.bytes == kTransactionBytesRead / 2 - 1 - kMaxDocumentBytes);
  }

  TEST_CASE("a deletion reads each row twice and writes it once") {
    const Reach reach =
        reach_of(Budget::for_scan(TransactionLimits{10 << 20, 100, 1000, 10}), RowUse::kDelete);
    CHECK(reach.rows == 50);
    CHECK(reach.bytes == (5 << 20) - kMaxDocumentBytes);
    CHECK(
        reach_of(Budget::for_scan(TransactionLimits{10 << 20, 100, 7, 10}), RowUse::kDelete).rows ==
        7);
  }

  TEST_CASE("no more rows than wanted") {
    CHECK(Budget::for_scan(kPlatformLimits).allow(3, RowUse::kReturn)->rows == 3);
    CHECK(Budget::for_scan(kPlatformLimits).allow(1, RowUse::kDelete)->rows == 1);
  }

  TEST_CASE("each limit alone ends it") {
    const auto allowed = [](TransactionLimits limits, RowUse use) {
      return Budget::for_scan(limits).allow(1, use).has_value();
    };
    CHECK(allowed({kMaxDocumentBytes + 1, 1, 0, 1}, RowUse::kReturn));
    CHECK_FALSE(allowed({kMaxDocumentBytes, 1, 0, 1}, RowUse::kReturn));
    CHECK_FALSE(allowed({kMaxDocumentBytes + 1, 0, 0, 1}, RowUse::kReturn));
    CHECK_FALSE(allowed({kMaxDocumentBytes + 1, 1, 0, 0}, RowUse::kReturn));
    CHECK(allowed({2 * kMaxDocumentBytes + 2, 2, 1, 1}, RowUse::kDelete));
    CHECK_FALSE(allowed({2 * kMaxDocumentBytes + 1, 2, 1, 1}, RowUse::kDelete));
    CHECK_FALSE(allowed({2 * kMaxDocumentBytes + 2, 1, 1, 1}, RowUse::kDelete));
    CHECK_FALSE(allowed({2 * kMaxDocumentBytes + 2, 2, 0, 1}, RowUse::kDelete));
    CHECK_FALSE(allowed({2 * kMaxDocumentBytes + 2, 2, 1, 0}, RowUse::kDelete));
  }

  TEST_CASE("what is spent is gone") {
    Budget budget = Budget::for_scan(TransactionLimits{4 << 20, 100, 100, 3});
    budget.spend_query(10, 1000);
    CHECK(reach_of(budget, RowUse::kReturn).rows == 90);
    CHECK(reach_of(budget, RowUse::kReturn).bytes == (3 << 20) - 1000);
    for (int i = 0; i < 10; ++i) CHECK(budget.spend_write(cost_of_delete(row_of(100))));
    CHECK(reach_of(budget, RowUse::kReturn).rows == 80);
    CHECK(reach_of(budget, RowUse::kReturn).bytes == (3 << 20) - 2000);
    budget.spend_query(0, 0);
    budget.spend_query(0, 0);
    CHECK_FALSE(budget.allow(1, RowUse::kReturn).has_value());
  }

  TEST_CASE("a value takes bytes, documents and queries, or nothing where one of them is short") {
    Budget budget = Budget::for_scan(TransactionLimits{4 << 20, 100, 0, 10});
    CHECK_FALSE(budget.spend_value((4 << 20) + 1, 1));
    CHECK_FALSE(budget.spend_value(1, 11));
    CHECK(budget.spend_value(1 << 20, 4));
    const Reach left = reach_of(budget, RowUse::kReturn);
    CHECK(left.rows == 96);
    CHECK(left.bytes == (3 << 20) - kMaxDocumentBytes);
    CHECK_FALSE(budget.spend_value(1, 7));
    CHECK_FALSE(budget.spend_value((3 << 20) + 1, 6));
    CHECK(budget.spend_value(3 << 20, 6));
    CHECK_FALSE(budget.spend_value(1, 0));
    CHECK(budget.spend_value(0, 0));
    CHECK_FALSE(Budget::for_scan(TransactionLimits{4 << 20, 3, 0, 10}).spend_value(1, 4));
  }

  TEST_CASE("a deletion takes the row's bytes again, and its value's documents, or nothing") {
    const auto fits = [](TransactionLimits limits) {
      Budget budget = Budget::for_scan(limits);
      const bool first = budget.spend_write(cost_of_delete(row_of(1000, 5000, 3)));
      if (first) CHECK_FALSE(budget.spend_write(cost_of_delete(row_of(1))));
      return first;
    };
    CHECK(fits({6000, 4, 4, 0}));
    CHECK_FALSE(fits({5999, 4, 4, 0}));
    CHECK_FALSE(fits({6000, 3, 4, 0}));
    CHECK_FALSE(fits({6000, 4, 3, 0}));
  }

  TEST_CASE("only the first deletion may take what a batch that shrank leaves alone") {
    const Row large = row_of(1000, 8 << 20, 9);
    for (int failures = 0; failures <= 30; ++failures) {
      CAPTURE(failures);
      Budget budget = Budget::for_background(kPlatformLimits, failures);
      CHECK(budget.spend_write(cost_of_delete(large)));
      CHECK_FALSE(budget.spend_write(cost_of_delete(large)));
      CHECK(budget.spend_write(cost_of_delete(row_of(100))) == (failures == 0));
      // Never more than there is.
      CHECK_FALSE(Budget::for_background(TransactionLimits{8 << 20, 100, 100, 100}, failures)
                      .spend_write(cost_of_delete(large)));
      CHECK_FALSE(Budget::for_background(TransactionLimits{16 << 20, 32 + 9, 100, 100}, failures)
                      .spend_write(cost_of_delete(large)));
      CHECK_FALSE(Budget::for_background(TransactionLimits{16 << 20, 100, 32 + 9, 100}, failures)
                      .spend_write(cost_of_delete(large)));
    }
    CHECK(Budget::for_background({}, 0).spend_write(cost_of_delete(large)));
  }

  TEST_CASE("a caller keeps an eighth of the limits, and its time") {
    const Reach reach = reach_of(Budget::for_caller(kPlatformLimits), RowUse::kDelete);
    CHECK(reach.rows <= 12000);
    CHECK(reach.rows * 2 <= kTransactionDocumentsRead / 8 * 7);
    CHECK((reach.bytes + kMaxDocumentBytes) * 2 <= kTransactionBytesRead / 8 * 7);
    CHECK(reach_of(Budget::for_caller(std::nullopt), RowUse::kDelete).rows ==
          kTransactionDocumentsWritten / 4);
  }

  TEST_CASE("of low limits a caller keeps half, and what starts background work") {
    const auto rows = [](std::int64_t read, std::int64_t written) {
      const TransactionLimits limits{kTransactionBytesRead, read, written, kTransactionQueries};
      return reach_of(Budget::for_caller(limits), RowUse::kDelete).rows;
    };
    CHECK(rows(100, 50) == 25);
    CHECK(rows(32000, 50) == 25);
    CHECK(rows(100, 16000) == 25);
    CHECK(rows(32000, 20) == 4);
    CHECK(rows(32000, 17) == 1);
    CHECK(rows(18, 16000) == 1);
    CHECK(rows(32000, 16) == 0);
    CHECK(rows(17, 16000) == 0);
    CHECK(rows(0, 0) == 0);
    CHECK(rows(-5, -5) == 0);
    // It never does less for more room.
    for (std::int64_t written = 0; written < 9000; ++written) {
      REQUIRE(rows(32000, written + 1) >= rows(32000, written));
    }
    const auto queries = [](std::int64_t queries) {
      const TransactionLimits limits{kTransactionBytesRead, 32000, 16000, queries};
      return Budget::for_caller(limits).allow(1, RowUse::kDelete).has_value();
    };
    CHECK(queries(17));
    CHECK_FALSE(queries(16));
    const auto bytes = [](std::int64_t bytes) {
      const TransactionLimits limits{bytes, 32000, 16000, 4096};
      return reach_of(Budget::for_caller(limits), RowUse::kDelete).bytes;
    };
    // Room for a whole document, twice, is kept beside it: any row may be one.
    CHECK(bytes(4 * kMaxDocumentBytes + 2) == 1);
    CHECK(bytes(4 * kMaxDocumentBytes) == 0);
  }

  TEST_CASE("a background batch halves with each failure, but always can take one row") {
    Reach before = reach_of(Budget::for_background(kPlatformLimits, 0), RowUse::kDelete);
    CHECK(before.rows == 12000);
    for (int failures = 1; failures <= 40; ++failures) {
      CAPTURE(failures);
      for (const auto limits :
           {std::optional(kPlatformLimits), std::optional<TransactionLimits>()}) {
        CHECK(Budget::for_background(limits, failures).allow(1, RowUse::kDelete).has_value());
      }
      const Reach reach =
          reach_of(Budget::for_background(kPlatformLimits, failures), RowUse::kDelete);
      CHECK(reach.rows == std::max<std::int64_t>(before.rows / 2, 1));
      CHECK(reach.bytes <= before.bytes);
      CHECK(reach.bytes >= 1);
      before = reach;
    }
    CHECK(before.rows == 1);
  }

  TEST_CASE("a background batch takes nothing where there is no room") {
    for (int failures = 0; failures < 30; ++failures) {
      CAPTURE(failures);
      for (const TransactionLimits& limits :
           {TransactionLimits{0, 32000, 16000, 4096}, TransactionLimits{16 << 20, 0, 16000, 4096},
            TransactionLimits{16 << 20, 32000, 0, 4096},
            TransactionLimits{16 << 20, 32000, 16000, 0}}) {
        CHECK_FALSE(Budget::for_background(limits, failures).allow(1, RowUse::kDelete).has_value());
      }
    }
  }

  TEST_CASE("no budget ever goes beyond its room") {
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const TransactionLimits limits = random_limits(random);
      spend_all(Budget::for_scan(limits), limits, RowUse::kReturn, random);
      spend_all(Budget::for_background(limits, static_cast<int>(random.below(25))), limits,
                RowUse::kDelete, random);
      spend_all(Budget::for_caller(kPlatformLimits), kPlatformLimits, RowUse::kDelete, random);
      spend_all(Budget::for_caller(limits), limits, RowUse::kDelete, random);
    }
  }

  TEST_CASE("without known room, none goes beyond the platform's limits") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      CHECK(spend_all(Budget::for_scan({}), kPlatformLimits, RowUse::kReturn, random) > 0);
      CHECK(spend_all(Budget::for_caller({}), kPlatformLimits, RowUse::kDelete, random) > 0);
      CHECK(spend_all(Budget::for_background({}, 0), kPlatformLimits, RowUse::kDelete, random) > 0);
    }
  }
}

}  // namespace budget_test
