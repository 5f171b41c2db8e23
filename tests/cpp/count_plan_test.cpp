#include "convex_kv/plans/count_plan.hpp"

#include <doctest/doctest.h>

#include "convex_kv/plans/cursor.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

TEST_SUITE("count_plan") {
  TEST_CASE("counts what is live, in as many calls as limits and budgets make of it") {
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.largest = 1 << 12;
      fill(table, random, 150, choices);
      const KeyRange range = *prefix_range(random_path(random, 1));
      const Order order = random.chance(50) ? Order::kDescending : Order::kAscending;
      const std::int64_t limit = random.chance(30) ? 1'000'000'000'000 : random.between(1, 20);
      const TransactionLimits limits{16 << 20, random.chance(50) ? 32000 : random.between(2, 20), 0,
                                     random.between(1, 5)};
      const std::size_t live = live_rows(table, range, kNow).size();
      std::int64_t sum = 0;
      std::optional<Bytes> after;
      for (bool is_done = false; !is_done;) {
        CountPlan plan(range, after, limit, Budget::for_scan(limits), order);
        const PlanRun run = run_plan(plan, table, limits, kNow);
        const CountDone& done = run.count_done();
        REQUIRE(done.count <= limit);
        REQUIRE(run.clock_asks <= 1);
        sum += done.count;
        is_done = done.is_done;
        REQUIRE(done.cursor.empty() == is_done);
        if (!is_done && run.has_room()) REQUIRE(sum < static_cast<std::int64_t>(live));
        if (!is_done) after = *decode_cursor(done.cursor, range, {order});
      }
      REQUIRE(sum == static_cast<std::int64_t>(live));
    }
  }

  TEST_CASE("without room it says so") {
    SimulatedTable table;
    const TransactionLimits limits{0, 0, 0, 0};
    CountPlan plan(*prefix_range({}), {}, 10, Budget::for_scan(limits), Order::kAscending);
    CHECK(run_plan(plan, table, limits, kNow).error().code == ErrorCode::kTransactionFull);
  }

  TEST_CASE("one call looks at 16,000 entries at most, a thousand at a time") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 16500; ++i) table.put(plain_row({i}, 100));
    CountPlan plan(*prefix_range({}), {}, 1 << 30, Budget::for_scan(kPlatformLimits),
                   Order::kAscending);
    const PlanRun run = run_plan(plan, table, kPlatformLimits, kNow);
    CHECK(run.count_done().count == 16000);
    CHECK_FALSE(run.count_done().is_done);
    CHECK(run.asked.size() == 16);
  }
}
