// Every kind of plan, called in every order: what the latest step did not ask for is refused with
// invalid_request, before the start and after the end too, and changes nothing.
#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "convex_kv/messages/plan_request.hpp"
#include "convex_kv/messages/step_message.hpp"
#include "support/open_plan.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace plan_protocol_test {

namespace {

enum class Call { kStart, kRows, kClock, kWritten };
constexpr std::array kCalls{Call::kStart, Call::kRows, Call::kClock, Call::kWritten};

// Each kind of plan, with little room, so that the budget ends some of them early.
constexpr const char* kLimits =
    R"("transactionLimits":{"bytesRead":{"remaining":16777216},"documentsRead":{"remaining":60},)"
    R"("documentsWritten":{"remaining":20},"databaseQueries":{"remaining":20}})";
const std::vector<std::string> kRequests{
    R"({"plan":"page","limit":3,)",
    R"({"plan":"page","endCursor":"","reverse":true,)",
    R"({"plan":"all",)",
    R"({"plan":"first",)",
    R"({"plan":"count","limit":5,)",
    R"({"plan":"children","limit":2,)",
    R"({"plan":"children","reverse":true,)",
    R"({"plan":"delete","now":1755000000000,)",
    R"({"plan":"sweep","now":1755000000000,)",
    R"({"plan":"move","now":1755000000000,"onConflict":"skip",)",
    R"({"plan":"copy","now":1755000000000,"onConflict":"error",)",
    R"({"plan":"resume","now":1755000000000,"epoch":2,"failures":0,)"
    R"("from":"{\"plan\":\"delete\",\"lower\":{\"$bytes\":\"\"},\"upper\":{\"$bytes\":\"/w==\"}}",)",
    R"({"plan":"resume","now":1755000000000,"epoch":0,"failures":1,)"
    R"("from":"{\"plan\":\"sweep\",\"until\":1755000000000}",)",
    R"({"plan":"resume","now":1755000000000,"epoch":2,"failures":0,)"
    R"("from":"{\"plan\":\"move\",\"onConflict\":\"overwrite\",\"from\":{\"$bytes\":\"EGEA\"},)"
    R"(\"to\":{\"$bytes\":\"EHoA\"}}",)",
    R"({"plan":"migrate","now":1755000000000,"epoch":0,"failures":0,)",
    R"({"plan":"resume","now":1755000000000,"epoch":0,"failures":0,)"
    R"("from":"{\"plan\":\"migrate\",\"after\":\"a\"}",)",
};

std::unique_ptr<Plan> open(const std::string& request) {
  auto plan = open_plan({std::string("a")}, request + kLimits + "}", Key{std::string("z")});
  REQUIRE(plan.ok());
  return std::move(*plan);
}

Step tell(Plan& plan, Call call, const Rows& rows) {
  switch (call) {
    case Call::kStart:
      return plan.start();
    case Call::kRows:
      return plan.on_rows(rows);
    case Call::kClock:
      return plan.on_clock(kNow);
    default:
      return plan.on_written();
  }
}

// What a step asks for; nothing if it is an end.
std::optional<Call> asked_by(const Step& step) {
  if (std::holds_alternative<Read>(step)) return Call::kRows;
  if (std::holds_alternative<AskClock>(step)) return Call::kClock;
  if (std::holds_alternative<Write>(step)) return Call::kWritten;
  return std::nullopt;
}

bool is_refusal(const Step& step) {
  const auto* error = std::get_if<KvError>(&step);
  return error && error->code == ErrorCode::kInvalidRequest;
}

Rows some_rows(Random& random) {
  SimulatedTable table;
  fill(table, random, 6, {.large = 0, .epochs = 4});
  Rows rows{{}, random.chance(40)};
  for (const auto& [path, row] : table.rows()) rows.rows.push_back(row);
  return rows;
}

}  // namespace

TEST_SUITE("plan protocol") {
  TEST_CASE("every order of four calls: what was asked for is answered, and nothing else") {
    constexpr int kLength = 4;
    constexpr int kOrders = 4 * 4 * 4 * 4;
    for (const std::string& request : kRequests) {
      INFO(request);
      for (int order = 0; order < kOrders; ++order) {
        INFO("order ", order);
        Random random(static_cast<std::uint64_t>(order));
        const auto plan = open(request);
        std::optional<Call> awaited = Call::kStart;
        for (int i = 0, rest = order; i < kLength; ++i, rest /= 4) {
          const Call call = kCalls[static_cast<std::size_t>(rest % 4)];
          const Step step = tell(*plan, call, some_rows(random));
          CHECK_FALSE(step_to_message(step).empty());
          REQUIRE(is_refusal(step) == (call != awaited));
          if (call == awaited) awaited = asked_by(step);
        }
      }
    }
  }

  TEST_CASE("calls that are refused change nothing of what comes after them") {
    for (const std::string& request : kRequests) {
      INFO(request);
      int ended = 0;
      for (std::uint64_t seed = 0; seed < 60; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const auto plain = open(request);
        const auto disturbed = open(request);
        std::optional<Call> awaited = Call::kStart;
        for (int steps = 0; steps < 40; ++steps) {
          for (const Call call : kCalls) {
            if (call == awaited || !random.chance(60)) continue;
            REQUIRE(is_refusal(tell(*disturbed, call, some_rows(random))));
          }
          if (!awaited) break;
          const Rows rows = some_rows(random);
          const Step step = tell(*plain, *awaited, rows);
          REQUIRE(step_to_message(tell(*disturbed, *awaited, rows)) == step_to_message(step));
          awaited = asked_by(step);
          if (!awaited) ++ended;
        }
      }
      CHECK(ended > 30);
    }
  }
}

}  // namespace plan_protocol_test
