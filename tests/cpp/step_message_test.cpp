// Steps as text, to the letter.
#include <doctest/doctest.h>

#include <limits>

#include "convex_kv/messages/step_message.hpp"
#include "convex_kv/plans/delete_progress.hpp"
#include "convex_kv/plans/sweep_progress.hpp"

using namespace convex_kv;

namespace step_message_test {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A batch that deleted three entries and left this.
template <typename Progress>
BatchDone batch_leaving(const Progress& progress) {
  return {.deleted = 3, .rest = rest_of(progress)};
}

}  // namespace

TEST_SUITE("step_to_message") {
  TEST_CASE("read, on either index and with every comparison") {
    CHECK(step_to_message(Read{
              Index::kPath, path_bounds({{0x10, 0x61, 0x00}, {0x10, 0x61, 0x00, 0xFF}}, {}), 101,
              15728640}) == R"({"step":"read","index":"path","bounds":[["gte","path",[0,3]],)"
                            R"(["lt","path",[3,7]]],"maxRows":101,"maxBytes":15728640})"
                            "\n" +
                                std::string("\x10\x61\0\x10\x61\0\xFF", 7));
    CHECK(step_to_message(Read{Index::kPath, path_bounds({{}, {0xFF}}, Bytes{0x03}), 1, 1}) ==
          R"({"step":"read","index":"path","bounds":[["gt","path",[0,1]],)"
          R"(["lt","path",[1,2]]],"maxRows":1,"maxBytes":1})"
          "\n\x03\xFF");
    CHECK(
        step_to_message(Read{Index::kPath, {{Compare::kLt, "path", Bytes{}}}, 1, 1}) ==
        R"({"step":"read","index":"path","bounds":[["lt","path",[0,0]]],"maxRows":1,"maxBytes":1})");
    CHECK(
        step_to_message(Read{Index::kPath, {{Compare::kGt, "path", "a"}}, 1, 1}) ==
        R"({"step":"read","index":"path","bounds":[["gt","path","a"]],"maxRows":1,"maxBytes":1})");
    CHECK(step_to_message(Read{Index::kExpiresAt,
                               {{Compare::kGte, "expiresAt", -kInfinity},
                                {Compare::kLte, "expiresAt", 1755000000000.0}},
                               500,
                               4194304}) ==
          R"({"step":"read","index":"expiresAt","bounds":)"
          R"([["gte","expiresAt",{"$float":"AAAAAAAA8P8="}],["lte","expiresAt",1755000000000]],)"
          R"("maxRows":500,"maxBytes":4194304})");
    CHECK(step_to_message(
              Read{Index::kExpiresAt,
                   {{Compare::kEq, "expiresAt", -5.0}, {Compare::kGte, "_creationTime", 1.5}},
                   1,
                   1}) ==
          R"({"step":"read","index":"expiresAt","bounds":[["eq","expiresAt",-5],)"
          R"(["gte","_creationTime",{"$float":"AAAAAAAA+D8="}]],"maxRows":1,"maxBytes":1})");
  }

  TEST_CASE("clock and write") {
    CHECK(step_to_message(AskClock{}) == R"({"step":"clock"})");
    CHECK(step_to_message(Write{{{0, 3}, {5, 6}}, {{3, 4}}}) ==
          R"({"step":"write","deleted":[[0,3],[5,6]],"transferred":[[3,4]]})");
  }

  TEST_CASE("page") {
    CHECK(step_to_message(PageDone{{{1, 11}}, "abc", false}) ==
          R"({"step":"page","rows":[[1,11]],"cursor":"abc","isDone":false})");
    CHECK(step_to_message(PageDone{{}, "", true}) ==
          R"({"step":"page","rows":[],"cursor":"","isDone":true})");
    CHECK(step_to_message(PageDone{{}, "c", false, "b", false}) ==
          R"({"step":"page","rows":[],"cursor":"c","isDone":false,"splitCursor":"b",)"
          R"("pageStatus":"SplitRecommended"})");
    CHECK(step_to_message(PageDone{{}, "", true, "b", true}) ==
          R"({"step":"page","rows":[],"cursor":"","isDone":true,"splitCursor":"b",)"
          R"("pageStatus":"SplitRequired"})");
  }

  TEST_CASE("batch, with the rest of the work as text") {
    CHECK(step_to_message(BatchDone{7}) ==
          R"({"step":"batch","deleted":7,"transferred":0,"skipped":0,"error":null,"rest":null})");
    CHECK(
        step_to_message(batch_leaving(DeleteProgress{{{}, {0xFF}}, {}})) ==
        R"({"step":"batch","deleted":3,"transferred":0,"skipped":0,"error":null,"rest":"{\"plan\":\"delete\",\"lower\":{\"$bytes\":\"\"},)"
        R"(\"upper\":{\"$bytes\":\"/w==\"}}"})");
    CHECK(
        step_to_message(batch_leaving(DeleteProgress{{{0x03}, {0x03, 0xFF}}, Bytes{0x03, 0x0E}})) ==
        R"({"step":"batch","deleted":3,"transferred":0,"skipped":0,"error":null,"rest":"{\"plan\":\"delete\",\"lower\":{\"$bytes\":\"Aw==\"},)"
        R"(\"upper\":{\"$bytes\":\"A/8=\"},\"after\":{\"$bytes\":\"Aw4=\"}}"})");
    CHECK(
        step_to_message(batch_leaving(SweepProgress{1000, {}})) ==
        R"({"step":"batch","deleted":3,"transferred":0,"skipped":0,"error":null,"rest":"{\"plan\":\"sweep\",\"until\":1000,)"
        R"(\"since\":{\"$float\":\"AAAAAAAA8P8=\"}}"})");
    CHECK(
        step_to_message(batch_leaving(SweepProgress{1000, SweepProgress::Position{999, 1.5}})) ==
        R"({"step":"batch","deleted":3,"transferred":0,"skipped":0,"error":null,"rest":"{\"plan\":\"sweep\",\"until\":1000,)"
        R"(\"since\":{\"$float\":\"AAAAAAAA8P8=\"},\"expiresAt\":999,\"creationTime\":{\"$float\":\"AAAAAAAA+D8=\"}}"})");
  }

  TEST_CASE("batch that fails after some of it") {
    const KvError error{ErrorCode::kConflict, "In the way."};
    CHECK(step_to_message(BatchDone{.transferred = 2, .skipped = 1, .error = error}) ==
          R"({"step":"batch","deleted":0,"transferred":2,"skipped":1,)"
          R"("error":{"code":"conflict","message":"In the way."},"rest":null})");
  }

  TEST_CASE("error") {
    CHECK(step_to_message(KvError{ErrorCode::kInvalidKey, "No \"such\" key."}) ==
          R"({"step":"error","code":"invalid_key","message":"No \"such\" key."})");
  }

  TEST_CASE("spans of rows that touch are one") {
    RowSpans spans;
    for (const std::uint32_t row : {0U, 1U, 2U, 5U, 7U, 8U}) add_row(spans, row);
    CHECK(step_to_message(Write{spans}) ==
          R"({"step":"write","deleted":[[0,3],[5,6],[7,9]],"transferred":[]})");
  }
}

}  // namespace step_message_test
