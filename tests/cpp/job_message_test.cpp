#include "convex_kv/messages/job_message.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace convex_kv;

namespace job_message_test {

namespace {

// A question about a job, with the event's members.
std::string about_job(const std::string& members) {
  return R"({"now":1000,"job":{"step":3,"failures":1,"leaseUntil":5000},)" + members + "}";
}

std::string without_job(const std::string& members) { return R"({"now":1000,)" + members + "}"; }

const std::string kRefused =
    R"({"step":"error","code":"invalid_request","message":"The job's event did not cross into the core whole."})";

}  // namespace

TEST_SUITE("job messages") {
  TEST_CASE("each event, and the actions that it comes to") {
    CHECK(answer_job_question(without_job(R"("event":"started","latestEpoch":4)")) ==
          R"({"epoch":5,"save":{"step":0,"failures":0,"leaseUntil":61000},)"
          R"("schedulesBatch":true,"watchAt":61000})");
    CHECK(answer_job_question(without_job(R"("event":"started","job":null)")) ==
          R"({"save":{"step":0,"failures":0,"leaseUntil":61000},)"
          R"("schedulesBatch":true,"watchAt":61000})");
    CHECK(answer_job_question(about_job(R"("event":"batchDue","step":3)")) ==
          R"({"runsBatch":true})");
    CHECK(answer_job_question(about_job(R"("event":"batchDue","step":2)")) == "{}");
    CHECK(answer_job_question(about_job(
              R"("event":"batchEnded","hasMore":true,"hasFailed":false,"isSweep":false)")) ==
          R"({"save":{"step":4,"failures":1,"leaseUntil":121000},"schedulesBatch":true})");
    CHECK(answer_job_question(about_job(
              R"("event":"batchEnded","hasMore":false,"hasFailed":false,"isSweep":true)")) ==
          R"({"end":"done","movesWatermark":true})");
    CHECK(answer_job_question(about_job(
              R"("event":"batchEnded","hasMore":false,"hasFailed":true,"isSweep":false)")) ==
          R"({"end":"failed"})");
    CHECK(answer_job_question(about_job(R"("event":"watchDue","failures":1)")) ==
          R"({"watchAt":5000})");
    CHECK(answer_job_question(without_job(R"("event":"watchSeen","due":5000,"isPending":false)")) ==
          R"({"readsJob":true})");
    CHECK(answer_job_question(without_job(R"("event":"jobSeen","isWatchPending":true)")) ==
          R"({"dropsWatch":true})");
    CHECK(answer_job_question(about_job(R"("event":"replaced")")) == R"({"end":"replaced"})");
  }

  TEST_CASE("what is no question is refused") {
    const std::string refused[] = {
        "",
        "[]",
        "{}",
        R"({"event":"replaced"})",
        R"({"event":"replaced","now":"1"})",
        R"({"event":"replaced","now":{"$float":"AAAAAAAA+H8="}})",
        R"({"event":"replaced","now":1,"job":{}})",
        R"({"event":"replaced","now":1,"job":{"step":-1,"failures":0,"leaseUntil":0}})",
        R"({"event":"replaced","now":1,"job":{"step":9007199254740991,"failures":0,"leaseUntil":0}})",
        without_job(R"("event":"ended")"),
        without_job(R"("event":"started","latestEpoch":-1)"),
        without_job(R"("event":"started","latestEpoch":4294967294)"),
        without_job(R"("event":"started","latestEpoch":null)"),
        about_job(R"("event":"started")"),
        about_job(R"("event":"batchDue")"),
        about_job(R"("event":"batchEnded","hasMore":1,"hasFailed":false,"isSweep":false)"),
        about_job(R"("event":"batchEnded","hasMore":true,"isSweep":false)"),
        about_job(R"("event":"watchDue","failures":-1)"),
        about_job(R"("event":"watchSeen","due":0)"),
        about_job(R"("event":"jobSeen")"),
    };
    for (const std::string& text : refused) {
      CAPTURE(text);
      CHECK(answer_job_question(text) == kRefused);
    }
  }
}

}  // namespace job_message_test
