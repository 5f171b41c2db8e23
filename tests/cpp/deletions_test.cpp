// What deletions under way have taken: no scan shows it, nor goes through it.
#include "convex_kv/plans/deletions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "convex_kv/base/little_endian.hpp"
#include "convex_kv/plans/children_plan.hpp"
#include "convex_kv/plans/count_plan.hpp"
#include "convex_kv/plans/scan_plan.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace deletions_test {

namespace {

constexpr std::uint32_t kEpochs = 4;

std::vector<Deletion> random_deletions(Random& random) {
  std::vector<Deletion> deletions;
  for (std::uint64_t left = random.below(5); left > 0; --left) {
    const auto bound = [&random]() -> std::optional<Bytes> {
      if (random.chance(60)) return std::nullopt;
      return *encode_sort_key(random_path(random, 2));
    };
    const Bounds bounds{.start = bound(), .after = bound(), .end = bound()};
    deletions.push_back({range_between(*encode_sort_key(random_path(random, 2)), bounds),
                         static_cast<std::uint32_t>(random.between(1, kEpochs - 1))});
  }
  return deletions;
}

bool is_taken(const std::vector<Deletion>& deletions, const Row& row) {
  return std::any_of(deletions.begin(), deletions.end(), [&row](const Deletion& deletion) {
    return row.epoch < deletion.epoch && deletion.range.contains(row.path);
  });
}

// What a reader sees: neither expired nor taken.
std::vector<Row> seen_rows(const SimulatedTable& table, const std::vector<Deletion>& deletions,
                           const KeyRange& range, Order order) {
  std::vector<Row> rows = live_rows(table, range, kNow);
  std::erase_if(rows, [&](const Row& row) { return is_taken(deletions, row); });
  if (order == Order::kDescending) std::reverse(rows.begin(), rows.end());
  return rows;
}

PlanRun run(Plan& plan, SimulatedTable& table, const std::vector<Deletion>& deletions) {
  REQUIRE(plan.set_deletions(Deletions(deletions)));
  return run_plan(plan, table, kPlatformLimits, kNow);
}

SimulatedTable random_table(Random& random) {
  SimulatedTable table;
  RowChoices choices;
  choices.epochs = kEpochs;
  choices.large = 0;
  fill(table, random, 60, choices);
  return table;
}

}  // namespace

