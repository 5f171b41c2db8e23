// Pages up to a given position that have become too long for one transaction, and where they are
// split.
#include <doctest/doctest.h>

#include <algorithm>

#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/plans/cursor.hpp"
#include "convex_kv/plans/scan_plan.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace scan_split_test {

namespace {

using Position = std::optional<Bytes>;

constexpr TransactionLimits kHundredRows{16 << 20, 100, 0, 100};

void put_numbered(SimulatedTable& table, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) table.put(plain_row({i}, 100));
}

Bytes path_of(std::int64_t i) { return plain_row({i}, 0).path; }

// Up to `until`, or to the end, of all that there is.
PlanRun run_until(SimulatedTable& table, const Position& until, TransactionLimits limits) {
  ScanPlan plan = ScanPlan::page_until(*prefix_range({}), {}, until, Budget::for_scan(limits),
                                       Order::kAscending);
  return run_plan(plan, table, limits, kNow);
}

Bytes split_of(const PlanRun& run) {
  return *decode_cursor(run.page_done().split_cursor, *prefix_range({}));
}

// All that a list shows that splits its pages as it is told.
struct Shown {
  SimulatedTable& table;
  KeyRange range;
  Order order;
  TransactionLimits limits;
  std::vector<Row> rows;
  int pages = 0;
  int required = 0;
  int recommended = 0;

  bool is_behind(const Bytes& a, const Bytes& b) const {
    return order == Order::kAscending ? a > b : a < b;
  }

  void show(const Position& after, const Position& until) {
    ++pages;
    ScanPlan plan = ScanPlan::page_until(range, after, until, Budget::for_scan(limits), order);
    const PlanRun run = run_plan(plan, table, limits, kNow);
    const PageDone& done = run.page_done();
    REQUIRE(done.is_done == !until);
    if (until) REQUIRE(*decode_cursor(done.cursor, range, {order}) == *until);
    if (done.split_cursor.empty()) {
      REQUIRE_FALSE(done.is_split_required);
      rows.insert(rows.end(), run.page.begin(), run.page.end());
      return;
    }
    ++(done.is_split_required ? required : recommended);
    const Bytes split = *decode_cursor(done.split_cursor, range, {order});
    if (after) REQUIRE(is_behind(split, *after));
    if (until) REQUIRE(is_behind(*until, split));
    const std::size_t before = rows.size();
    show(after, split);
    show(split, until);
    // No page is short without saying so.
    if (!done.is_split_required) REQUIRE(rows.size() - before == run.page.size());
  }
};

std::vector<Bytes> paths_of(const std::vector<Row>& rows) {
  std::vector<Bytes> paths;
  for (const Row& row : rows) paths.push_back(row.path);
  return paths;
}

}  // namespace

