// Pages while others write between them.
#include <doctest/doctest.h>

#include <set>

#include "convex_kv/plans/cursor.hpp"
#include "convex_kv/plans/scan_plan.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace scan_changes_test {

namespace {

// What happened to the entries of a range while it was listed.
struct History {
  std::set<Bytes> always;  // live from the first page to the last
  std::set<Bytes> ever;    // live for a while at least

  void note(const std::vector<Row>& live) {
    std::set<Bytes> now;
    for (const Row& row : live) now.insert(row.path);
    ever.insert(now.begin(), now.end());
    std::erase_if(always, [&now](const Bytes& path) { return !now.contains(path); });
  }
};

void change(SimulatedTable& table, Random& random, const RowChoices& choices) {
  for (std::uint64_t n = random.below(6); n > 0; --n) {
    const Key key = random_path(random, 4);
    if (!key.empty()) table.put(random_row(random, key, choices));
  }
  for (std::uint64_t n = random.below(6); n > 0 && !table.rows().empty(); --n) {
    auto victim = table.rows().begin();
    std::advance(victim, static_cast<std::ptrdiff_t>(random.below(table.rows().size())));
    table.remove(Bytes(victim->first));
  }
}

}  // namespace

TEST_SUITE("scan_plan, changes between pages") {
  TEST_CASE("what stays is listed exactly once, in order, and nothing that never was") {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.largest = 1 << 14;
      fill(table, random, 150, choices);
      const KeyRange range = *prefix_range(random_path(random, 1));
      History history;
      for (const Row& row : live_rows(table, range, kNow)) history.always.insert(row.path);
      history.note(live_rows(table, range, kNow));

      std::vector<Bytes> listed;
      std::optional<Bytes> after;
      for (bool is_done = false; !is_done;) {
        ScanPlan plan = ScanPlan::page(range, after, random.between(1, 8), Budget::for_scan({}));
        const PlanRun run = run_plan(plan, table, kPlatformLimits, kNow);
        for (const Row& row : run.page) listed.push_back(row.path);
        is_done = run.page_done().is_done;
        if (is_done) break;
        after = *decode_cursor(run.page_done().cursor, range);
        change(table, random, choices);
        history.note(live_rows(table, range, kNow));
        REQUIRE(listed.size() < 10000);
      }

      for (std::size_t i = 1; i < listed.size(); ++i) REQUIRE(listed[i - 1] < listed[i]);
      const std::set<Bytes> once(listed.begin(), listed.end());
      for (const Bytes& path : listed) REQUIRE(history.ever.contains(path));
      for (const Bytes& path : history.always) REQUIRE(once.contains(path));
    }
  }

  TEST_CASE("the entry that a cursor stands on may go") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 6; ++i) table.put(plain_row({i}, 100));
    const KeyRange range = *prefix_range({});
    ScanPlan first = ScanPlan::page(range, {}, 2, Budget::for_scan(kPlatformLimits));
    const PlanRun before = run_plan(first, table, kPlatformLimits, kNow);
    for (const Row& row : before.page) table.remove(row.path);
    ScanPlan second = ScanPlan::page(range, *decode_cursor(before.page_done().cursor, range), 2,
                                     Budget::for_scan(kPlatformLimits));
    const PlanRun after = run_plan(second, table, kPlatformLimits, kNow);
    REQUIRE(after.page.size() == 2);
    CHECK(after.page[0].path == plain_row({std::int64_t{2}}, 0).path);
  }

  TEST_CASE("where all that was to follow has gone, the next page is empty and the last") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 3; ++i) table.put(plain_row({i}, 100));
    const KeyRange range = *prefix_range({});
    ScanPlan first = ScanPlan::page(range, {}, 2, Budget::for_scan(kPlatformLimits));
    const PlanRun before = run_plan(first, table, kPlatformLimits, kNow);
    CHECK_FALSE(before.page_done().is_done);
    table.remove(plain_row({std::int64_t{2}}, 0).path);
    ScanPlan second = ScanPlan::page(range, *decode_cursor(before.page_done().cursor, range), 2,
                                     Budget::for_scan(kPlatformLimits));
    const PlanRun after = run_plan(second, table, kPlatformLimits, kNow);
    CHECK(after.page.empty());
    CHECK(after.page_done().is_done);
  }
}

}  // namespace scan_changes_test
