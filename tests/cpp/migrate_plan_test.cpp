#include "convex_kv/plans/migrate_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/messages/plan_request.hpp"
#include "support/open_plan.hpp"
#include "support/random.hpp"
#include "support/simulated_table.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace migrate_plan_test {

namespace {

constexpr double kNow = 1000;

struct OldRow {
  std::string path;
  std::uint32_t size;
  std::optional<double> expires_at;
};

struct Batch {
  BatchDone end;
  std::vector<std::string> migrated;
  std::vector<std::string> deleted;
  int reads = 0;
};

// The rows of version 1, in the order of their paths. What is migrated or deleted leaves it.
struct OldTable {
  std::vector<OldRow> rows;

  Rows read(const Read& read) const {
    CHECK(read.index == Index::kPath);
    CHECK(read.order == Order::kAscending);
    const bool begins = read.bounds.size() == 1;
    const std::string* after =
        begins ? nullptr : std::get_if<std::string>(&read.bounds.front().value);
    if (!begins) {
      REQUIRE(after);
      CHECK(read.bounds.front().compare == Compare::kGt);
    }
    // All texts are less than the least bytes.
    CHECK(read.bounds.back().compare == Compare::kLt);
    const Bytes* end = std::get_if<Bytes>(&read.bounds.back().value);
    REQUIRE(end);
    CHECK(end->empty());

    Rows found{{}, false};
    for (const OldRow& row : rows) {
      if (after && row.path <= *after) continue;
      found.rows.push_back(
          {row.expires_at, 0, 0, row.size, Bytes(row.path.begin(), row.path.end())});
      if (static_cast<std::int64_t>(found.rows.size()) >= read.max_rows ||
          found.bytes() >= read.max_bytes) {
        return found;
      }
    }
    found.exhausted = true;
    return found;
  }

  void remove(const std::string& path) {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&path](const OldRow& other) { return other.path == path; });
    REQUIRE(row != rows.end());
    rows.erase(row);
  }
};

Batch run_batch(OldTable& table, const std::string& rest, int failures,
                std::optional<TransactionLimits> limits) {
  const auto json = parse_json(rest);
  REQUIRE(json.has_value());
  const Budget budget = Budget::for_background(limits, failures);
  MigratePlan plan(migration_progress_from(*json), kNow, budget);
  Batch batch;
  std::vector<OldRow> read;
  TransactionLimits left = limits.value_or(TransactionLimits{
      kTransactionBytesRead, kTransactionDocumentsRead, kTransactionDocumentsWritten,
      kTransactionQueries, kTransactionBytesWritten});
  Step step = plan.start();
  for (;;) {
    if (const auto* asked = std::get_if<Read>(&step)) {
      Rows rows = table.read(*asked);
      left = left - TransactionLimits{.bytes_read = rows.bytes(),
                                      .documents_read = std::ssize(rows.rows),
                                      .queries = 1};
      for (const Row& row : rows.rows) {
        read.push_back({std::string(row.path.begin(), row.path.end()), row.size, row.expires_at});
      }
      ++batch.reads;
      step = plan.on_rows(std::move(rows));
    } else if (const auto* write = std::get_if<Write>(&step)) {
      const auto each = [&](const RowSpans& spans, std::vector<std::string>& into) {
        for (const auto& [first, last] : spans) {
          for (std::uint32_t i = first; i < last; ++i) {
            into.push_back(read.at(i).path);
            table.remove(read.at(i).path);
            // Read again, looked for at its new path, written, its value in two documents, and a
            // problem told of.
            const std::int64_t documents = read.at(i).size > 2048 ? 4 : 2;
            left = left - TransactionLimits{read.at(i).size, 1, documents, 1, 2 * read.at(i).size};
          }
        }
      };
      each(write->transferred, batch.migrated);
      each(write->deleted, batch.deleted);
      step = plan.on_written();
    } else {
      REQUIRE(std::holds_alternative<BatchDone>(step));
      batch.end = std::get<BatchDone>(step);
      break;
    }
    CHECK(fits({0, 0, 0, 0}, left));
  }
  CHECK(batch.end.transferred == static_cast<std::int64_t>(batch.migrated.size()));
  CHECK(batch.end.skipped == 0);
  CHECK_FALSE(batch.end.error);
  return batch;
}

const std::string kBegin = R"({"plan":"migrate"})";

}  // namespace

TEST_CASE("a migration takes every live row of version 1 once, in order, and deletes the rest") {
  Random random(11);
  for (int round = 0; round < 60; ++round) {
    OldTable table;
    std::vector<std::string> live;
    std::vector<std::string> expired;
    const auto count = random.below(1200);
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string path = "k" + std::to_string(100000 + i);
      const bool lives = random.below(4) != 0;
      const auto size = static_cast<std::uint32_t>(
          random.below(20) == 0 ? random.between(1, kMaxDocumentBytes) : random.between(60, 4000));
      std::optional<double> expiry;
      if (!lives) {
        expiry = kNow - static_cast<double>(random.below(5));
      } else if (random.below(2) == 0) {
        expiry = kNow + 1;
      }
      (lives ? live : expired).push_back(path);
      table.rows.push_back({std::move(path), size, expiry});
    }
    std::vector<std::string> migrated;
    std::vector<std::string> deleted;
    std::string rest = kBegin;
    for (int batches = 0;; ++batches) {
      REQUIRE(batches < 2000);
      // Some batches fail, and the next is smaller.
      const int failures = static_cast<int>(random.below(4));
      std::optional<TransactionLimits> limits;
      if (random.below(2) == 0) {
        limits = TransactionLimits{6 * kMaxDocumentBytes, 200, 100, 80, kTransactionBytesWritten};
      }
      const std::size_t before = table.rows.size();
      const Batch batch = run_batch(table, rest, failures, limits);
      migrated.insert(migrated.end(), batch.migrated.begin(), batch.migrated.end());
      deleted.insert(deleted.end(), batch.deleted.begin(), batch.deleted.end());
      if (!batch.end.rest) break;
      CHECK(table.rows.size() < before);
      rest = *batch.end.rest;
    }
    CHECK(migrated == live);
    CHECK(deleted == expired);
    CHECK(table.rows.empty());
  }
}

TEST_CASE("a batch does about as much as a transaction allows") {
  OldTable table;
  for (int i = 0; i < 10000; ++i) table.rows.push_back({std::to_string(100000 + i), 200, {}});
  const TransactionLimits limits{kTransactionBytesRead, kTransactionDocumentsRead,
                                 kTransactionDocumentsWritten, kTransactionQueries,
                                 kTransactionBytesWritten};
  const Batch batch = run_batch(table, kBegin, 0, limits);
  CHECK(batch.migrated.size() > 3500);
}

TEST_CASE("what a job keeps of a migration survives any path") {
  const std::vector<std::string> paths{"", "a", std::string("a\0b", 3), "\xC3\xA4\xF0\x9F\x98\x80",
                                       "\"\\\n"};
  for (const std::string& path : paths) {
    const auto rest = parse_json(rest_of(MigrationProgress{path}));
    REQUIRE(rest.has_value());
    CHECK(string_member(*rest, "plan") == "migrate");
    CHECK(migration_progress_from(*rest).after == path);
  }
  CHECK_FALSE(migration_progress_from(*parse_json(rest_of(MigrationProgress{}))).after);
}

}  // namespace migrate_plan_test
