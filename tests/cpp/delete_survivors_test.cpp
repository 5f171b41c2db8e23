// What a recursive deletion must leave: all that was written after it was asked for.
#include <doctest/doctest.h>

#include <map>

#include "convex_kv/plans/delete_plan.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace delete_survivors_test {

namespace {

constexpr std::uint32_t kEpoch = 10;
constexpr int kMostBatches = 3000;

// A table with a deletion under way, and what it must leave.
struct Scene {
  SimulatedTable table;
  std::map<Bytes, Row> must_stay;

  // A row written while the deletion continues: `set` stamps it with the newest deletion's epoch.
  void write(Random& random) {
    const Key key = random_path(random, 4);
    if (key.empty()) return;
    RowChoices choices;
    choices.largest = 1 << 16;
    Row row = random_row(random, key, choices);
    row.epoch = random.chance(70) ? kEpoch : kEpoch + 1;
    table.put(row);
    must_stay[row.path] = row;
  }

  // A row that somebody deletes meanwhile.
  void remove(Random& random) {
    if (table.rows().empty()) return;
    auto victim = table.rows().begin();
    std::advance(victim, static_cast<std::ptrdiff_t>(random.below(table.rows().size())));
    const Bytes path = victim->first;
    table.remove(path);
    must_stay.erase(path);
  }

  void check_all_there() const {
    for (const auto& [path, row] : must_stay) {
      const auto found = table.rows().find(path);
      if (found == table.rows().end() || found->second.epoch != row.epoch) FAIL("a row is gone");
    }
  }
};

TransactionLimits small_limits(Random& random) {
  return {(1 << 16) + 3 * kMaxDocumentBytes, 34 + random.between(0, 50), 33 + random.between(0, 20),
          33 + random.between(0, 10)};
}

}  // namespace

TEST_SUITE("delete_plan, survivors") {
  TEST_CASE("what is written between batches stays, the rest of the range goes") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Scene scene;
      RowChoices choices;
      choices.largest = 1 << 18;
      choices.epochs = kEpoch;
      fill(scene.table, random, 250, choices);
      const KeyRange range = *prefix_range(random_path(random, 1));
      for (const auto& [path, row] : scene.table.rows()) {
        if (!range.contains(path)) scene.must_stay[path] = row;
      }

      std::optional<DeleteProgress> rest = DeleteProgress{range, std::nullopt};
      for (int batch = 0; rest && batch < kMostBatches; ++batch) {
        // Now and then a transaction has no room at all, or fails and leaves no trace.
        const TransactionLimits limits =
            random.chance(10) ? TransactionLimits{0, 0, 0, 0} : small_limits(random);
        DeletePlan plan(*rest, kEpoch, kNow,
                        Budget::for_background(limits, static_cast<int>(random.below(8))));
        if (random.chance(10)) {
          SimulatedTable rolled_back = scene.table;
          run_plan(plan, rolled_back, limits, kNow);
          continue;
        }
        const PlanRun run = run_plan(plan, scene.table, limits, kNow);
        rest = run.delete_rest();
        scene.check_all_there();
        for (std::uint64_t n = random.below(4); n > 0; --n) scene.write(random);
        if (random.chance(30)) scene.remove(random);
      }
      REQUIRE_FALSE(rest.has_value());
      scene.check_all_there();
      REQUIRE(scene.table.rows().size() == scene.must_stay.size());
    }
  }

  TEST_CASE("rows of the deletion's own epoch or a later one stay") {
    Scene scene;
    for (std::uint32_t epoch = 0; epoch < 20; ++epoch) {
      Row row = plain_row({std::int64_t{epoch}}, 100);
      row.epoch = epoch;
      scene.table.put(row);
    }
    DeletePlan plan({*prefix_range({}), {}}, kEpoch, kNow,
                    Budget::for_background(kPlatformLimits, 0));
    const PlanRun run = run_plan(plan, scene.table, kPlatformLimits, kNow);
    CHECK(run.batch_done().deleted == 10);
    CHECK_FALSE(run.batch_done().rest.has_value());
    for (const auto& [path, row] : scene.table.rows()) CHECK(row.epoch >= kEpoch);
  }

  TEST_CASE("a first batch deletes rows of any epoch") {
    Scene scene;
    for (std::uint32_t epoch : {0U, 1U, 1000U, kAllEpochs - 1}) {
      Row row = plain_row({std::int64_t{epoch}}, 100);
      row.epoch = epoch;
      scene.table.put(row);
    }
    DeletePlan plan({*prefix_range({}), {}}, kAllEpochs, kNow, Budget::for_caller(kPlatformLimits));
    CHECK(run_plan(plan, scene.table, kPlatformLimits, kNow).batch_done().deleted == 4);
    CHECK(scene.table.rows().empty());
  }

  TEST_CASE("a range full of survivors is passed over, a batch at a time") {
    Scene scene;
    for (std::int64_t i = 0; i < 400; ++i) {
      Row row = plain_row({i}, 1 << 16);
      row.epoch = kEpoch;
      scene.table.put(row);
    }
    scene.table.put(plain_row({std::int64_t{1000}}, 100));
    std::optional<DeleteProgress> rest = DeleteProgress{*prefix_range({}), std::nullopt};
    int batches = 0;
    for (; rest && batches < kMostBatches; ++batches) {
      DeletePlan plan(*rest, kEpoch, kNow, Budget::for_background(kPlatformLimits, 3));
      rest = run_plan(plan, scene.table, kPlatformLimits, kNow).delete_rest();
    }
    CHECK_FALSE(rest.has_value());
    CHECK(batches > 1);
    CHECK(scene.table.rows().size() == 400);
  }
}

}  // namespace delete_survivors_test
