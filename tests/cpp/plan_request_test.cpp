// Requests: what opens which plan, what is refused, and how background work continues from its
// text.
#include "convex_kv/messages/plan_request.hpp"
#include "convex_kv/messages/step_message.hpp"

#include <doctest/doctest.h>

#include <string>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/limits.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/plans/cursor.hpp"
#include "convex_kv/plans/delete_plan.hpp"
#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/open_plan.hpp"
#include "support/plan_runner.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace plan_request_test {

namespace {

const Key kPrefix{std::string("a")};

constexpr const char* kLimits =
    R"({"bytesRead":{"remaining":4194304},"documentsRead":{"remaining":100},)"
    R"("documentsWritten":{"remaining":60},"databaseQueries":{"remaining":50}})";

std::unique_ptr<Plan> open(const std::string& request, const Key& prefix = kPrefix) {
  INFO(request);
  auto plan = open_plan(prefix, request);
  REQUIRE(plan.ok());
  return std::move(*plan);
}

KvError refused(const std::string& request, const Key& prefix = kPrefix) {
  INFO(request);
  const auto plan = open_plan(prefix, request);
  REQUIRE_FALSE(plan.ok());
  return plan.error();
}

Read first_read(Plan& plan) {
  const Step step = plan.start();
  REQUIRE(std::holds_alternative<Read>(step));
  return std::get<Read>(step);
}

std::string resume(const std::string& from, const std::string& rest) {
  return R"({"plan":"resume","from":)" + dump_json(Json(from)) + "," + rest + "}";
}

}  // namespace

