// Scans over entries with values in separate documents: a page holds only what its transaction can
// fetch.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "convex_kv/plans/cursor.hpp"
#include "convex_kv/plans/scan_plan.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace scan_values_test {

namespace {

constexpr int kMostPages = 2000;
constexpr std::uint32_t kSmall = 100;
constexpr std::uint32_t kInline = 900'000;
constexpr std::uint32_t kLarge = 8 << 20;

PlanRun run_page(SimulatedTable& table, const KeyRange& range, const std::string& cursor,
                 std::int64_t limit, TransactionLimits limits) {
  std::optional<Bytes> after;
  if (!cursor.empty()) after = *decode_cursor(cursor, range);
  ScanPlan plan = ScanPlan::page(range, after, limit, Budget::for_scan(limits));
  return run_plan(plan, table, limits, kNow);
}

PlanRun run_all(SimulatedTable& table, TransactionLimits limits) {
  ScanPlan plan = ScanPlan::all(*prefix_range({}), Budget::for_scan(limits));
  return run_plan(plan, table, limits, kNow);
}

TransactionLimits random_limits(Random& random) {
  return {random.between(0, kTransactionBytesRead), random.between(0, 60), 0,
          random.between(0, 40)};
}

std::int64_t cost_of(const std::vector<Row>& rows) {
  std::int64_t sum = 0;
  for (const Row& row : rows) sum += std::int64_t{row.size} + row.value_bytes;
  return sum;
}

// Lists `range` with pages of `limit` (0: of any length), in transactions of any room; if one has
// too little, the next has all of it. Returns how many pages it took.
int check_listing(SimulatedTable& table, const KeyRange& range, std::int64_t limit, Random& random,
                  int tight_percent) {
  const std::vector<Row> live = live_rows(table, range, kNow);
  std::string cursor;
  std::size_t seen = 0;
  bool need_room = false;
  for (int pages = 1; pages < kMostPages; ++pages) {
    const bool tight = !need_room && random.chance(tight_percent);
    const TransactionLimits limits = tight ? random_limits(random) : kPlatformLimits;
    const std::int64_t length = limit > 0 ? limit : random.between(1, 30);
    const PlanRun run = run_page(table, range, cursor, length, limits);
    if (std::holds_alternative<KvError>(run.end)) {
      REQUIRE(run.error().code == ErrorCode::kTransactionFull);
      if (!tight) FAIL("a fresh transaction is full at entry ", seen, " of ", live.size());
      need_room = true;
      continue;
    }
    need_room = false;
    REQUIRE(run.page.size() <= static_cast<std::size_t>(length));
    REQUIRE(seen + run.page.size() <= live.size());
    for (std::size_t i = 0; i < run.page.size(); ++i) {
      if (run.page[i].path != live[seen + i].path) FAIL("not the entry that comes next");
    }
    seen += run.page.size();
    if (run.page_done().is_done) {
      REQUIRE(seen == live.size());
      return pages;
    }
    REQUIRE(run.page_done().cursor != cursor);
    // Only behind expired entries is there a page of none.
    if (run.page.empty()) {
      REQUIRE_FALSE(run.read.empty());
      REQUIRE(run.read.front().expires_at.has_value());
      REQUIRE(*run.read.front().expires_at <= kNow);
    }
    cursor = run.page_done().cursor;
  }
  FAIL("the listing does not end");
  return kMostPages;
}

Row mixed_row(Random& random, std::int64_t n) {
  switch (random.below(3)) {
    case 0:
      return plain_row({n}, kSmall);
    case 1:
      return plain_row({n}, kInline);
    default:
      return external_row({n}, kSmall, kLarge);
  }
}

}  // namespace

