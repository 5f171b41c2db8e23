#include "convex_kv/base/error.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>

using namespace convex_kv;

TEST_SUITE("error") {
  TEST_CASE("each code has its public name") {
    CHECK(error_name(ErrorCode::kInvalidKey) == "invalid_key");
    CHECK(error_name(ErrorCode::kInvalidCursor) == "invalid_cursor");
    CHECK(error_name(ErrorCode::kInvalidValue) == "invalid_value");
    CHECK(error_name(ErrorCode::kInvalidLimit) == "invalid_limit");
    CHECK(error_name(ErrorCode::kTooManyEntries) == "too_many_entries");
    CHECK(error_name(ErrorCode::kTransactionFull) == "transaction_full");
    CHECK(error_name(ErrorCode::kInvalidRequest) == "invalid_request");
  }

  TEST_CASE("a result is a value") {
    Result<std::string> result{std::string("x")};
    CHECK(result.ok());
    CHECK(static_cast<bool>(result));
    CHECK(*result == "x");
    CHECK(result->size() == 1);
    *result = "yy";
    const Result<std::string>& view = result;
    CHECK(*view == "yy");
    CHECK(view->size() == 2);
  }

  TEST_CASE("or an error") {
    const Result<std::string> result{KvError{ErrorCode::kInvalidKey, "Why."}};
    CHECK_FALSE(result.ok());
    CHECK_FALSE(static_cast<bool>(result));
    CHECK(result.error().code == ErrorCode::kInvalidKey);
    CHECK(result.error().message == "Why.");
  }

  TEST_CASE("a value that only moves can be moved out") {
    Result<std::unique_ptr<int>> result{std::make_unique<int>(7)};
    const std::unique_ptr<int> taken = std::move(*result);
    CHECK(*taken == 7);
  }
}
