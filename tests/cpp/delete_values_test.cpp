// Deletions of entries with values in separate documents: each batch fits its transaction and gets
// on.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "convex_kv/plans/delete_plan.hpp"
#include "convex_kv/plans/sweep_plan.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace delete_values_test {

namespace {

constexpr std::uint32_t kEpoch = 5;
constexpr int kMostBatches = 3000;
constexpr std::int64_t kMaxDeletes = 12000;
constexpr std::uint32_t kSmall = 100;
constexpr std::uint32_t kInline = 900'000;
constexpr std::uint32_t kLarge = 8 << 20;
// What a background batch leaves to its bookkeeping.
constexpr TransactionLimits kBatchLimits{
    kTransactionBytesRead - (1 << 16), kTransactionDocumentsRead - 32,
    kTransactionDocumentsWritten - 32, kTransactionQueries - 32};

// Of a caller, who may have little left, or nothing.
TransactionLimits callers_limits(Random& random) {
  const auto some = [&random](std::int64_t most) {
    return random.chance(30) ? most : random.between(0, most);
  };
  return {some(kTransactionBytesRead), some(kTransactionDocumentsRead),
          some(kTransactionDocumentsWritten), some(kTransactionQueries)};
}

PlanRun run_background(const SweepProgress& from, SimulatedTable& table, int failures) {
  SweepPlan plan(from, Budget::for_background(kPlatformLimits, failures));
  return run_plan(plan, table, kPlatformLimits, kNow);
}

PlanRun run_background(const DeleteProgress& from, SimulatedTable& table, int failures) {
  DeletePlan plan(from, kEpoch, kNow, Budget::for_background(kPlatformLimits, failures));
  return run_plan(plan, table, kPlatformLimits, kNow);
}

// Whether a batch that deleted nothing passed over survivors, which only deletions do.
bool got_on(const SweepProgress&, const SweepProgress&) { return false; }
bool got_on(const DeleteProgress& before, const DeleteProgress& after) {
  return after.after != before.after;
}

std::optional<SweepProgress> next_after(const SweepProgress&, const PlanRun& run) {
  return run.sweep_rest();
}
std::optional<DeleteProgress> next_after(const DeleteProgress&, const PlanRun& run) {
  return run.delete_rest();
}

// Works from `from` to the end, in batches that all get on: each deals with a row at least. Returns
// how many it took.
template <typename Progress, typename Failures>
int finish(const Progress& from, SimulatedTable& table, Failures failures) {
  std::optional<Progress> rest = from;
  int batches = 0;
  while (rest) {
    REQUIRE(batches < kMostBatches);
    const Progress before = *rest;
    const PlanRun run = run_background(before, table, failures());
    rest = next_after(before, run);
    ++batches;
    if (!rest || !run.deleted.empty()) continue;
    if (!got_on(before, *rest)) {
      FAIL("batch ", batches, " got nowhere, having read ", run.read.size(), " rows");
    }
  }
  return batches;
}

SimulatedTable mixed_table(Random& random, std::int64_t rows) {
  SimulatedTable table;
  for (std::int64_t n = 0; n < rows; ++n) {
    const auto kind = random.below(3);
    Row row = kind == 2 ? external_row({n}, kSmall, kLarge)
                        : plain_row({n}, kind == 0 ? kSmall : kInline);
    row.expires_at = kNow - static_cast<double>(random.below(10));
    row.creation_time = kNow - static_cast<double>(random.below(10));
    row.epoch = random.chance(20) ? kEpoch : 0;
    table.put(row);
  }
  return table;
}

std::size_t survivors_in(const SimulatedTable& table) {
  return static_cast<std::size_t>(
      std::count_if(table.rows().begin(), table.rows().end(),
                    [](const auto& entry) { return entry.second.epoch >= kEpoch; }));
}

// How many deletions of such rows one background batch has room for.
std::int64_t most_deletions(std::int64_t size, std::int64_t value, std::int64_t documents) {
  return std::min({kBatchLimits.bytes_read / (2 * size + value),
                   kBatchLimits.documents_read / (2 + documents),
                   kBatchLimits.documents_written / (1 + documents), kMaxDeletes});
}

}  // namespace

