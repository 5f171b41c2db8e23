#include "convex_kv/plans/transfer_plan.hpp"

#include <doctest/doctest.h>

#include <map>

#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/plans/delete_plan.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace transfer_plan_test {

namespace {

constexpr std::uint32_t kEpoch = 10;
constexpr int kMostBatches = 3000;

Key key_of(const char* first) { return {std::string(first)}; }

TransferProgress transfer_of(TransferKind kind, OnConflict on_conflict) {
  return {kind, on_conflict, *prefix_range(key_of("from")), *encode_sort_key(key_of("to")), {}};
}

bool is_live(const Row& row) { return !row.expires_at || *row.expires_at > kNow; }

// What tells rows apart, wherever they are.
using Facts = std::tuple<std::uint32_t, std::uint32_t, double>;
Facts facts_of(const Row& row) { return {row.size, row.value_bytes, row.creation_time}; }

// Live entries by path.
using Model = std::map<Bytes, Facts>;

Model model_of(const SimulatedTable& table) {
  Model model;
  for (const auto& [path, row] : table.rows()) {
    if (is_live(row)) model[path] = facts_of(row);
  }
  return model;
}

TransactionLimits small_limits(Random& random) {
  return {(1 << 16) + random.between(3, 15) * kMaxDocumentBytes, 34 + random.between(0, 90),
          33 + random.between(1, 60), 34 + random.between(1, 30), kTransactionBytesWritten};
}

PlanRun run_batch(const TransferProgress& progress, std::uint32_t epoch, SimulatedTable& table,
                  TransactionLimits limits, int failures, std::uint32_t stamp) {
  const Budget budget =
      epoch == kAllEpochs ? Budget::for_caller(limits) : Budget::for_background(limits, failures);
  TransferPlan plan(progress, epoch, kNow, budget);
  return run_transfer(plan, table, limits, kNow, {progress, stamp});
}

// Rows at the same places on both sides, or not.
void fill_sides(SimulatedTable& table, Random& random, const RowChoices& choices) {
  const std::uint64_t keys = random.below(120);
  for (std::uint64_t i = 0; i < keys; ++i) {
    Key key = random_path(random, 3);
    const auto put = [&](const char* first) {
      Key whole = key_of(first);
      whole.insert(whole.end(), key.begin(), key.end());
      table.put(random_row(random, whole, choices));
    };
    if (random.chance(80)) put("from");
    if (random.chance(30)) put("to");
    if (random.chance(10)) put("fro");
    if (random.chance(10)) put("too");
  }
  for (std::uint64_t i = random.below(60); i > 0; --i) {
    table.put(random_row(random, {std::string("from"), static_cast<std::int64_t>(i)}, choices));
  }
}

}  // namespace

