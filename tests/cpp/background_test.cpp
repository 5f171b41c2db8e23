// Deletions and sweeps side by side in the background, among writers, as the component runs them:
// what was there when one was asked for goes, what was written later stays, and all of it ends.
#include <doctest/doctest.h>

#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/messages/plan_request.hpp"
#include "convex_kv/messages/step_message.hpp"
#include "convex_kv/plans/delete_plan.hpp"
#include "convex_kv/plans/sweep_plan.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace background_test {

namespace {

constexpr int kMostBatches = 2000;

// Which write each row is of.
using Versions = std::map<Bytes, int>;

struct Job {
  std::uint32_t epoch;          // of a deletion; 0: a sweep
  Versions due;                 // of a deletion: what it is to delete
  double until;                 // of a sweep
  std::optional<Bytes> latest;  // of a deletion: the last row that it read
  std::string rest;
  int failures = 0;
};

std::string room_json(const TransactionLimits& room) {
  const auto metric = [](const char* name, std::int64_t remaining) {
    return "\"" + std::string(name) + R"(":{"remaining":)" + std::to_string(remaining) + "}";
  };
  return "{" + metric("bytesRead", room.bytes_read) + "," +
         metric("documentsRead", room.documents_read) + "," +
         metric("documentsWritten", room.documents_written) + "," +
         metric("databaseQueries", room.queries) + "}";
}