TEST_SUITE("scan_plan, external values") {
  TEST_CASE("pages one after another are the live entries, in order, and every page fits") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.expired = static_cast<int>(random.below(60));
      choices.large = static_cast<int>(random.below(30));
      choices.external = static_cast<int>(random.below(100));
      fill(table, random, 80, choices);
      check_listing(table, *prefix_range(random_path(random, 1)), 0, random, 60);
    }
  }

  TEST_CASE("so are entries of 100 bytes, of 900 KB and of 8 MiB external, in any order") {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      for (std::int64_t n = 0; n < 40; ++n) table.put(mixed_row(random, n));
      check_listing(table, *prefix_range({}), 0, random, 40);
    }
  }

  TEST_CASE("a first entry of 8 MiB fits a fresh transaction, whatever follows and is wanted") {
    for (const std::int64_t limit : {1, 2, 10, 100, 8192}) {
      for (const std::uint32_t size : {kSmall, kInline, std::uint32_t{kMaxDocumentBytes}}) {
        for (const std::uint32_t value : {kLarge, kLargestValue}) {
          for (const bool expired : {false, true}) {
            CAPTURE(limit);
            CAPTURE(size);
            CAPTURE(value);
            CAPTURE(expired);
            SimulatedTable table;
            table.put(external_row({std::int64_t{0}}, kSmall, value));
            for (std::int64_t n = 1; n < 40; ++n) {
              Row row = plain_row({n}, size);
              if (expired) row.expires_at = kNow;
              table.put(row);
            }
            const PlanRun run = run_page(table, *prefix_range({}), "", limit, kPlatformLimits);
            CAPTURE(run.read.size());
            if (std::holds_alternative<KvError>(run.end))
              FAIL_CHECK(run.error().message);
            else
              CHECK(run.page.size() >= 1);
          }
        }
      }
    }
  }

  TEST_CASE("and where the room is not known") {
    for (const std::uint32_t value : {kLarge, kLargestValue}) {
      CAPTURE(value);
      SimulatedTable table;
      table.put(external_row({std::int64_t{0}}, kSmall, value));
      for (std::int64_t n = 1; n < 20; ++n) table.put(plain_row({n}, kInline));
      ScanPlan plan = ScanPlan::page(*prefix_range({}), {}, 100, Budget::for_scan({}));
      const PlanRun run = run_plan(plan, table, kPlatformLimits, kNow);
      if (std::holds_alternative<KvError>(run.end)) FAIL_CHECK(run.error().message);
    }
  }

  TEST_CASE("too little room is an error, never an empty page") {
    SimulatedTable table;
    table.put(external_row({std::int64_t{0}}, kSmall, kLarge));
    table.put(plain_row({std::int64_t{1}}, kSmall));
    const auto code = [&](TransactionLimits limits) {
      return run_page(table, *prefix_range({}), "", 5, limits).error().code;
    };
    CHECK(code({kLarge + kSmall, 100, 0, 100}) == ErrorCode::kTransactionFull);
    CHECK(code({kTransactionBytesRead, 9, 0, 100}) == ErrorCode::kTransactionFull);
    CHECK(code({kTransactionBytesRead, 100, 0, 9}) == ErrorCode::kTransactionFull);
    for (const TransactionLimits& limits : {TransactionLimits{kLarge + kSmall, 100, 0, 100},
                                            {kTransactionBytesRead, 9, 0, 100},
                                            {kTransactionBytesRead, 100, 0, 9}}) {
      CHECK(run_all(table, limits).error().code == ErrorCode::kTooManyEntries);
    }
    const TransactionLimits enough{kLarge + 2 * kSmall + kMaxDocumentBytes + 1, 12, 0, 20};
    CHECK(run_page(table, *prefix_range({}), "", 5, enough).page.size() == 2);
    CHECK(run_all(table, enough).page.size() == 2);
  }

  TEST_CASE("all of them, or too_many_entries where they do not fit") {
    int fit = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.expired = static_cast<int>(random.below(60));
      choices.large = static_cast<int>(random.below(10));
      choices.external = static_cast<int>(random.below(100));
      choices.largest_value = 1 << 20;
      fill(table, random, 30, choices);
      const PlanRun run =
          run_all(table, random.chance(50) ? kPlatformLimits : random_limits(random));
      if (std::holds_alternative<KvError>(run.end)) {
        REQUIRE(run.error().code == ErrorCode::kTooManyEntries);
        continue;
      }
      const std::vector<Row> live = live_rows(table, *prefix_range({}), kNow);
      REQUIRE(run.page.size() == live.size());
      for (std::size_t i = 0; i < live.size(); ++i) REQUIRE(run.page[i].path == live[i].path);
      fit += live.empty() ? 0 : 1;
    }
    CHECK(fit > 50);
  }

  TEST_CASE("values are no reason for many more pages than they fill") {
    for (const std::uint32_t value : {3000U, 50'000U, 400'000U, 999'999U, 3'000'000U, kLarge}) {
      CAPTURE(value);
      SimulatedTable table;
      for (std::int64_t n = 0; n < 120; ++n) table.put(external_row({n}, kSmall, value));
      const std::vector<Row> live = live_rows(table, *prefix_range({}), kNow);
      const std::int64_t per_page =
          std::min<std::int64_t>(60, kTransactionBytesRead / (kSmall + std::int64_t{value}));
      Random random(value);
      const int pages = check_listing(table, *prefix_range({}), 60, random, 0);
      CHECK(pages <= (120 + per_page - 1) / per_page + 1);
      CHECK(cost_of(live) <= pages * kTransactionBytesRead);
    }
  }

  TEST_CASE("one document of a value is one query, and 4,096 are all there are") {
    SimulatedTable table;
    for (std::int64_t n = 0; n < 5000; ++n) table.put(external_row({n}, kSmall, 2100));
    const PlanRun run = run_page(table, *prefix_range({}), "", kMaxArrayLength, kPlatformLimits);
    CHECK(run.page.size() <= 4095);
    CHECK(run.page.size() >= 4000);
    CHECK_FALSE(run.page_done().is_done);
  }
}

}  // namespace scan_values_test
