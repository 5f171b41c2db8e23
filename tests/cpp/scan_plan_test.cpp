// Pages, against the list of live entries that a reader ought to see.
#include "convex_kv/plans/scan_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "convex_kv/plans/cursor.hpp"
#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace scan_plan_test {

namespace {

// Far more pages than any listing here has: one that takes more does not move on.
constexpr int kMostPages = 2000;

PlanRun run_page(SimulatedTable& table, const KeyRange& range, const std::string& cursor,
                 std::int64_t limit, std::optional<TransactionLimits> limits) {
  std::optional<Bytes> after;
  if (!cursor.empty()) {
    const auto position = decode_cursor(cursor, range);
    REQUIRE(position.ok());
    after = *position;
  }
  ScanPlan plan = ScanPlan::page(range, after, limit, Budget::for_scan(limits));
  return run_plan(plan, table, limits.value_or(kPlatformLimits), kNow);
}

// Whether the page met an entry with an expiry: among the rows read up to its last one, or all.
bool met_expiry(const PlanRun& run) {
  for (const Row& row : run.read) {
    if (row.expires_at) return true;
    if (!run.page.empty() && row.path == run.page.back().path) return false;
  }
  return false;
}

bool read_expiry(const PlanRun& run) {
  return std::any_of(run.read.begin(), run.read.end(),
                     [](const Row& row) { return row.expires_at.has_value(); });
}

// Whether the page is one entry behind which a whole budget found nothing but expired ones: then it
// cannot know whether more follows.
bool before_a_wall(const PlanRun& run) {
  return run.page.size() == 1 && run.read.size() > 1 && run.page[0].path == run.read[0].path &&
         !run.has_room() && std::all_of(run.read.begin() + 1, run.read.end(), [](const Row& row) {
           return row.expires_at && *row.expires_at <= kNow;
         });
}

// Checks the next page of a listing against `live`, of which the first `seen` were returned before.
// Returns how many it holds.
std::size_t check_page(const PlanRun& run, const std::vector<Row>& live, std::size_t seen,
                       std::int64_t limit) {
  const PageDone& done = run.page_done();
  const std::size_t length = run.page.size();
  REQUIRE(length <= static_cast<std::size_t>(limit));
  REQUIRE(seen + length <= live.size());
  for (std::size_t i = 0; i < length; ++i) {
    if (run.page[i].path != live[seen + i].path) FAIL("not the entry that comes next");
  }
  REQUIRE(done.cursor.empty() == done.is_done);
  const bool at_end = seen + length == live.size();
  if (done.is_done) {
    REQUIRE(at_end);
  } else if (length > 0 && !before_a_wall(run)) {
    REQUIRE_FALSE(at_end);
  }
  if (!done.is_done && length < static_cast<std::size_t>(limit)) REQUIRE_FALSE(run.has_room());
  // The clock is read if an entry with an expiry was met, and once at most.
  REQUIRE(run.clock_asks >= (met_expiry(run) ? 1 : 0));
  REQUIRE(run.clock_asks <= (read_expiry(run) ? 1 : 0));
  return length;
}

// Lists `range` page by page. If a transaction has too little room, the next one has all of it.
void check_listing(SimulatedTable& table, const KeyRange& range, Random& random, bool tight) {
  const std::vector<Row> live = live_rows(table, range, kNow);
  std::string cursor;
  std::size_t seen = 0;
  bool need_room = false;
  for (int pages = 0; pages < kMostPages; ++pages) {
    const std::int64_t limit = random.between(1, 12);
    std::optional<TransactionLimits> limits;
    if (need_room || !tight) {
      if (need_room || random.chance(50)) limits = kPlatformLimits;
    } else {
      limits = TransactionLimits{kMaxDocumentBytes + random.between(0, 3 * kMaxDocumentBytes),
                                 random.between(0, 30), 0, random.between(0, 6)};
    }
    const PlanRun run = run_page(table, range, cursor, limit, limits);
    if (std::holds_alternative<KvError>(run.end)) {
      REQUIRE(run.error().code == ErrorCode::kTransactionFull);
      REQUIRE(tight);
      REQUIRE_FALSE(run.has_room());
      REQUIRE_FALSE(need_room);
      need_room = true;
      continue;
    }
    need_room = false;
    seen += check_page(run, live, seen, limit);
    if (run.page_done().is_done) return;
    REQUIRE(run.page_done().cursor != cursor);
    cursor = run.page_done().cursor;
  }
  FAIL("the listing does not end");
}

Key numbered(int n) { return {std::string("k"), std::int64_t{n}}; }

}  // namespace

TEST_SUITE("scan_plan") {
  TEST_CASE("pages one after another are the live entries, in order") {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.largest = 1 << 15;
      choices.expired = static_cast<int>(random.below(90));
      fill(table, random, 150, choices);
      check_listing(table, *prefix_range(random_path(random, 2)), random, false);
    }
  }

  TEST_CASE("and where rows are large and transactions nearly full") {
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      RowChoices choices;
      choices.expired = static_cast<int>(random.below(90));
      choices.large = static_cast<int>(random.below(40));
      fill(table, random, 60, choices);
      // So that the whole room is enough to read on, wherever a listing stands.
      if (bytes_in(table) > kTransactionBytesRead - 2 * kMaxDocumentBytes) continue;
      check_listing(table, *prefix_range(random_path(random, 1)), random, true);
    }
  }

  TEST_CASE("expired entries beyond one budget give empty pages that move on") {
    SimulatedTable table;
    for (int i = 0; i < 40; ++i) {
      Row row = plain_row(numbered(i), kMaxDocumentBytes);
      if (i < 35) row.expires_at = kNow - 1;
      table.put(row);
    }
    const KeyRange range = *prefix_range({});
    std::string cursor;
    std::size_t seen = 0;
    int empty_pages = 0;
    bool is_done = false;
    while (!is_done) {
      const PlanRun run = run_page(table, range, cursor, 3, kPlatformLimits);
      seen += check_page(run, live_rows(table, range, kNow), seen, 3);
      if (run.page.empty()) ++empty_pages;
      REQUIRE(empty_pages < 10);
      is_done = run.page_done().is_done;
      cursor = run.page_done().cursor;
    }
    CHECK(seen == 5);
    CHECK(empty_pages > 0);
  }

  TEST_CASE("a live entry before more of them than a budget holds does not stop a listing") {
    SimulatedTable table;
    for (int i = 0; i < 22; ++i) {
      Row row = plain_row(numbered(i), kMaxDocumentBytes);
      if (i != 0 && i != 21) row.expires_at = kNow - 1;
      table.put(row);
    }
    const KeyRange range = *prefix_range({});
    const std::vector<Row> live = live_rows(table, range, kNow);
    std::string cursor;
    std::size_t seen = 0;
    bool is_done = false;
    for (int pages = 0; !is_done; ++pages) {
      REQUIRE(pages < 10);
      const PlanRun run = run_page(table, range, cursor, 5, kPlatformLimits);
      seen += check_page(run, live, seen, 5);
      is_done = run.page_done().is_done;
      cursor = run.page_done().cursor;
    }
    CHECK(seen == 2);
  }
}

}  // namespace scan_plan_test
