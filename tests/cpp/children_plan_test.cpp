// Listings of children, against what a reader would make of all the live entries.
#include "convex_kv/plans/children_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/plans/cursor.hpp"
#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/plan_runner.hpp"
#include "support/random_key.hpp"
#include "support/random_rows.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace children_plan_test {

namespace {

struct Listed {
  bool has_entry = false;
  bool has_children = false;
  bool operator==(const Listed&) const = default;
};
using Children = std::map<std::string, Listed>;  // by the part's bytes in hex

std::string part_of(const Bytes& path, std::size_t prefix_length) {
  const ByteView rest = ByteView(path).subspan(prefix_length);
  return hex(rest.first(first_part_length(rest)));
}

Children model(const SimulatedTable& table, const KeyRange& range, std::size_t prefix_length) {
  Children children;
  for (const Row& row : live_rows(table, range, kNow)) {
    const std::string part = part_of(row.path, prefix_length);
    if (part.empty()) continue;
    const bool is_own = 2 * (row.path.size() - prefix_length) == part.size();
    (is_own ? children[part].has_entry : children[part].has_children) = true;
  }
  return children;
}

PlanRun run_page(SimulatedTable& table, const KeyRange& range, std::size_t prefix_length,
                 const std::optional<Bytes>& after, std::int64_t limit, Order order,
                 TransactionLimits limits = kPlatformLimits) {
  ChildrenPlan plan(range, prefix_length, after, limit, Budget::for_scan(limits), order);
  return run_plan(plan, table, limits, kNow);
}

void change(SimulatedTable& table, Random& random, const RowChoices& choices) {
  for (std::uint64_t n = random.below(4); n > 0; --n) {
    const Key key = random_path(random, 4);
    if (!key.empty()) table.put(random_row(random, key, choices));
  }
  for (std::uint64_t n = random.below(4); n > 0 && !table.rows().empty(); --n) {
    auto victim = table.rows().begin();
    std::advance(victim, static_cast<std::ptrdiff_t>(random.below(table.rows().size())));
    table.remove(Bytes(victim->first));
  }
}

// Lists all children of a random tree under random limits, bounds and budgets. With `changes`,
// entries come and go between the pages.
void list_random_tree(std::uint64_t seed, bool changes) {
  INFO("seed ", seed);
  Random random(seed);
  SimulatedTable table;
  RowChoices choices;
  choices.largest = 1 << 10;
  choices.expired = random.chance(30) ? 80 : 30;
  fill(table, random, random.chance(20) ? 600 : 100, choices);
  const Bytes prefix = *encode_sort_key(random_path(random, 1));
  const auto maybe = [&]() -> std::optional<Bytes> {
    if (random.chance(60)) return std::nullopt;
    return *encode_sort_key(random_path(random, 3));
  };
  const auto start = maybe();
  const KeyRange range = range_between(prefix, {.start = start, .end = maybe()});
  const Order order = random.chance(50) ? Order::kDescending : Order::kAscending;
  const bool is_tight = random.chance(50);

  Children always = model(table, range, prefix.size());
  Children ever = always;
  const auto note = [&] {
    const Children now = model(table, range, prefix.size());
    for (const auto& [part, what] : now) {
      ever[part].has_entry = ever[part].has_entry || what.has_entry;
      ever[part].has_children = ever[part].has_children || what.has_children;
    }
    std::erase_if(always, [&](const auto& child) { return !now.contains(child.first); });
  };
  std::vector<std::string> listed;
  Children shown;
  std::optional<Bytes> after;
  for (bool is_done = false; !is_done;) {
    const std::int64_t limit = random.between(1, 6);
    const TransactionLimits limits =
        is_tight ? TransactionLimits{16 << 20, random.between(8, 30), 0, random.between(4, 12)}
                 : kPlatformLimits;
    const PlanRun run = run_page(table, range, prefix.size(), after, limit, order, limits);
    const ChildrenDone& done = run.children_done();
    REQUIRE(std::ssize(done.children) <= limit);
    REQUIRE(run.clock_asks <= 1);
    for (const Child& child : done.children) {
      const std::string part = part_of(run.read[child.row].path, prefix.size());
      listed.push_back(part);
      shown[part] = {child.has_entry, child.has_children};
    }
    is_done = done.is_done;
    REQUIRE(done.cursor.empty() == is_done);
    if (is_done) break;
    if (!is_tight) REQUIRE(std::ssize(done.children) == limit);
    if (!is_tight && !changes) REQUIRE(listed.size() < always.size());
    REQUIRE_FALSE(decode_cursor(done.cursor, range, {order}).ok());
    const Bytes next = *decode_cursor(done.cursor, range, {order, prefix.size()});
    if (after) REQUIRE((order == Order::kAscending ? *after < next : next < *after));
    after = next;
    if (changes) change(table, random, choices);
    note();
  }
  for (std::size_t i = 1; i < listed.size(); ++i) {
    REQUIRE((order == Order::kAscending ? from_hex(listed[i - 1]) < from_hex(listed[i])
                                        : from_hex(listed[i]) < from_hex(listed[i - 1])));
  }
  if (!changes) {
    REQUIRE(shown == always);
    return;
  }
  for (const auto& [part, what] : always) REQUIRE(shown.contains(part));
  for (const auto& [part, what] : shown) {
    REQUIRE((what.has_entry || what.has_children));
    if (what.has_entry) REQUIRE(ever[part].has_entry);
    if (what.has_children) REQUIRE(ever[part].has_children);
  }
}

}  // namespace

