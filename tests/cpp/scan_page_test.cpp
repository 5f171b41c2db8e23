// One page at a time: what it reads, what it asks, when it is the last.
#include <doctest/doctest.h>

#include "convex_kv/plans/scan_plan.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace scan_page_test {

namespace {

PlanRun run_page(SimulatedTable& table, std::int64_t limit,
                 TransactionLimits limits = kPlatformLimits) {
  ScanPlan plan = ScanPlan::page(*prefix_range({}), {}, limit, Budget::for_scan(limits));
  return run_plan(plan, table, limits, kNow);
}

void put_numbered(SimulatedTable& table, std::int64_t first, std::int64_t last,
                  std::optional<double> expires_at = {}) {
  for (std::int64_t i = first; i < last; ++i) {
    Row row = plain_row({std::string("k"), i}, 100);
    row.expires_at = expires_at;
    table.put(row);
  }
}

}  // namespace

TEST_SUITE("scan_plan, one page") {
  TEST_CASE("an empty range is one empty page") {
    SimulatedTable table;
    const PlanRun run = run_page(table, 10);
    CHECK(run.page_done().is_done);
    CHECK(run.page.empty());
    CHECK(run.asked.size() == 1);
    CHECK(run.clock_asks == 0);
  }

  TEST_CASE("a full page at the very end is the last one") {
    SimulatedTable table;
    put_numbered(table, 0, 5);
    const PlanRun run = run_page(table, 5);
    CHECK(run.page.size() == 5);
    CHECK(run.page_done().is_done);
    CHECK(run.page_done().cursor.empty());
  }

  TEST_CASE("one entry more makes another page") {
    SimulatedTable table;
    put_numbered(table, 0, 6);
    const PlanRun run = run_page(table, 5);
    CHECK(run.page.size() == 5);
    CHECK_FALSE(run.page_done().is_done);
    CHECK_FALSE(run.page_done().cursor.empty());
  }

  TEST_CASE("expired entries alone do not") {
    SimulatedTable table;
    put_numbered(table, 0, 5);
    put_numbered(table, 5, 30, kNow);
    const PlanRun run = run_page(table, 5);
    CHECK(run.page.size() == 5);
    CHECK(run.page_done().is_done);
    CHECK(run.clock_asks == 1);
  }

  TEST_CASE("expired entries take no room in a page") {
    SimulatedTable table;
    put_numbered(table, 0, 300, kNow - 1);
    put_numbered(table, 300, 310);
    const PlanRun run = run_page(table, 8);
    CHECK(run.page.size() == 8);
    CHECK_FALSE(run.page_done().is_done);
  }

  TEST_CASE("a small page behind many expired entries takes few queries") {
    SimulatedTable table;
    put_numbered(table, 0, 1);
    put_numbered(table, 1, 5000, kNow - 1);
    put_numbered(table, 5000, 5001);
    const PlanRun run = run_page(table, 1);
    CHECK(run.page.size() == 1);
    CHECK_FALSE(run.page_done().is_done);
    CHECK(run.asked.size() < 30);
    CHECK(run.clock_asks == 1);
  }

  TEST_CASE("a page reads one row more than it returns, and not the rest") {
    SimulatedTable table;
    put_numbered(table, 0, 1000);
    const PlanRun run = run_page(table, 10);
    CHECK(run.page.size() == 10);
    CHECK(run.read.size() == 11);
    CHECK(run.asked.size() == 1);
  }

  TEST_CASE("the clock is not asked where no entry has an expiry, however many pages there are") {
    SimulatedTable table;
    put_numbered(table, 0, 1000);
    put_numbered(table, 1000, 1001, kNow + 1);
    CHECK(run_page(table, 900).clock_asks == 0);
    CHECK(run_page(table, 1000).clock_asks == 1);
  }

  TEST_CASE("the longest page") {
    SimulatedTable table;
    put_numbered(table, 0, 9000);
    const PlanRun run = run_page(table, kMaxArrayLength);
    CHECK(run.page.size() == kMaxArrayLength);
    CHECK_FALSE(run.page_done().is_done);
  }

  TEST_CASE("a transaction without room is an error, not an empty page") {
    SimulatedTable table;
    put_numbered(table, 0, 2);
    for (const TransactionLimits& limits :
         {TransactionLimits{0, 0, 0, 0}, TransactionLimits{16 << 20, 0, 0, 10},
          TransactionLimits{16 << 20, 10, 0, 0}, TransactionLimits{kMaxDocumentBytes, 10, 0, 10}}) {
      CHECK(run_page(table, 10, limits).error().code == ErrorCode::kTransactionFull);
    }
  }
}

}  // namespace scan_page_test