TEST_SUITE("transfer_plan") {
  TEST_CASE("random trees, batch by batch, agree with a model after each") {
    for (std::uint64_t seed = 1; seed <= 250; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.largest = 1 << 18;
      choices.epochs = kEpoch;
      choices.external = 10;
      choices.largest_value = 1 << 21;
      fill_sides(table, random, choices);
      const auto kind = random.chance(50) ? TransferKind::kMove : TransferKind::kCopy;
      const auto rule = random.chance(50) ? OnConflict::kOverwrite : OnConflict::kSkip;
      TransferProgress progress = transfer_of(kind, rule);
      const Model before = model_of(table);

      std::int64_t transferred = 0;
      std::int64_t skipped = 0;
      bool more = true;
      for (int batch = 0; more; ++batch) {
        REQUIRE(batch < kMostBatches);
        const bool first = batch == 0 && random.chance(50);
        const TransactionLimits limits =
            random.chance(10) && batch > 0 ? TransactionLimits{0, 0, 0, 0} : small_limits(random);
        const std::uint32_t epoch = first ? kAllEpochs : kEpoch;
        const int failures = static_cast<int>(random.below(8));
        if (random.chance(10)) {  // a batch that throws leaves no trace
          SimulatedTable rolled_back = table;
          run_batch(progress, epoch, rolled_back, limits, failures, kEpoch);
          continue;
        }
        const PlanRun run = run_batch(progress, epoch, table, limits, failures, kEpoch);
        const BatchDone& done = run.batch_done();
        REQUIRE_FALSE(done.error.has_value());
        transferred += done.transferred;
        skipped += done.skipped;
        more = done.rest.has_value();
        if (more) progress = *run.transfer_rest();

        // What is done is at its new place, the rest where it was.
        Model expected = before;
        std::int64_t count = 0;
        std::int64_t left = 0;
        for (const auto& [path, facts] : before) {
          if (!progress.source.contains(path)) continue;
          if (more && (!progress.after || path > *progress.after)) continue;
          const Bytes image = progress.image_of(path);
          if (before.contains(image) && rule == OnConflict::kSkip) {
            ++left;
            continue;
          }
          expected[image] = facts;
          if (kind == TransferKind::kMove) expected.erase(path);
          ++count;
        }
        Model now = model_of(table);
        // If both together are too much, what is in the way may go a batch earlier.
        if (more && rule == OnConflict::kOverwrite && now.size() < expected.size()) {
          for (const auto& [path, facts] : expected) {
            if (!now.contains(path)) now[path] = facts;
          }
          REQUIRE(now.size() == expected.size());
        }
        REQUIRE(now == expected);
        REQUIRE(transferred == count);
        REQUIRE(skipped == left);
      }
    }
  }

  TEST_CASE("writers on both sides between batches") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.largest = 1 << 18;
      choices.epochs = kEpoch;
      fill_sides(table, random, choices);
      TransferProgress progress = transfer_of(TransferKind::kMove, OnConflict::kOverwrite);
      const Model before = model_of(table);
      std::map<Bytes, Row> written;
      bool more = true;
      for (int batch = 0; more; ++batch) {
        REQUIRE(batch < kMostBatches);
        const PlanRun run = run_batch(progress, kEpoch, table, small_limits(random), 0, kEpoch);
        more = run.batch_done().rest.has_value();
        if (!more) break;
        progress = *run.transfer_rest();
        for (std::uint64_t n = random.below(4); n > 0; --n) {
          Key key = key_of(random.chance(50) ? "from" : "to");
          const Key below = random_path(random, 3);
          key.insert(key.end(), below.begin(), below.end());
          RowChoices live = choices;
          live.expired = 0;
          Row row = random_row(random, key, live);
          row.epoch = kEpoch + static_cast<std::uint32_t>(random.below(2));
          table.put(row);
          written[row.path] = row;
        }
      }
      // What was written later is there, whatever arrived; all else arrived.
      for (const auto& [path, row] : written) {
        REQUIRE(table.rows().contains(path));
        REQUIRE(table.rows().at(path).epoch == row.epoch);
        REQUIRE(facts_of(table.rows().at(path)) == facts_of(row));
      }
      for (const auto& [path, row] : table.rows()) {
        if (progress.source.contains(path) && is_live(row)) REQUIRE(written.contains(path));
      }
      for (const auto& [path, facts] : before) {
        // What was overwritten at its source before a batch got there is not the move's any more.
        if (!progress.source.contains(path)) continue;
        const Bytes image = progress.image_of(path);
        if (written.contains(path) || written.contains(image)) continue;
        REQUIRE(table.rows().contains(image));
        REQUIRE(facts_of(table.rows().at(image)) == facts);
      }
    }
  }

  TEST_CASE(
      "an earlier deletion of the destination passes over what arrives, a later one does not") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 50; ++i) {
      table.put(plain_row({std::string("from"), i}, 200));
      table.put(plain_row({std::string("to"), i + 100}, 200));
    }
    const TransferProgress progress = transfer_of(TransferKind::kMove, OnConflict::kError);
    // A deletion of epoch 4 is under way: what is written carries a 4.
    CHECK(run_batch(progress, kAllEpochs, table, kPlatformLimits, 0, 4).batch_done().transferred ==
          50);
    const auto delete_to = [&](std::uint32_t epoch) {
      DeletePlan plan({*prefix_range(key_of("to")), {}}, epoch, kNow,
                      Budget::for_background(kPlatformLimits, 0));
      return run_plan(plan, table, kPlatformLimits, kNow).batch_done().deleted;
    };
    CHECK(delete_to(4) == 50);
    CHECK(table.rows().size() == 50);
    CHECK(delete_to(5) == 50);
  }

  TEST_CASE("a conflict") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 20; ++i) table.put(plain_row({std::string("from"), i}, 200));
    table.put(plain_row({std::string("to"), std::int64_t{12}}, 300));
    const TransferProgress progress = transfer_of(TransferKind::kMove, OnConflict::kError);

    SUBCASE("in the caller's transaction is an error") {
      const PlanRun run = run_batch(progress, kAllEpochs, table, kPlatformLimits, 0, 0);
      CHECK(run.error().code == ErrorCode::kConflict);
      CHECK(table.rows().size() == 21);
    }
    SUBCASE("in the background ends the work, and what was moved stays moved") {
      const PlanRun run = run_batch(progress, kEpoch, table, kPlatformLimits, 0, kEpoch);
      const BatchDone& done = run.batch_done();
      REQUIRE(done.error.has_value());
      CHECK(done.error->code == ErrorCode::kConflict);
      CHECK_FALSE(done.rest.has_value());
      CHECK(done.transferred == 12);
      CHECK(table.rows().size() == 21);
      CHECK(live_rows(table, progress.source, kNow).size() == 8);
    }
  }

  TEST_CASE("an image that is too long for a key") {
    SimulatedTable table;
    table.put(plain_row({std::string("from"), std::string(1000, 'x')}, 1200));
    table.put(plain_row({std::string("from"), std::int64_t{1}}, 1200));
    TransferProgress progress = transfer_of(TransferKind::kCopy, OnConflict::kError);
    progress.to = *encode_sort_key({std::string(1500, 'y')});
    SimulatedTable rolled_back = table;
    CHECK(run_batch(progress, kAllEpochs, rolled_back, kPlatformLimits, 0, 0).error().code ==
          ErrorCode::kInvalidKey);
    const PlanRun run = run_batch(progress, kEpoch, table, kPlatformLimits, 0, kEpoch);
    CHECK(run.batch_done().transferred == 1);
    CHECK(run.batch_done().error->code == ErrorCode::kInvalidKey);
  }

  TEST_CASE("a row of any size gets through, whatever it replaces, after any number of failures") {
    for (const auto kind : {TransferKind::kMove, TransferKind::kCopy}) {
      for (const int failures : {0, 3, 30}) {
        SimulatedTable table;
        TransferProgress progress = transfer_of(kind, OnConflict::kOverwrite);
        for (std::int64_t i = 0; i < 5; ++i) {
          const std::uint32_t size = (1 << 20) - 100;
          table.put(external_row({std::string("from"), i}, size, kLargestValue));
          table.put(external_row({std::string("to"), i}, size, kLargestValue));
        }
        std::int64_t transferred = 0;
        bool more = true;
        for (int batch = 0; more; ++batch) {
          REQUIRE(batch < 20);
          const PlanRun run = run_batch(progress, kEpoch, table, kPlatformLimits, failures, kEpoch);
          transferred += run.batch_done().transferred;
          more = run.batch_done().rest.has_value();
          if (more) progress = *run.transfer_rest();
        }
        CHECK(transferred == 5);
      }
    }
  }

  TEST_CASE("20,000 small rows take about as many transactions as their writes do") {
    for (const auto kind : {TransferKind::kMove, TransferKind::kCopy}) {
      SimulatedTable table;
      for (std::int64_t i = 0; i < 20'000; ++i) table.put(plain_row({std::string("from"), i}, 250));
      TransferProgress progress = transfer_of(kind, OnConflict::kError);
      int batches = 0;
      for (bool more = true; more; ++batches) {
        const PlanRun run = run_batch(progress, kEpoch, table, kPlatformLimits, 0, kEpoch);
        more = run.batch_done().rest.has_value();
        if (more) progress = *run.transfer_rest();
      }
      CHECK(batches == 2);
    }
  }

  TEST_CASE("few rows into many cost few reads") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 20'000; ++i) table.put(plain_row({std::string("to"), i}, 150));
    for (std::int64_t i = 0; i < 500; ++i) {
      table.put(plain_row({std::string("from"), static_cast<double>(i)}, 150));
      table.put(plain_row({std::string("from"), i * 40}, 150));
    }
    TransferProgress progress = transfer_of(TransferKind::kMove, OnConflict::kSkip);
    const PlanRun run = run_batch(progress, kEpoch, table, kPlatformLimits, 0, kEpoch);
    CHECK_FALSE(run.batch_done().rest.has_value());
    CHECK(run.batch_done().transferred == 500);
    CHECK(run.batch_done().skipped == 500);
    CHECK(run.read.size() < 10'000);
    CHECK(run.asked.size() < 600);
  }

  TEST_CASE("prefixes that cover one another are refused") {
    const auto refused_from = [](const Key& from, const Key& to) {
      const TransferProgress progress{TransferKind::kMove, OnConflict::kError, *prefix_range(from),
                                      *encode_sort_key(to), std::nullopt};
      const bool resumes = transfer_progress_from(*parse_json(rest_of(progress))).has_value();
      CHECK(check_transfer(progress).has_value() == !resumes);
      return !resumes;
    };
    const auto refused = [&](const Key& to) {
      return refused_from({std::string("a"), std::string("b")}, to);
    };
    CHECK(refused({std::string("a"), std::string("b")}));
    CHECK(refused({std::string("a"), std::string("b"), std::int64_t{1}}));
    CHECK(refused({std::string("a")}));
    CHECK(refused({}));
    CHECK_FALSE(refused({std::string("a"), std::string("c")}));
    CHECK_FALSE(refused({std::string("a"), std::string("b\0c", 3)}));
    CHECK(refused_from({}, {std::string("a")}));
  }

  TEST_CASE("progress as text, and text that is none") {
    TransferProgress progress = transfer_of(TransferKind::kCopy, OnConflict::kSkip);
    progress.after = progress.source.lower;
    progress.after->push_back(0x08);
    const auto back = transfer_progress_from(*parse_json(rest_of(progress)));
    REQUIRE(back.has_value());
    CHECK(back->kind == progress.kind);
    CHECK(back->on_conflict == progress.on_conflict);
    CHECK(back->source.lower == progress.source.lower);
    CHECK(back->source.upper == progress.source.upper);
    CHECK(back->to == progress.to);
    CHECK(back->after == progress.after);
    for (const char* text : {"{}", "[]", "1", R"({"plan":"move"})", R"({"plan":"delete"})"}) {
      CHECK_FALSE(transfer_progress_from(*parse_json(text)).has_value());
    }
  }
}

}  // namespace transfer_plan_test