std::optional<std::string> rest_text(const PlanRun& run) {
  run.batch_done();
  return string_member(*parse_json(step_to_json(run.end)), "rest");
}

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    choices_.large = static_cast<int>(random_.below(30));
    choices_.largest = static_cast<std::uint32_t>(random_.between(500, kMaxDocumentBytes));
    choices_.apart = static_cast<int>(random_.below(60));
    choices_.largest_value = random_.chance(50) ? 1 << 20 : kLargestValue;
    for (std::uint64_t n = random_.below(150); n > 0; --n) set();
  }

  void run(int steps) {
    for (int step = 0; step < steps; ++step) {
      now_ += static_cast<double>(random_.below(10) * random_.below(2000));
      for (std::uint64_t n = random_.below(5); n > 0; --n) set();
      if (random_.chance(20)) remove_any();
      if (random_.chance(12)) ask_deletion();
      if (random_.chance(12)) ask_sweep();
      if (!jobs_.empty()) run_batch(random_.below(jobs_.size()), random_room());
    }
  }

  // The writers stop. What is under way finishes, and a last sweep deletes the rest.
  void finish() {
    finish_jobs();
    now_ += 200'000;
    ask_sweep();
    finish_jobs();
    for (const auto& [path, row] : table_.rows()) {
      if (row.expires_at && *row.expires_at <= now_) FAIL("an expired row has stayed");
    }
    REQUIRE(table_.rows().size() == versions_.size());
    for (const auto& [path, version] : versions_) REQUIRE(table_.rows().contains(path));
  }

  std::size_t deleted() const { return deleted_; }
  int survived() const { return survived_; }

 private:
  // As the component writes: what had expired by the writer's clock leaves no row, a row that is
  // replaced keeps its creation time, and each has the epoch of the newest deletion under way.
  void set() {
    const Key key = random_path(random_, 3);
    if (key.empty()) return;
    Row row = random_row(random_, key, choices_);
    row.expires_at.reset();
    const auto existing = table_.rows().find(row.path);
    const bool exists = existing != table_.rows().end();
    if (random_.chance(60)) {
      // The clock of another machine, which is late by less than a sweep allows for.
      const double late = random_.chance(25) ? static_cast<double>(random_.below(60'000)) : 0;
      const double ttl = static_cast<double>(random_.below(random_.chance(50) ? 3000 : 200'000));
      if (ttl == 0) {
        if (exists) remove(row.path);
        return;
      }
      row.expires_at = now_ - late + ttl;
    }
    row.creation_time = exists ? existing->second.creation_time : now_;
    row.epoch = 0;
    for (const Job& job : jobs_) row.epoch = std::max(row.epoch, job.epoch);
    table_.put(row);
    versions_[row.path] = ++latest_version_;
  }

  void remove_any() {
    if (table_.rows().empty()) return;
    auto victim = table_.rows().begin();
    std::advance(victim, static_cast<std::ptrdiff_t>(random_.below(table_.rows().size())));
    remove(Bytes(victim->first));
  }

  void remove(const Bytes& path) {
    table_.remove(path);
    versions_.erase(path);
  }

  void ask_deletion() {
    const KeyRange range = *prefix_range(random_path(random_, 1));
    Job job{latest_epoch_ + 1, {}, 0, {}, {}};
    for (const auto& [path, version] : versions_) {
      if (range.contains(path)) job.due[path] = version;
    }
    const TransactionLimits room = callers_room();
    DeletePlan plan({range, std::nullopt}, kNoEpoch, now_, Budget::for_caller(room));
    if (after(job, run_plan(plan, table_, room, now_))) {
      ++latest_epoch_;
      jobs_.push_back(std::move(job));
    }
  }

  void ask_sweep() {
    for (const Job& job : jobs_) {
      if (job.epoch == 0) return;
    }
    Job job{0, {}, now_, {}, {}};
    const TransactionLimits room = callers_room();
    SweepProgress from{now_, std::nullopt};
    if (mark_) from.since = *mark_ - kSweepLateness;
    SweepPlan plan(from, Budget::for_caller(room));
    if (after(job, run_plan(plan, table_, room, now_))) jobs_.push_back(std::move(job));
  }

  void run_batch(std::size_t index, TransactionLimits room) {
    Job& job = jobs_[index];
    const std::string request =
        R"({"plan":"resume","from":)" + dump_json(Json(job.rest)) + R"(,"epoch":)" +
        std::to_string(job.epoch) + R"(,"now":)" + std::to_string(static_cast<std::int64_t>(now_)) +
        R"(,"failures":)" + std::to_string(job.failures) + R"(,"room":)" + room_json(room) + "}";
    auto plan = plan_from_request({}, request);
    REQUIRE(plan.ok());
    // Some transactions fail and leave no trace.
    if (random_.chance(15)) {
      SimulatedTable rolled_back = table_;
      run_plan(**plan, rolled_back, room, now_);
      ++job.failures;
      return;
    }
    if (after(job, run_plan(**plan, table_, room, now_))) {
      job.failures = 0;
    } else {
      jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(index));
    }
  }

  // Takes in what a batch did, and checks it. Whether more is to do.
  bool after(Job& job, const PlanRun& run) {
    for (const Row& row : run.read) {
      if (job.epoch == 0) {
        if (!row.expires_at || *row.expires_at > job.until) FAIL("read a row that is not due");
        continue;
      }
      // A row that its batch had no room to delete is read again.
      if (job.latest && row.path < *job.latest) FAIL("read a row again");
      job.latest = row.path;
    }
    for (const Row& row : run.deleted) check_due(job, row);
    for (const Row& row : run.deleted) versions_.erase(row.path);
    deleted_ += run.deleted.size();
    if (job.epoch != 0 && run.batch_done().rest) {
      job.latest = std::get<DeleteProgress>(*run.batch_done().rest).after;
    }
    const auto rest = rest_text(run);
    if (rest) {
      job.rest = *rest;
      return true;
    }
    check_complete(job);
    return false;
  }

  void check_due(const Job& job, const Row& row) const {
    if (job.epoch == 0) {
      if (!row.expires_at || *row.expires_at > job.until) FAIL("swept a live row");
      return;
    }
    const auto due = job.due.find(row.path);
    if (due == job.due.end()) FAIL("deleted a row that was not there, or is out of the range");
    if (due->second != versions_.at(row.path)) FAIL("deleted a row written later");
  }

  void check_complete(const Job& job) {
    if (job.epoch == 0) {
      mark_ = job.until;
      return;
    }
    for (const auto& [path, version] : job.due) {
      const auto now = versions_.find(path);
      if (now == versions_.end()) continue;
      if (now->second == version) FAIL("left a row that was to go");
      ++survived_;
    }
  }

  void finish_jobs() {
    for (int batches = 0; !jobs_.empty(); ++batches) {
      REQUIRE(batches < kMostBatches);
      run_batch(random_.below(jobs_.size()), kWholeRoom);
    }
  }

  TransactionLimits callers_room() {
    if (random_.chance(20)) return kWholeRoom;
    return {kTransactionBytesRead / 8 + random_.between(-1000, kTransactionBytesRead / 2),
            random_.between(10, 140), random_.between(10, 90), random_.between(12, 50)};
  }

  // Of a batch: all there is, less than anything takes, or enough for a few rows.
  TransactionLimits random_room() {
    if (random_.chance(20)) return kWholeRoom;
    if (random_.chance(10)) return {random_.between(0, 1 << 20), 40, 40, 40};
    return {random_.between(3 << 20, kTransactionBytesRead), random_.between(30, 120),
            random_.between(30, 80), random_.between(30, 60)};
  }

  Random random_;
  RowChoices choices_;
  SimulatedTable table_;
  Versions versions_;
  std::vector<Job> jobs_;
  double now_ = kNow;
  std::optional<double> mark_;
  std::uint32_t latest_epoch_ = 0;
  int latest_version_ = 0;
  std::size_t deleted_ = 0;
  int survived_ = 0;
};

}  // namespace

TEST_SUITE("background work") {
  TEST_CASE("deletions and sweeps among writers delete what they are to, and no more") {
    std::size_t deleted = 0;
    int survived = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      INFO("seed ", seed);
      World world(seed);
      world.run(60);
      world.finish();
      deleted += world.deleted();
      survived += world.survived();
    }
    // It tests nothing if little happens.
    CHECK(deleted > 10'000);
    CHECK(survived > 500);
  }
}

}  // namespace background_test