TEST_SUITE("deletions") {
  TEST_CASE("a row is dead if one that covers it is newer") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const SimulatedTable table = random_table(random);
      const auto under_way = random_deletions(random);
      const Deletions deletions(under_way);
      for (const auto& [path, row] : table.rows()) {
        REQUIRE(deletions.is_dead(path, row.epoch) == is_taken(under_way, row));
      }
    }
  }

  TEST_CASE("stretches make up the range, and each is covered whole or not at all") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const auto under_way = random_deletions(random);
      const Deletions deletions(under_way);
      const Order order = order_when(random.chance(50));
      KeyRange left = *prefix_range(random_path(random, 1));
      for (bool is_last = false; !is_last;) {
        KeyRange range = left;
        const auto stretch = deletions.cut_to_first(range, order);
        is_last = stretch.is_last;
        const auto& [lower, upper] = range;
        REQUIRE(lower < upper);
        const bool ascends = order == Order::kAscending;
        REQUIRE((ascends ? lower : upper) == (ascends ? left.lower : left.upper));
        REQUIRE(is_last == ((ascends ? upper : lower) == (ascends ? left.upper : left.lower)));
        (ascends ? left.lower : left.upper) = ascends ? upper : lower;
        for (const Deletion& deletion : under_way) {
          const auto& [from, until] = deletion.range;
          if (!(from < until)) continue;
          // Its bounds are no places within a stretch that it does not cover.
          if (!stretch.is_deleted) REQUIRE((until <= lower || upper <= from));
        }
        if (stretch.is_deleted) REQUIRE(deletions.is_dead(lower, 0));
      }
    }
  }

  TEST_CASE("scans, counts and children see what is neither expired nor taken") {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table = random_table(random);
      const auto under_way = random_deletions(random);
      const Order order = order_when(random.chance(50));
      const Key prefix = random_path(random, 1);
      const KeyRange range = *prefix_range(prefix);
      const auto seen = seen_rows(table, under_way, range, order);

      std::vector<Bytes> shown;
      std::optional<Bytes> after;
      for (bool is_done = false; !is_done;) {
        ScanPlan plan = ScanPlan::page(range, after, random.between(1, 5),
                                       Budget::for_scan(kPlatformLimits), order);
        const PlanRun page = run(plan, table, under_way);
        for (const Row& row : page.page) shown.push_back(row.path);
        is_done = page.page_done().is_done;
        if (!is_done) after = shown.back();
      }
      REQUIRE(shown.size() == seen.size());
      for (std::size_t i = 0; i < seen.size(); ++i) REQUIRE(shown[i] == seen[i].path);

      CountPlan count(range, std::nullopt, 1000, Budget::for_scan(kPlatformLimits), order);
      REQUIRE(run(count, table, under_way).count_done().count == std::ssize(seen));

      ChildrenPlan children(range, range.lower.size(), std::nullopt, 1000,
                            Budget::for_scan(kPlatformLimits), order);
      const PlanRun listed = run(children, table, under_way);
      std::vector<Bytes> parts;
      for (const Row& row : seen) {
        const std::vector<Bytes> key = parts_of(row.path);
        if (key.size() == prefix.size()) continue;
        if (parts.empty() || parts.back() != key[prefix.size()]) {
          parts.push_back(key[prefix.size()]);
        }
      }
      const auto& told = listed.children_done().children;
      REQUIRE(told.size() == parts.size());
      for (std::size_t i = 0; i < parts.size(); ++i) {
        REQUIRE(parts_of(listed.read[told[i].row].path)[prefix.size()] == parts[i]);
      }
    }
  }

  TEST_CASE("a plan that has started is told of no more") {
    const KeyRange range = *prefix_range({std::int64_t{7}});
    CountPlan plan(range, std::nullopt, 1000, Budget::for_scan(kPlatformLimits), Order::kAscending);
    CHECK(plan.set_deletions(Deletions{}));
    plan.start();
    CHECK_FALSE(plan.set_deletions(Deletions{{{range, 1}}}));
  }

  TEST_CASE("from the wire: whole ones, and nothing behind them") {
    const KeyRange range = *prefix_range({std::int64_t{7}});
    Bytes wire;
    put_u32(wire, 1);
    put_u32(wire, 3);
    for (const Bytes& bound : {range.lower, range.upper}) {
      put_u32(wire, static_cast<std::uint32_t>(bound.size()));
      append(wire, bound);
    }
    const auto taken = deletions_from_wire(wire);
    REQUIRE(taken);
    CHECK(taken->is_dead(range.lower, 2));
    CHECK_FALSE(taken->is_dead(range.lower, 3));
    for (std::size_t length = 0; length < wire.size(); ++length) {
      CHECK_FALSE(deletions_from_wire(ByteView(wire).first(length)));
    }
    wire.push_back(0);
    CHECK_FALSE(deletions_from_wire(wire));
    // More than there can be.
    CHECK_FALSE(deletions_from_wire(Bytes{0xFF, 0xFF, 0xFF, 0xFF}));
    CHECK(deletions_from_wire(Bytes{0, 0, 0, 0}));
  }

  TEST_CASE("ten new ones among 3,000 that are taken take few reads") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 3000; ++i) table.put(plain_row({std::int64_t{7}, i}, 100));
    for (std::int64_t i = 0; i < 10; ++i) {
      Row row = plain_row({std::int64_t{7}, i * 300}, 100);
      row.epoch = 1;
      table.put(row);
    }
    const KeyRange range = *prefix_range({std::int64_t{7}});
    const std::vector<Deletion> under_way{{range, 1}};
    const Budget budget = Budget::for_scan(kPlatformLimits);
    for (const Order order : {Order::kAscending, Order::kDescending}) {
      std::vector<std::unique_ptr<Plan>> plans;
      plans.emplace_back(new ScanPlan(ScanPlan::all(range, budget, order)));
      plans.emplace_back(new ScanPlan(ScanPlan::page(range, std::nullopt, 100, budget, order)));
      plans.emplace_back(new ScanPlan(ScanPlan::first(range, budget, order)));
      plans.emplace_back(new CountPlan(range, std::nullopt, 1000, budget, order));
      plans.emplace_back(
          new ChildrenPlan(range, range.lower.size(), std::nullopt, 100, budget, order));
      for (auto& plan : plans) {
        const PlanRun done = run(*plan, table, under_way);
        CHECK(done.read.size() <= 10);
        CHECK(done.asked.size() <= 4);
      }
    }
  }
}

}  // namespace deletions_test
