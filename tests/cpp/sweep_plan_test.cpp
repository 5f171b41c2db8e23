// Sweeps: what had expired when they began goes, and nothing else is so much as read.
#include "convex_kv/plans/sweep_plan.hpp"

#include <doctest/doctest.h>

#include <map>

#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace sweep_plan_test {

namespace {

constexpr int kMostBatches = 3000;

bool is_due(const Row& row, double until) { return row.expires_at && *row.expires_at <= until; }

TransactionLimits small_limits(Random& random) {
  return {(1 << 16) + 3 * kMaxDocumentBytes + random.between(0, 1 << 20),
          34 + random.between(0, 60), 33 + random.between(0, 30), 33 + random.between(0, 6)};
}

struct Sweep {
  std::size_t deleted = 0;
  std::size_t read = 0;
  int batches = 0;
};

// Sweeps until nothing is left to do. `meanwhile` may write between two batches.
template <typename Limits, typename Meanwhile>
Sweep sweep(SimulatedTable& table, double until, Limits limits, Meanwhile meanwhile) {
  Sweep total;
  std::optional<SweepProgress> rest = SweepProgress{until, std::nullopt};
  while (rest) {
    const TransactionLimits left = limits();
    SweepPlan plan(*rest, Budget::for_background(left, total.batches % 4));
    const PlanRun run = run_plan(plan, table, left, until);
    for (const Row& row : run.read) {
      if (!is_due(row, until)) FAIL("read an entry that has not expired");
    }
    REQUIRE(run.deleted.size() == run.read.size());
    REQUIRE(run.batch_done().deleted == static_cast<std::int64_t>(run.deleted.size()));
    total.deleted += run.deleted.size();
    total.read += run.read.size();
    rest = run.sweep_rest();
    if (rest) REQUIRE(rest->until == until);
    REQUIRE(++total.batches < kMostBatches);
    meanwhile();
  }
  return total;
}

void nothing() {}

// `count` rows that all expire at `expires_at`, `per_time` of them with one creation time.
void put_ties(SimulatedTable& table, std::int64_t count, double expires_at, std::int64_t per_time) {
  for (std::int64_t i = 0; i < count; ++i) {
    // Not in the order of their paths.
    Row row = plain_row({(i * 7919) % count, expires_at}, 100);
    row.expires_at = expires_at;
    row.creation_time = kNow - 1e6 + static_cast<double>(i / per_time) / 4;
    table.put(row);
  }
}

}  // namespace