TEST_SUITE("plan_request") {
  TEST_CASE("page: limit and room are optional") {
    CHECK(first_read(*open(R"({"plan":"page"})")).max_rows == 101);
    CHECK(
        first_read(*open(R"({"plan":"page","limit":null,"cursor":null,"transactionLimits":null})"))
            .max_rows == 101);
    CHECK(first_read(*open(R"({"plan":"page","limit":1})")).max_rows == 2);
    CHECK(first_read(*open(R"({"plan":"page","limit":8192})")).max_rows == 8193);
    CHECK(first_read(*open(R"({"plan":"page","limit":{"$float":"AAAAAAAA8D8="}})")).max_rows == 2);
  }

  TEST_CASE("page: a limit that is none") {
    for (const char* limit :
         {"0", "-1", "8193", "18446744073709551615", "true", "\"5\"", "[]", "{}",
          R"({"$float":"AAAAAAAA+H8="})", R"({"$float":"AAAAAAAA+D8="})"}) {
      CAPTURE(limit);
      const KvError error = refused(R"({"plan":"page","limit":)" + std::string(limit) + "}");
      CHECK(error.code == ErrorCode::kInvalidLimit);
      CHECK(error.message.find("8192") != std::string::npos);
    }
  }

  TEST_CASE("page: a cursor of this prefix, and no other") {
    const KeyRange range = *prefix_range(kPrefix);
    const std::string cursor = encode_cursor(range, *encode_sort_key({std::string("a"), 1.0}));
    const std::string request = R"({"plan":"page","cursor":")" + cursor + R"("})";
    const Read read = first_read(*open(request));
    CHECK(read.bounds[0].compare == Compare::kGt);
    CHECK(hex(std::get<Bytes>(read.bounds[0].value)) == "1061000dbff0000000000000");
    CHECK(refused(request, {std::string("b")}).code == ErrorCode::kInvalidCursor);
    CHECK(refused(R"({"plan":"page","cursor":""})").code == ErrorCode::kInvalidCursor);
    CHECK(refused(R"({"plan":"page","cursor":"x"})").code == ErrorCode::kInvalidCursor);
    CHECK(refused(R"({"plan":"page","cursor":5})").code == ErrorCode::kInvalidRequest);
  }

  TEST_CASE("the room is heeded, and passed over where it is not whole") {
    const std::string page = R"({"plan":"page","limit":8000,"transactionLimits":)";
    const Read read = first_read(*open(page + kLimits + "}"));
    CHECK(read.max_rows == 100);
    CHECK(read.max_bytes == 3145728);
    for (const char* limits : {"null", "{}", "[]", "7", R"({"bytesRead":{"remaining":1}})"}) {
      CHECK(first_read(*open(page + limits + "}")).max_rows == 8001);
    }
  }

  TEST_CASE("all, delete and sweep") {
    CHECK(first_read(*open(R"({"plan":"all"})")).max_rows == 8193);
    const Read deletion =
        first_read(*open(R"({"plan":"delete","now":1000,"transactionLimits":null})"));
    CHECK(deletion.index == Index::kPath);
    CHECK(hex(std::get<Bytes>(deletion.bounds[1].value)) == "106100ff");
    const Read sweep = first_read(*open(R"({"plan":"sweep","now":1000})"));
    CHECK(sweep.index == Index::kExpiresAt);
    CHECK(std::get<double>(sweep.bounds[1].value) == 1000);
    // As much room as is the caller's share: the work is all for later.
    const auto later =
        open(R"({"plan":"sweep","now":1000,"transactionLimits":)" + std::string(kLimits) + "}");
    CHECK(
        step_to_message(later->start()) ==
        R"({"step":"batch","deleted":0,"transferred":0,"skipped":0,"error":null,"rest":"{\"plan\":\"sweep\",\"until\":1000,)"
        R"(\"since\":{\"$float\":\"AAAAAAAA8P8=\"}}"})");
  }

  TEST_CASE("a prefix too long is the user's mistake") {
    const Key too_long{std::string(kMaxKeyBytes, 'x')};
    for (const char* request :
         {R"({"plan":"page"})", R"({"plan":"all"})", R"({"plan":"delete","now":1})"}) {
      CHECK(refused(request, too_long).code == ErrorCode::kInvalidKey);
    }
  }

  TEST_CASE("malformed requests") {
    const std::string sweep = R"({\"plan\":\"sweep\",\"until\":5})";
    for (const std::string& request :
         {std::string(),
          std::string("x"),
          std::string("null"),
          std::string("[]"),
          std::string("{}"),
          std::string(R"({"plan":7})"),
          std::string(R"({"plan":"other"})"),
          std::string(R"({"plan":"page","limit":1.5})"),
          std::string(R"({"plan":"delete"})"),
          std::string(R"({"plan":"sweep","now":"1"})"),
          std::string(R"({"plan":"resume"})"),
          std::string(R"({"plan":"resume","from":"","epoch":1,"now":1,"failures":0})"),
          std::string(R"({"plan":"resume","from":"{}","epoch":1,"now":1,"failures":0})"),
          std::string(R"({"plan":"resume","from":"[","epoch":1,"now":1,"failures":0})"),
          std::string(R"({"plan":"resume","from":{},"epoch":1,"now":1,"failures":0})"),
          resume(R"({"plan":"sweep"})", R"("epoch":1,"now":1,"failures":0)"),
          resume(R"({"plan":"page"})", R"("epoch":1,"now":1,"failures":0)"),
          resume(R"({"plan":"delete","lower":{"$bytes":""}})", R"("epoch":1,"now":1,"failures":0)"),
          resume(R"({"plan":"delete","lower":"","upper":""})", R"("epoch":1,"now":1,"failures":0)"),
          resume(R"({"plan":"sweep","until":5})", R"("now":1,"failures":0)"),
          resume(R"({"plan":"sweep","until":5})", R"("epoch":1,"failures":0)"),
          resume(R"({"plan":"sweep","until":5})", R"("epoch":1,"now":1)"),
          resume(R"({"plan":"sweep","until":5})", R"("epoch":-1,"now":1,"failures":0)"),
          resume(R"({"plan":"sweep","until":5})", R"("epoch":4294967296,"now":1,"failures":0)")}) {
      CHECK(refused(request).code == ErrorCode::kInvalidRequest);
    }
    open(resume(R"({"plan":"sweep","until":5})",
                R"("epoch":4294967295,"now":1,"failures":1000000)"));
  }
}

}  // namespace plan_request_test
