// Scans in either direction, of parts of what a prefix covers; pages up to a position; the first
// entry.
#include <doctest/doctest.h>

#include <algorithm>

#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/plans/cursor.hpp"
#include "convex_kv/plans/scan_plan.hpp"
#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace scan_reverse_test {

namespace {

// A store and a range of it, drawn at random.
struct Drawn {
  explicit Drawn(Random& random)
      : order(random.chance(50) ? Order::kDescending : Order::kAscending) {
    RowChoices choices;
    choices.largest = 1 << 14;
    fill(table, random, 120, choices);
    const auto maybe = [&]() -> std::optional<Bytes> {
      if (random.chance(50)) return std::nullopt;
      return *encode_sort_key(random_path(random, 2));
    };
    const auto start = maybe();
    range =
        range_between(*encode_sort_key(random_path(random, 1)), {.start = start, .end = maybe()});
    live = live_rows(table, range, kNow);
    if (order == Order::kDescending) std::reverse(live.begin(), live.end());
  }

  SimulatedTable table;
  Order order;
  KeyRange range;
  std::vector<Row> live;  // in that order
};

std::vector<std::string> paths_of(const std::vector<Row>& rows) {
  std::vector<std::string> paths;
  for (const Row& row : rows) paths.push_back(hex(row.path));
  return paths;
}

}  // namespace

TEST_SUITE("scan_plan, directions and bounds") {
  TEST_CASE("pages hold what is live in the range, each once, in that order") {
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Drawn drawn(random);
      std::vector<Row> listed;
      std::optional<Bytes> after;
      for (bool is_done = false; !is_done;) {
        const std::int64_t limit = random.between(1, 9);
        ScanPlan plan =
            ScanPlan::page(drawn.range, after, limit, Budget::for_scan({}), drawn.order);
        const PlanRun run = run_plan(plan, drawn.table, kPlatformLimits, kNow);
        listed.insert(listed.end(), run.page.begin(), run.page.end());
        is_done = run.page_done().is_done;
        REQUIRE(is_done == (listed.size() == drawn.live.size()));
        if (is_done) break;
        REQUIRE(std::ssize(run.page) == limit);
        const std::string& cursor = run.page_done().cursor;
        after = *decode_cursor(cursor, drawn.range, {drawn.order});
        const Order other =
            drawn.order == Order::kAscending ? Order::kDescending : Order::kAscending;
        REQUIRE_FALSE(decode_cursor(cursor, drawn.range, {other}).ok());
        REQUIRE_FALSE(decode_cursor(cursor, drawn.range, {drawn.order, true}).ok());
      }
      REQUIRE(paths_of(listed) == paths_of(drawn.live));

      ScanPlan all = ScanPlan::all(drawn.range, Budget::for_scan(kPlatformLimits), drawn.order);
      REQUIRE(paths_of(run_plan(all, drawn.table, kPlatformLimits, kNow).page) ==
              paths_of(drawn.live));
    }
  }

  TEST_CASE("first is the first live entry, and reads no more live ones") {
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Drawn drawn(random);
      ScanPlan plan = ScanPlan::first(drawn.range, Budget::for_scan(kPlatformLimits), drawn.order);
      const PlanRun run = run_plan(plan, drawn.table, kPlatformLimits, kNow);
      REQUIRE(run.page_done().is_done);
      REQUIRE(run.page.size() == std::min<std::size_t>(1, drawn.live.size()));
      if (run.page.empty()) continue;
      REQUIRE(run.page[0].path == drawn.live[0].path);
      if (run.asked.size() == 1) REQUIRE(run.read.size() == 1);
    }
  }

  TEST_CASE("first without room says so, before and behind expired entries") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 20; ++i) {
      Row row = plain_row({i}, 100);
      row.expires_at = kNow;
      table.put(row);
    }
    table.put(plain_row({std::string("live")}, 100));
    for (const std::int64_t queries : {0, 1, 2}) {
      const TransactionLimits limits{16 << 20, 1000, 0, queries};
      ScanPlan plan =
          ScanPlan::first(*prefix_range({}), Budget::for_scan(limits), Order::kAscending);
      CHECK(run_plan(plan, table, limits, kNow).error().code == ErrorCode::kTransactionFull);
    }
  }

  TEST_CASE("a page up to a position holds all up to it, whatever came and went") {
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Drawn drawn(random);
      if (drawn.live.empty()) continue;
      const auto place = [&] { return random.below(drawn.live.size()); };
      const std::size_t from = place();
      const std::size_t to = place();
      const Bytes until = drawn.live[to].path;
      const bool from_start = random.chance(30);
      std::optional<Bytes> after;
      if (!from_start) after = drawn.live[from].path;
      std::vector<Row> expected;
      for (std::size_t i = from_start ? 0 : from + 1; i <= to; ++i)
        expected.push_back(drawn.live[i]);
      if (random.chance(50)) {
        drawn.table.remove(until);
        if (!expected.empty()) expected.pop_back();
      }
      ScanPlan plan = ScanPlan::page_until(drawn.range, after, until,
                                           Budget::for_scan(kPlatformLimits), drawn.order);
      const PlanRun run = run_plan(plan, drawn.table, kPlatformLimits, kNow);
      REQUIRE(paths_of(run.page) == paths_of(expected));
      REQUIRE_FALSE(run.page_done().is_done);
      REQUIRE(*decode_cursor(run.page_done().cursor, drawn.range, {drawn.order}) == until);
    }
  }
}

}  // namespace scan_reverse_test
