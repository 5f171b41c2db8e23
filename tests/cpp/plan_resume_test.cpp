// Background work that continues, batch by batch, from the text that the batch before left.
#include <doctest/doctest.h>

#include <string>

#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/messages/plan_request.hpp"
#include "convex_kv/messages/step_message.hpp"
#include "support/open_plan.hpp"
#include "support/plan_runner.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace plan_resume_test {

namespace {

struct Work {
  std::int64_t deleted = 0;
  int batches = 0;
};

// A transaction with as much room as kLimits says.
constexpr TransactionLimits kSmall{4194304, 100, 60, 50};
constexpr const char* kLimits =
    R"({"bytesRead":{"remaining":4194304},"documentsRead":{"remaining":100},)"
    R"("documentsWritten":{"remaining":60},"databaseQueries":{"remaining":50}})";

// Goes on from the text `from` until there is no more of it.
Work work_from(std::string from, std::uint32_t epoch, SimulatedTable& table) {
  Work work;
  for (bool more = true; more; ++work.batches) {
    REQUIRE(work.batches < 50);
    const std::string request = R"({"plan":"resume","from":)" + dump_json(Json(from)) +
                                R"(,"epoch":)" + std::to_string(epoch) +
                                R"(,"now":1,"failures":0,"transactionLimits":)" + kLimits + "}";
    INFO(request);
    const auto plan = open_plan({}, request);
    REQUIRE(plan.ok());
    const PlanRun run = run_plan(**plan, table, kSmall, kNow);
    work.deleted += run.batch_done().deleted;
    const auto rest = string_member(*parse_json(step_to_message(run.end)), "rest");
    more = rest.has_value();
    from = rest.value_or("");
  }
  return work;
}

}  // namespace

TEST_SUITE("plan_request, resume") {
  TEST_CASE("a deletion") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 200; ++i) table.put(plain_row({std::string("a"), i}, 1000));
    table.put(plain_row({std::string("b")}, 1000));
    Row newer = plain_row({std::string("a"), std::string("newer")}, 1000);
    newer.epoch = 4;
    table.put(newer);
    const Work work = work_from(
        R"({"plan":"delete","lower":{"$bytes":"EGEA"},"upper":{"$bytes":"EGEA/w=="}})", 4, table);
    CHECK(work.deleted == 200);
    CHECK(work.batches > 5);
    CHECK(table.rows().size() == 2);
  }

  TEST_CASE("a deletion from where it stands") {
    SimulatedTable table;
    for (std::int64_t i = 1; i <= 5; ++i) table.put(plain_row({i}, 1000));
    const Work work = work_from(
        R"({"plan":"delete","lower":{"$bytes":""},"upper":{"$bytes":"/w=="},"after":{"$bytes":"CQI="}})",
        1, table);
    CHECK(work.deleted == 3);
    CHECK(table.rows().size() == 2);
  }

  TEST_CASE("a sweep, fractions of a millisecond and all") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 200; ++i) {
      Row row = plain_row({i}, 1000);
      row.expires_at = 1000.1 + static_cast<double>(i / 50) * 0.3;
      row.creation_time = 0.1 * static_cast<double>(i);
      table.put(row);
    }
    const Work work = work_from(R"({"plan":"sweep","until":{"$float":"mpmZmZlFj0A="}})", 0, table);
    CHECK(work.deleted == 150);  // until 1000.7
    CHECK(work.batches > 5);
    CHECK(table.rows().size() == 50);
  }

  TEST_CASE("a sweep from where it stands") {
    SimulatedTable table;
    for (std::int64_t i = 1; i <= 5; ++i) {
      Row row = plain_row({i}, 1000);
      row.expires_at = 10;
      row.creation_time = static_cast<double>(i);
      table.put(row);
    }
    CHECK(work_from(R"({"plan":"sweep","until":10,"expiresAt":10,"creationTime":4})", 0, table)
              .deleted == 2);
    CHECK(table.rows().size() == 3);
  }

  TEST_CASE("a text that no job of ours keeps is refused, whatever a call would refuse among it") {
    const auto opens = [](const std::string& from, const std::string& rest = R"("now":1)") {
      INFO(from);
      const std::string request = R"({"plan":"resume","from":)" + dump_json(Json(from)) +
                                  R"(,"epoch":1,"failures":0,)" + rest + "}";
      const auto plan = open_plan({}, request);
      if (!plan.ok()) CHECK(plan.error().code == ErrorCode::kInvalidRequest);
      return plan.ok();
    };
    const std::string deletion =
        R"({"plan":"delete","lower":{"$bytes":"EGEA"},"upper":{"$bytes":"EGEA/w=="})";
    CHECK(opens(deletion + "}"));
    CHECK(opens(deletion + R"(,"after":{"$bytes":"EGEAEGIA"}})"));
    // What it goes on behind lies before its range, or behind it.
    CHECK_FALSE(opens(deletion + R"(,"after":{"$bytes":""}})"));
    CHECK_FALSE(opens(deletion + R"(,"after":{"$bytes":"EGIA"}})"));
    // A range that ends before it begins.
    CHECK_FALSE(opens(R"({"plan":"delete","lower":{"$bytes":"EGIA"},"upper":{"$bytes":"EGEA"}})"));

    const std::string sweep = R"({"plan":"sweep","until":10,"since":2)";
    CHECK(opens(sweep + R"(,"expiresAt":5,"creationTime":4})"));
    CHECK_FALSE(opens(sweep + R"(,"expiresAt":11,"creationTime":4})"));
    CHECK_FALSE(opens(sweep + R"(,"expiresAt":1,"creationTime":4})"));
    // NaN, in each place.
    CHECK_FALSE(opens(R"({"plan":"sweep","until":{"$float":"AAAAAAAA+H8="}})"));
    CHECK_FALSE(opens(R"({"plan":"sweep","until":1,"since":{"$float":"AAAAAAAA+H8="}})"));
    CHECK_FALSE(opens(sweep + R"(,"expiresAt":{"$float":"AAAAAAAA+H8="},"creationTime":4})"));
    CHECK_FALSE(opens(sweep + R"(,"expiresAt":5,"creationTime":{"$float":"AAAAAAAA+H8="}})"));
    CHECK_FALSE(opens(sweep + "}", R"("now":{"$float":"AAAAAAAA+H8="})"));
    CHECK_FALSE(opens(sweep + "}", R"("now":1,"failures":-1)"));

    const auto transfer = [&](const std::string& from, const std::string& to,
                              const std::string& more = "") {
      return opens(R"({"plan":"copy","onConflict":"overwrite","from":{"$bytes":")" + from +
                   R"("},"to":{"$bytes":")" + to + R"("})" + more + "}");
    };
    CHECK(transfer("EGEA", "EGIA"));
    CHECK(transfer("EGEA", "EGIA", R"(,"after":{"$bytes":"EGEAEGIA"})"));
    CHECK_FALSE(transfer("EGEA", "EGIA", R"(,"after":{"$bytes":"EGIA"})"));
    // Each prefix covers the other, one covers the other, or one is too long for a key.
    CHECK_FALSE(transfer("", ""));
    CHECK_FALSE(transfer("EGEA", "EGEAEGIA"));
    CHECK_FALSE(transfer("EGEAEGIA", "EGEA"));
    CHECK_FALSE(transfer("EGEA", "EGIA" + std::string(4000, 'A')));
  }
}

}  // namespace plan_resume_test
