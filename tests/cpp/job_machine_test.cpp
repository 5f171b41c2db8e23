#include "convex_kv/jobs/job_machine.hpp"

#include <doctest/doctest.h>

using namespace convex_kv;

namespace job_machine_test {

namespace {

constexpr double kNow = 1'755'000'000'000;
constexpr double kMinute = 60'000;
constexpr JobState kJob{7, 1, kNow + kMinute};
constexpr double kAfterLease = kNow + kMinute;

JobActions on(const JobEvent& event, double now = kNow) { return job_actions(kJob, event, now); }
JobActions without_job(const JobEvent& event) { return job_actions(std::nullopt, event, kNow); }

// A takeover of kJob: the second failure, whose lease is four minutes.
const JobActions kTakenOver{.save = JobState{8, 2, kAfterLease + 4 * kMinute},
                            .schedules_batch = true,
                            .watch_at = kAfterLease + 4 * kMinute};

}  // namespace

TEST_SUITE("job machine") {
  TEST_CASE("a new job has a batch to come, and a watch where its lease ends") {
    const JobActions expected{.save = JobState{0, 0, kNow + kMinute},
                              .schedules_batch = true,
                              .watch_at = kNow + kMinute};
    CHECK(without_job(JobStarted{std::nullopt}) == expected);
  }

  TEST_CASE("one that passes over later writes gets an epoch that none had before") {
    CHECK(without_job(JobStarted{0}).epoch == 1);
    CHECK(without_job(JobStarted{41}).epoch == 42);
  }

  TEST_CASE("a batch runs if its number is the job's") {
    CHECK(on(BatchDue{7}) == JobActions{.runs_batch = true});
    for (const std::int64_t step : {0, 6, 8}) CHECK(on(BatchDue{step}) == JobActions{});
    CHECK(without_job(BatchDue{0}) == JobActions{});
  }

  TEST_CASE("a batch that leaves work schedules the next, under a new lease") {
    const JobActions expected{.save = JobState{8, 1, kNow + 2 * kMinute}, .schedules_batch = true};
    CHECK(on(BatchEnded{true, false, false}) == expected);
    CHECK(on(BatchEnded{true, false, true}) == expected);
  }

  TEST_CASE("a late clock does not shorten a lease") {
    const auto actions = on(BatchEnded{true, false, false}, kNow - 30 * kMinute);
    REQUIRE(actions.save);
    CHECK(actions.save->lease_until == kJob.lease_until);
  }

  TEST_CASE("without work left the job is done, and an error ends it whatever is left") {
    CHECK(on(BatchEnded{false, false, false}) == JobActions{.end = JobEnd::kDone});
    CHECK(on(BatchEnded{false, false, true}) ==
          JobActions{.end = JobEnd::kDone, .moves_watermark = true});
    for (const bool has_more : {false, true}) {
      for (const bool is_sweep : {false, true}) {
        CHECK(on(BatchEnded{has_more, true, is_sweep}) == JobActions{.end = JobEnd::kFailed});
      }
    }
  }

  TEST_CASE("a watch waits for the lease to end, then takes the job over") {
    CHECK(on(WatchDue{1}) == JobActions{.watch_at = kJob.lease_until});
    CHECK(on(WatchDue{1}, kAfterLease - 1) == JobActions{.watch_at = kJob.lease_until});
    CHECK(on(WatchDue{1}, kAfterLease) == kTakenOver);
  }

  TEST_CASE("a watch of another number of failures is out of date") {
    CHECK(on(WatchDue{0}, kAfterLease) == JobActions{});
    CHECK(on(WatchDue{2}, kAfterLease) == JobActions{});
    CHECK(without_job(WatchDue{0}) == JobActions{});
  }

  TEST_CASE("a watch that is to come, and not yet due, needs no look at its job") {
    CHECK(without_job(WatchSeen{kNow + 1, true}) == JobActions{});
    CHECK(without_job(WatchSeen{kNow, true}) == JobActions{.reads_job = true});
    CHECK(without_job(WatchSeen{kNow + 1, false}) == JobActions{.reads_job = true});
  }

  TEST_CASE("a lost watch is set again, a silent job taken over, a watch of no job deleted") {
    CHECK(on(JobSeen{true}) == JobActions{});
    CHECK(on(JobSeen{false}) == JobActions{.watch_at = kJob.lease_until});
    CHECK(on(JobSeen{true}, kAfterLease) == kTakenOver);
    CHECK(on(JobSeen{false}, kAfterLease) == kTakenOver);
    CHECK(without_job(JobSeen{true}) == JobActions{.drops_watch = true});
  }

  TEST_CASE("a replaced job ends") {
    CHECK(on(JobReplaced{}) == JobActions{.end = JobEnd::kReplaced});
    CHECK(without_job(JobReplaced{}) == JobActions{});
  }
}

}  // namespace job_machine_test
