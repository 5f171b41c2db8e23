// All entries at once: every live one, or an error that names list, never a silent cut.
#include <doctest/doctest.h>

#include <string>

#include "convex_kv/plans/scan_plan.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace scan_all_test {

namespace {

PlanRun run_all(SimulatedTable& table, const KeyRange& range,
                std::optional<TransactionLimits> limits) {
  ScanPlan plan = ScanPlan::all(range, Budget::for_scan(limits));
  return run_plan(plan, table, limits.value_or(kPlatformLimits), kNow);
}

void put_numbered(SimulatedTable& table, std::int64_t first, std::int64_t last, std::uint32_t size,
                  bool expired) {
  for (std::int64_t i = first; i < last; ++i) {
    Row row = plain_row({i}, size);
    if (expired) row.expires_at = kNow - 1;
    table.put(row);
  }
}

void check_too_many(const PlanRun& run) {
  CHECK(run.error().code == ErrorCode::kTooManyEntries);
  CHECK(run.error().message.find("list") != std::string::npos);
}

}  // namespace

TEST_SUITE("scan_plan, all") {
  TEST_CASE("every live entry of the range, in order, or an error where the budget ends") {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.expired = static_cast<int>(random.below(90));
      choices.large = static_cast<int>(random.below(30));
      fill(table, random, 80, choices);
      const KeyRange range = *prefix_range(random_path(random, 2));
      std::optional<TransactionLimits> limits;
      if (random.chance(70)) {
        limits = TransactionLimits{random.between(0, kTransactionBytesRead), random.between(0, 100),
                                   0, random.between(0, 30)};
      }
      const PlanRun run = run_all(table, range, limits);
      if (std::holds_alternative<KvError>(run.end)) {
        check_too_many(run);
        if (limits) REQUIRE_FALSE(run.has_room());
        continue;
      }
      REQUIRE(run.page_done().is_done);
      REQUIRE(run.page_done().cursor.empty());
      const std::vector<Row> live = live_rows(table, range, kNow);
      REQUIRE(run.page.size() == live.size());
      for (std::size_t i = 0; i < live.size(); ++i) {
        if (run.page[i].path != live[i].path) FAIL("entry ", i);
      }
    }
  }

  TEST_CASE("8,192 entries are all there, with one more it is an error") {
    SimulatedTable table;
    put_numbered(table, 0, kMaxArrayLength, 100, false);
    const PlanRun run = run_all(table, *prefix_range({}), kPlatformLimits);
    CHECK(run.page_done().is_done);
    CHECK(run.page.size() == kMaxArrayLength);
    CHECK(run.clock_asks == 0);
    put_numbered(table, -1, 0, 100, false);
    const PlanRun more = run_all(table, *prefix_range({}), kPlatformLimits);
    check_too_many(more);
    CHECK(more.error().message.find("8192") != std::string::npos);
  }

  TEST_CASE("expired entries do not count towards the 8,192") {
    SimulatedTable table;
    put_numbered(table, -2000, 0, 100, true);
    put_numbered(table, 0, kMaxArrayLength, 100, false);
    put_numbered(table, kMaxArrayLength, kMaxArrayLength + 2000, 100, true);
    const PlanRun run = run_all(table, *prefix_range({}), kPlatformLimits);
    CHECK(run.page.size() == kMaxArrayLength);
    CHECK(run.clock_asks == 1);
  }

  TEST_CASE("entries of more bytes than one transaction reads are an error") {
    SimulatedTable table;
    put_numbered(table, 0, 14, kMaxDocumentBytes, false);
    CHECK(run_all(table, *prefix_range({}), kPlatformLimits).page.size() == 14);
    put_numbered(table, 14, 17, kMaxDocumentBytes, false);
    const PlanRun run = run_all(table, *prefix_range({}), kPlatformLimits);
    check_too_many(run);
    CHECK(run.error().message.find("transaction") != std::string::npos);
  }

  TEST_CASE("a transaction without room is an error, not an empty answer") {
    SimulatedTable table;
    put_numbered(table, 0, 3, 100, false);
    check_too_many(run_all(table, *prefix_range({}), TransactionLimits{0, 0, 0, 0}));
    check_too_many(run_all(table, *prefix_range({}), TransactionLimits{16 << 20, 2, 0, 10}));
  }
}

}  // namespace scan_all_test