TEST_SUITE("children_plan") {
  TEST_CASE("lists what is there, each once, in order") {
    for (std::uint64_t seed = 1; seed <= 600; ++seed) list_random_tree(seed, false);
  }

  TEST_CASE("lists what stays, while others write between the pages") {
    for (std::uint64_t seed = 1; seed <= 600; ++seed) list_random_tree(seed, true);
  }

  TEST_CASE("the costs are those of the children, not of what is below them") {
    for (const Order order : {Order::kAscending, Order::kDescending}) {
      SimulatedTable table;
      for (const char* part : {"a", "b", "c"}) {
        table.put(plain_row({std::string(part)}, 100));
        for (std::int64_t i = 0; i < 2000; ++i) table.put(plain_row({std::string(part), i}, 100));
      }
      const PlanRun run = run_page(table, *prefix_range({}), 0, {}, 100, order);
      CHECK(run.children_done().children.size() == 3);
      CHECK(run.read.size() <= 16);
      CHECK(run.asked.size() <= 8);
    }
  }

  TEST_CASE("a flat directory takes few queries") {
    for (const Order order : {Order::kAscending, Order::kDescending}) {
      SimulatedTable table;
      for (std::int64_t i = 0; i < 3000; ++i) table.put(plain_row({i}, 100));
      const PlanRun run = run_page(table, *prefix_range({}), 0, {}, 3000, order);
      CHECK(run.children_done().children.size() == 3000);
      CHECK(run.children_done().is_done);
      CHECK(run.asked.size() <= 16);
    }
  }

  TEST_CASE("however trees are shaped, few rows are read in vain") {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      SimulatedTable table;
      std::int64_t children = 0;
      for (std::int64_t i = 0; i < 150; ++i) {
        const std::int64_t below = random.chance(50) ? 0 : random.between(1, 40);
        if (below == 0 || random.chance(50)) table.put(plain_row({i}, 100));
        for (std::int64_t j = 0; j < below; ++j) table.put(plain_row({i, j}, 100));
        ++children;
      }
      const Order order = random.chance(50) ? Order::kDescending : Order::kAscending;
      const PlanRun run = run_page(table, *prefix_range({}), 0, {}, 1000, order);
      REQUIRE(std::ssize(run.children_done().children) == children);
      REQUIRE(std::ssize(run.read) <= 6 * children);
      REQUIRE(std::ssize(run.asked) <= 2 * children);
    }
  }

  TEST_CASE("a child whose entries have all expired does not show, and is passed over in steps") {
    for (const Order order : {Order::kAscending, Order::kDescending}) {
      SimulatedTable table;
      for (std::int64_t i = 0; i < 5000; ++i) {
        Row row = plain_row({std::string("b"), i}, 100);
        row.expires_at = kNow;
        table.put(row);
      }
      table.put(plain_row({std::string("a")}, 100));
      table.put(plain_row({std::string("c"), 1.0}, 100));
      const PlanRun run = run_page(table, *prefix_range({}), 0, {}, 2, order);
      CHECK(run.children_done().children.size() == 2);
      CHECK(run.children_done().is_done);
      CHECK(run.asked.size() <= 25);
      CHECK(run.clock_asks == 1);
    }
  }

  TEST_CASE("the clock is not asked where no entry has an expiry") {
    SimulatedTable table;
    for (std::int64_t i = 0; i < 10; ++i) table.put(plain_row({i}, 100));
    CHECK(run_page(table, *prefix_range({}), 0, {}, 5, Order::kAscending).clock_asks == 0);
  }

  TEST_CASE("a transaction without room is an error") {
    SimulatedTable table;
    table.put(plain_row({std::string("a")}, 100));
    for (const Order order : {Order::kAscending, Order::kDescending}) {
      const PlanRun run = run_page(table, *prefix_range({}), 0, {}, 5, order, {0, 0, 0, 0});
      CHECK(run.error().code == ErrorCode::kTransactionFull);
    }
  }
}

}  // namespace children_plan_test