TEST_SUITE("sweep_plan") {
  TEST_CASE("exactly the expired go, among any that never expire") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.expired = static_cast<int>(random.below(70));
      choices.expiring = 20;
      choices.large = static_cast<int>(random.below(40));
      fill(table, random, 250, choices);
      std::map<Bytes, Row> must_stay = table.rows();
      std::erase_if(must_stay, [](const auto& entry) { return is_due(entry.second, kNow); });
      const std::size_t due = table.rows().size() - must_stay.size();

      const Sweep total = sweep(
          table, kNow, [&] { return small_limits(random); }, nothing);
      REQUIRE(total.deleted == due);
      REQUIRE(table.rows().size() == must_stay.size());
      for (const auto& [path, row] : must_stay) REQUIRE(table.rows().contains(path));
    }
  }

  TEST_CASE("nothing expired takes one read of no row, among a thousand permanent entries") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 1000; ++i) table.put(plain_row({i}, 100));
    SweepPlan plan({kNow, std::nullopt}, Budget::for_caller(kPlatformLimits));
    const PlanRun run = run_plan(plan, table, kPlatformLimits, kNow);
    CHECK(run.asked.size() == 1);
    CHECK(run.read.empty());
    CHECK_FALSE(run.batch_done().rest.has_value());
  }

  TEST_CASE("the end is inclusive, and times before 1970 count too") {
    SimulatedTable table;
    for (const double at : {-1e15, -5.0, 0.0, kNow - 1, kNow, kNow + 0.5, kNow + 1}) {
      Row row = plain_row({at}, 100);
      row.expires_at = at;
      table.put(row);
    }
    CHECK(sweep(
              table, kNow, [] { return kPlatformLimits; }, nothing)
              .deleted == 5);
    CHECK(table.rows().size() == 2);
  }

  TEST_CASE("a thousand entries of one millisecond go over many batches, each read once") {
    for (const std::int64_t per_time : {1, 7, 100, 1000}) {
      CAPTURE(per_time);
      SimulatedTable table;
      put_ties(table, 1000, kNow - 10, per_time);
      put_ties(table, 50, kNow - 9, 50);
      put_ties(table, 50, kNow - 11, 50);
      table.put(plain_row({std::string("stays")}, 100));
      Random random(static_cast<std::uint64_t>(per_time));
      const Sweep total = sweep(
          table, kNow, [&] { return small_limits(random); }, nothing);
      CHECK(total.deleted == 1100);
      CHECK(total.read == 1100);
      CHECK(total.batches > 20);
      CHECK(table.rows().size() == 1);
    }
  }

  TEST_CASE("entries that come late do not keep it from its end, and the next sweep takes them") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.expired = 80;
      choices.largest = 1 << 16;
      fill(table, random, 250, choices);
      std::map<Bytes, Row> first = table.rows();
      double clock = kNow;
      const auto write = [&] {
        // As many as a batch may take, with an expiry before, at and after where the sweep stands.
        for (std::uint64_t n = random.below(12); n > 0; --n) {
          const Key key = random_path(random, 5);
          if (key.empty()) continue;
          Row row = random_row(random, key, choices);
          row.creation_time = clock += 0.25;
          table.put(row);
          first.erase(row.path);
        }
      };
      sweep(
          table, kNow, [&] { return small_limits(random); }, write);
      // All that was there when it began, and was not written anew, is done.
      for (const auto& [path, row] : first) {
        REQUIRE(table.rows().contains(path) == !is_due(row, kNow));
      }
      sweep(
          table, kNow, [] { return kPlatformLimits; }, nothing);
      for (const auto& [path, row] : table.rows()) REQUIRE_FALSE(is_due(row, kNow));
    }
  }

  TEST_CASE("an entry that joins the millisecond where a batch ended is still swept") {
    SimulatedTable table;
    put_ties(table, 40, kNow - 10, 40);
    const TransactionLimits limits{16 << 20, 32000, 32 + 20, 4096};
    SweepPlan first({kNow, std::nullopt}, Budget::for_background(limits, 0));
    const PlanRun run = run_plan(first, table, limits, kNow);
    REQUIRE(run.deleted.size() == 20);
    Row late = plain_row({std::string("late")}, 100);
    late.expires_at = kNow - 10;
    table.put(late);
    SweepPlan second(*run.sweep_rest(), Budget::for_background({}, 0));
    CHECK(run_plan(second, table, kPlatformLimits, kNow).batch_done().deleted == 21);
    CHECK(table.rows().empty());
  }

  TEST_CASE("a sweep with a watermark reads nothing from before it") {
    SimulatedTable table;
    for (std::int64_t n = 0; n < 100; ++n) {
      Row row = plain_row({n}, 100);
      row.expires_at = kNow - static_cast<double>(n) * 1000;
      table.put(row);
    }
    SweepProgress from{kNow, std::nullopt};
    from.since = kNow - 30'000;
    SweepPlan plan(from, Budget::for_caller(kPlatformLimits));
    const PlanRun run = run_plan(plan, table, kPlatformLimits, kNow);
    CHECK(run.read.size() == 31);  // inclusive at both ends
    CHECK(run.batch_done().deleted == 31);
    CHECK_FALSE(run.batch_done().rest.has_value());
  }

  TEST_CASE("a sweep without room makes no progress and loses nothing") {
    SimulatedTable table;
    put_ties(table, 30, kNow - 10, 1);
    const SweepProgress from{kNow, SweepProgress::Position{kNow - 10, kNow - 1e6}};
    constexpr TransactionLimits kNone{0, 0, 0, 0};
    SweepPlan plan(from, Budget::for_background(kNone, 0));
    const PlanRun run = run_plan(plan, table, kNone, kNow);
    CHECK(run.asked.empty());
    const auto rest = *run.sweep_rest();
    CHECK(rest.until == from.until);
    REQUIRE(rest.after.has_value());
    CHECK(rest.after->expires_at == from.after->expires_at);
    CHECK(rest.after->creation_time == from.after->creation_time);
  }
}

}  // namespace sweep_plan_test