TEST_SUITE("batch_plan, external values") {
  TEST_CASE(
      "from any caller's room on all of the range goes, with any failures, and nothing else") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.large = static_cast<int>(random.below(40));
      choices.external = static_cast<int>(random.below(100));
      choices.epochs = kEpoch;
      fill(table, random, 80, choices);
      const KeyRange range = *prefix_range(random_path(random, 1));
      std::map<Bytes, Row> outside = table.rows();
      std::erase_if(outside, [&](const auto& entry) { return range.contains(entry.first); });

      const TransactionLimits limits = callers_limits(random);
      DeletePlan first({range, std::nullopt}, kAllEpochs, kNow, Budget::for_caller(limits));
      const auto rest = run_plan(first, table, limits, kNow).delete_rest();
      if (rest) finish(*rest, table, [&] { return static_cast<int>(random.below(21)); });
      REQUIRE(table.rows().size() == outside.size());
      for (const auto& [path, row] : outside) REQUIRE(table.rows().contains(path));
    }
  }

  TEST_CASE("a sweep likewise") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.expired = 70;
      choices.large = static_cast<int>(random.below(40));
      choices.external = static_cast<int>(random.below(100));
      fill(table, random, 80, choices);
      const std::size_t live = live_rows(table, *prefix_range({}), kNow).size();

      const TransactionLimits limits = callers_limits(random);
      SweepPlan first({kNow, std::nullopt}, Budget::for_caller(limits));
      const auto rest = run_plan(first, table, limits, kNow).sweep_rest();
      if (rest) finish(*rest, table, [&] { return static_cast<int>(random.below(21)); });
      REQUIRE(table.rows().size() == live);
      REQUIRE(live_rows(table, *prefix_range({}), kNow).size() == live);
    }
  }

  TEST_CASE("entries of 100 bytes, of 900 KB and of 8 MiB external, in any order") {
    for (int failures = 0; failures <= 20; ++failures) {
      for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        INFO("failures ", failures, ", seed ", seed);
        Random random(seed);
        SimulatedTable table = mixed_table(random, 60);
        const std::size_t survivors = survivors_in(table);
        SimulatedTable swept = table;
        finish(DeleteProgress{*prefix_range({}), {}}, table, [=] { return failures; });
        REQUIRE(survivors_in(table) == survivors);
        REQUIRE(table.rows().size() == survivors);
        finish(SweepProgress{kNow, {}}, swept, [=] { return failures; });
        REQUIRE(swept.rows().empty());
      }
    }
  }

  TEST_CASE("a batch reads no more than one row that it has no room to delete") {
    SimulatedTable table;
    for (std::int64_t n = 0; n < 100; ++n) table.put(external_row({n}, kSmall, kInline));
    std::optional<DeleteProgress> rest = DeleteProgress{*prefix_range({}), {}};
    int batches = 0;
    for (; rest; ++batches) {
      REQUIRE(batches < kMostBatches);
      const PlanRun run = run_background(*rest, table, 0);
      CHECK(run.read.size() <= run.deleted.size() + 1);
      rest = run.delete_rest();
    }
    CHECK(batches == 6);  // 100 * 900 KB, of 16 MiB each
  }

  TEST_CASE("the largest row goes first, whatever follows it") {
    for (int failures = 0; failures <= 20; ++failures) {
      for (const std::uint32_t size : {kSmall, kInline, std::uint32_t{kMaxDocumentBytes}}) {
        INFO("failures ", failures, ", rows of ", size);
        SimulatedTable table;
        table.put(external_row({std::int64_t{0}}, kMaxDocumentBytes, kLargestValue));
        for (std::int64_t n = 1; n < 20; ++n) table.put(plain_row({n}, size));
        const PlanRun run = run_background(DeleteProgress{*prefix_range({}), {}}, table, failures);
        CHECK(run.deleted.size() >= 1);
      }
    }
  }

  TEST_CASE("a caller with no room for a value deletes what comes before it, and that alone") {
    SimulatedTable table;
    for (std::int64_t n = 0; n < 5; ++n) table.put(plain_row({n}, kSmall));
    table.put(external_row({std::int64_t{5}}, kSmall, kLarge));
    table.put(plain_row({std::int64_t{6}}, kSmall));
    constexpr TransactionLimits limits{kTransactionBytesRead / 2, 10000, 10000, 1000};
    DeletePlan plan({*prefix_range({}), {}}, kAllEpochs, kNow, Budget::for_caller(limits));
    const PlanRun run = run_plan(plan, table, limits, kNow);
    CHECK(run.batch_done().deleted == 5);
    CHECK(run.delete_rest()->after == plain_row({std::int64_t{4}}, 0).path);
    CHECK(run.left.bytes_read >= kTransactionBytesRead / 8);
    CHECK(finish(*run.delete_rest(), table, [] { return 0; }) == 1);
    CHECK(table.rows().empty());
  }

  TEST_CASE("without known room a batch still takes a value of any size") {
    for (const std::uint32_t value : {kLarge, kLargestValue}) {
      CAPTURE(value);
      SimulatedTable table;
      for (std::int64_t n = 0; n < 20; ++n) {
        table.put(n % 2 ? plain_row({n}, kInline) : external_row({n}, kSmall, value));
      }
      std::optional<DeleteProgress> rest = DeleteProgress{*prefix_range({}), {}};
      for (int batches = 0; rest; ++batches) {
        REQUIRE(batches < 40);
        DeletePlan plan(*rest, kEpoch, kNow, Budget::for_background({}, 0));
        rest = run_plan(plan, table, kPlatformLimits, kNow).delete_rest();
      }
      CHECK(table.rows().empty());
    }
  }

  TEST_CASE("a fresh batch does most of what the limits allow") {
    for (const std::uint32_t size : {100U, 500U, 2500U, 20'000U, 200'000U, 600'000U, 1U << 20}) {
      for (const std::uint32_t value : {0U, 2100U, 30'000U, 300'000U, 999'999U, 2'000'000U,
                                        5'000'000U, kLarge, kLargestValue}) {
        CAPTURE(size);
        CAPTURE(value);
        const Row sample = external_row({Null{}}, size, value);
        const std::int64_t most = most_deletions(size, value, sample.value_documents);
        SimulatedTable table;
        for (std::int64_t n = 0; n < most + 20; ++n) table.put(external_row({n}, size, value));
        const PlanRun run = run_background(DeleteProgress{*prefix_range({}), {}}, table, 0);
        const auto deleted = static_cast<std::int64_t>(run.deleted.size());
        CHECK(deleted * 10 >= most * 6);
        CHECK(deleted <= most);
      }
    }
  }

  TEST_CASE("each failure makes a batch smaller, little by little, down to one row") {
    SimulatedTable table;
    for (std::int64_t n = 0; n < 4000; ++n) table.put(external_row({n}, kSmall, 2100));
    std::size_t before = 4000;
    for (int failures = 0; failures <= 20; ++failures) {
      CAPTURE(failures);
      SimulatedTable copy = table;
      const PlanRun run = run_background(DeleteProgress{*prefix_range({}), {}}, copy, failures);
      CHECK(run.deleted.size() <= before);
      CHECK(run.deleted.size() >= std::max<std::size_t>(before / 4, 1));
      before = run.deleted.size();
    }
    CHECK(before == 1);
  }
}

}  // namespace delete_values_test