TEST_SUITE("scan_plan, pages that are split") {
  TEST_CASE("from a quarter of the room on that is left, a split is recommended, then required") {
    struct Case {
      std::int64_t rows;
      std::size_t shown;
      std::optional<bool> is_required;
    };
    for (const Case& one : {Case{75, 75, {}}, Case{76, 76, false}, Case{99, 99, false},
                            Case{101, 100, true}, Case{1000, 100, true}}) {
      INFO("rows ", one.rows);
      SimulatedTable table;
      put_numbered(table, one.rows);
      for (const Position& until : {Position(path_of(one.rows - 1)), Position()}) {
        const PlanRun run = run_until(table, until, kHundredRows);
        CHECK(run.page.size() == one.shown);
        const PageDone& done = run.page_done();
        REQUIRE(done.split_cursor.empty() == !one.is_required);
        if (!one.is_required) continue;
        CHECK(done.is_split_required == *one.is_required);
        CHECK(split_of(run) == path_of(49));
      }
    }
  }

  TEST_CASE("a page that ends with the last row that there is room for is whole") {
    SimulatedTable table;
    put_numbered(table, 200);
    const PlanRun run = run_until(table, path_of(99), kHundredRows);
    CHECK(run.page.size() == 100);
    CHECK_FALSE(run.page_done().split_cursor.empty());
    CHECK_FALSE(run.page_done().is_split_required);
  }

  TEST_CASE("an array holds no more than 8,192: that is a limit too") {
    for (const std::int64_t rows : {6144, 6145, 8192, 8193}) {
      INFO("rows ", rows);
      SimulatedTable table;
      put_numbered(table, rows);
      const PlanRun run = run_until(table, {}, kPlatformLimits);
      CHECK(std::ssize(run.page) == std::min<std::int64_t>(rows, 8192));
      const PageDone& done = run.page_done();
      REQUIRE(done.split_cursor.empty() == (rows <= 6144));
      if (rows <= 6144) continue;
      CHECK(done.is_split_required == (rows > 8192));
      CHECK(split_of(run) == path_of(4095));
    }
  }

  TEST_CASE("a row that takes most of the room is a page of its own, and is not split again") {
    SimulatedTable table;
    table.put(external_row({std::int64_t{0}}, 200, 12 << 20));
    const PlanRun alone = run_until(table, {}, kPlatformLimits);
    CHECK(alone.page.size() == 1);
    CHECK(alone.page_done().split_cursor.empty());
    table.put(external_row({std::int64_t{1}}, 200, 1 << 20));
    const PlanRun with_another = run_until(table, {}, kPlatformLimits);
    CHECK(with_another.page.size() == 2);
    CHECK(split_of(with_another) == path_of(0));
    CHECK_FALSE(with_another.page_done().is_split_required);
    table.put(external_row({std::int64_t{2}}, 200, 12 << 20));
    const PlanRun too_much = run_until(table, {}, kPlatformLimits);
    CHECK(too_much.page_done().is_split_required);
    CHECK(split_of(too_much) == path_of(0));
  }

  TEST_CASE("expired rows take room, and are split like others") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 300; ++i) {
      Row row = plain_row({i}, 100);
      row.expires_at = kNow;
      table.put(row);
    }
    table.put(plain_row({std::int64_t{300}}, 100));
    Shown shown{table, *prefix_range({}), Order::kAscending, kHundredRows, {}};
    shown.show({}, path_of(300));
    CHECK(paths_of(shown.rows) == std::vector<Bytes>{path_of(300)});
    CHECK(shown.required > 0);
  }

  TEST_CASE("if not even one row fits, it says so") {
    SimulatedTable table;
    put_numbered(table, 3);
    for (const TransactionLimits limits :
         {TransactionLimits{16 << 20, 0, 0, 9}, TransactionLimits{1 << 20, 9, 0, 9},
          TransactionLimits{16 << 20, 9, 0, 0}}) {
      CHECK(run_until(table, {}, limits).error().code == ErrorCode::kTransactionFull);
    }
  }

  TEST_CASE("pages that are split as they say show all there is, each entry once") {
    int required = 0;
    int recommended = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      RowChoices choices;
      choices.external = random.chance(50) ? 60 : 0;
      SimulatedTable table;
      fill(table, random, 160, choices);
      // Room for any one row, whatever else it is short of.
      TransactionLimits limits = kPlatformLimits;
      if (choices.external == 0) limits.documents_read = random.between(4, 120);
      limits.queries = random.between(16, 80);
      const Order order = random.chance(50) ? Order::kDescending : Order::kAscending;
      const KeyRange range = *prefix_range({});
      std::vector<Row> live = live_rows(table, range, kNow);
      if (order == Order::kDescending) std::reverse(live.begin(), live.end());
      const std::size_t from = live.empty() ? 0 : random.below(live.size());
      const std::size_t to = from + random.below(live.size() - from + 1);
      const Position after = from == 0 ? Position() : Position(live[from - 1].path);
      const Position until = to == live.size() ? Position() : Position(live[to].path);
      Shown shown{table, range, order, limits, {}};
      shown.show(after, until);
      const std::vector<Row> expected(
          live.begin() + static_cast<std::ptrdiff_t>(from),
          live.begin() + static_cast<std::ptrdiff_t>(std::min(to + 1, live.size())));
      REQUIRE(paths_of(shown.rows) == paths_of(expected));
      REQUIRE(shown.pages <= 2 * 160 + 1);
      required += shown.required;
      recommended += shown.recommended;
    }
    CHECK(required > 400);
    CHECK(recommended > 50);
  }
}

}  // namespace scan_split_test
