// Recursive deletions, batch by batch, until they are complete.
#include "convex_kv/plans/delete_plan.hpp"

#include <doctest/doctest.h>

#include <map>

#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace delete_plan_test {

namespace {

constexpr int kMostBatches = 3000;

// Enough for a batch to take one row of any size, and often for no more.
TransactionLimits small_limits(Random& random) {
  return {(1 << 16) + 3 * kMaxDocumentBytes + random.between(0, 2 * kMaxDocumentBytes),
          34 + random.between(0, 60), 33 + random.between(0, 30), 33 + random.between(0, 10)};
}

bool is_live(const Row& row, double now) { return !row.expires_at || *row.expires_at > now; }

// Checks one batch: it continues behind all that was read before, and counts what was live.
void check_batch(const PlanRun& run, std::optional<Bytes>& read_up_to, double now) {
  for (const Row& row : run.read) {
    if (read_up_to && row.path <= *read_up_to) FAIL("read a row again, or one further ahead");
    read_up_to = row.path;
  }
  std::int64_t live = 0;
  for (const Row& row : run.deleted) live += is_live(row, now) ? 1 : 0;
  REQUIRE(run.batch_done().deleted == live);
}

std::map<Bytes, Row> outside(const SimulatedTable& table, const KeyRange& range) {
  std::map<Bytes, Row> rows = table.rows();
  std::erase_if(rows, [&range](const auto& entry) { return range.contains(entry.first); });
  return rows;
}

bool same_paths(const std::map<Bytes, Row>& a, const std::map<Bytes, Row>& b) {
  const auto same = [](const auto& x, const auto& y) { return x.first == y.first; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

DeleteProgress rest_of(const PlanRun& run) {
  REQUIRE(run.batch_done().rest.has_value());
  return *run.delete_rest();
}

void put_numbered(SimulatedTable& table, std::int64_t count, std::uint32_t size) {
  for (std::int64_t i = 0; i < count; ++i) table.put(plain_row({std::string("p"), i}, size));
}

}  // namespace

TEST_SUITE("delete_plan") {
  TEST_CASE("batch by batch all of the range goes, and nothing else") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.large = static_cast<int>(random.below(50));
      choices.epochs = 7;
      fill(table, random, 200, choices);
      const KeyRange range = *prefix_range(random_path(random, 2));
      const auto before = outside(table, range);

      std::optional<Bytes> read_up_to;
      std::optional<DeleteProgress> rest = DeleteProgress{range, std::nullopt};
      for (int batch = 0; rest && batch < kMostBatches; ++batch) {
        const TransactionLimits limits = batch == 0 ? kPlatformLimits : small_limits(random);
        const double now = kNow + batch;
        const Budget budget =
            batch == 0
                ? Budget::for_caller(random.chance(50) ? std::optional(limits) : std::nullopt)
                : Budget::for_background(limits, static_cast<int>(random.below(25)));
        DeletePlan plan(*rest, batch == 0 ? kAllEpochs : 7, now, budget);
        const PlanRun run = run_plan(plan, table, limits, now);
        check_batch(run, read_up_to, now);
        rest = run.delete_rest();
        if (rest) REQUIRE_FALSE(run.read.empty());
      }
      REQUIRE_FALSE(rest.has_value());
      REQUIRE(table.rows().size() == before.size());
      REQUIRE(same_paths(table.rows(), before));
    }
  }

  TEST_CASE("an empty range takes one read and is complete") {
    SimulatedTable table;
    table.put(plain_row({std::string("other")}, 100));
    DeletePlan plan({*prefix_range({std::string("p")}), {}}, kAllEpochs, kNow,
                    Budget::for_caller(kPlatformLimits));
    const PlanRun run = run_plan(plan, table, kPlatformLimits, kNow);
    CHECK(run.batch_done().deleted == 0);
    CHECK_FALSE(run.batch_done().rest.has_value());
    CHECK(run.asked.size() == 1);
    CHECK(table.rows().size() == 1);
  }

  TEST_CASE("a first batch takes thousands of small rows and leaves the caller its share") {
    SimulatedTable table;
    put_numbered(table, 15000, 200);
    DeletePlan plan({*prefix_range({std::string("p")}), {}}, kAllEpochs, kNow,
                    Budget::for_caller(kPlatformLimits));
    const PlanRun run = run_plan(plan, table, kPlatformLimits, kNow);
    CHECK(run.batch_done().deleted == 12000);
    CHECK(run.left.documents_written >= kTransactionDocumentsWritten / 8);
    CHECK(run.left.documents_read >= kTransactionDocumentsRead / 8);
    CHECK(run.left.bytes_read >= kTransactionBytesRead / 8);
    CHECK(run.left.queries >= kTransactionQueries / 8);
    CHECK(rest_of(run).after == run.deleted.back().path);
  }

  TEST_CASE("large rows end a batch by their bytes") {
    SimulatedTable table;
    put_numbered(table, 10, kMaxDocumentBytes);
    DeletePlan first({*prefix_range({}), {}}, kAllEpochs, kNow,
                     Budget::for_caller(kPlatformLimits));
    const PlanRun run = run_plan(first, table, kPlatformLimits, kNow);
    CHECK(run.batch_done().deleted >= 5);
    CHECK(run.batch_done().deleted < 8);
    DeletePlan second(rest_of(run), 1, kNow, Budget::for_background({}, 0));
    const PlanRun next = run_plan(second, table, kPlatformLimits, kNow);
    CHECK(next.batch_done().deleted >= 2);
    CHECK(next.read.front().path > run.read.back().path);
  }

  TEST_CASE("a deletion without room makes no progress and loses nothing") {
    SimulatedTable table;
    put_numbered(table, 20, 100);
    const DeleteProgress from{*prefix_range({}),
                              plain_row({std::string("p"), std::int64_t{4}}, 0).path};
    for (const TransactionLimits& limits :
         {TransactionLimits{0, 0, 0, 0}, TransactionLimits{0, 32000, 16000, 4096},
          TransactionLimits{16 << 20, 0, 16000, 4096}, TransactionLimits{16 << 20, 32000, 0, 4096},
          TransactionLimits{16 << 20, 32000, 16000, 0}}) {
      for (const Budget& budget : {Budget::for_caller(limits), Budget::for_background(limits, 0),
                                   Budget::for_background(limits, 9)}) {
        DeletePlan plan(from, 3, kNow, budget);
        const PlanRun run = run_plan(plan, table, limits, kNow);
        CHECK(run.batch_done().deleted == 0);
        CHECK(rest_of(run).after == from.after);
        CHECK(rest_of(run).range.lower == from.range.lower);
        CHECK(rest_of(run).range.upper == from.range.upper);
        CHECK(run.asked.empty());
      }
    }
    CHECK(table.rows().size() == 20);
    DeletePlan plan(from, 3, kNow, Budget::for_background(kPlatformLimits, 0));
    CHECK(run_plan(plan, table, kPlatformLimits, kNow).batch_done().deleted == 15);
  }
}

}  // namespace delete_plan_test
