// A counted prefix, against all its entries in a map.
#include "convex_kv/counted/counted_tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/rules/expiry.hpp"
#include "support/counted_store.hpp"
#include "support/random.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace counted_tree_test {

namespace {

using Entries = std::map<Bytes, CountedEntry>;

constexpr double kNever = std::numeric_limits<double>::infinity();
const Bytes kPrefix{0x10, 0x61, 0x00};

// A path of three bytes below the prefix, of which the first is no FF, and sometimes of more.
Bytes path_of(std::uint64_t number, bool is_long = false) {
  Bytes path = kPrefix;
  for (int shift = 16; shift >= 0; shift -= 8) {
    path.push_back(static_cast<std::uint8_t>(number >> shift));
  }
  if (is_long) path.insert(path.end(), 400, 0x77);
  return path;
}

std::vector<CountedChange> changes_of(const Entries& entries) {
  std::vector<CountedChange> changes;
  for (const auto& [path, entry] : entries) changes.push_back({.path = path, .entry = entry});
  return changes;
}

// In this test times are small numbers.
CountedEntry random_entry(Random& random, Bytes path) {
  CountedEntry entry{.path = std::move(path), .expires_at = kNever, .number = 0};
  if (random.chance(30)) entry.expires_at = static_cast<double>(random.between(1, 20));
  if (random.chance(70)) entry.number = static_cast<double>(random.between(-50, 50)) / 10;
  if (random.chance(1)) entry.number = 1e300;
  return entry;
}

struct Expected {
  std::uint64_t count = 0;
  ExactSum sum;
  std::vector<Bytes> paths;
};

Expected expected_of(const Entries& entries, const KeyRange& range, double now) {
  Expected expected;
  for (const auto& [path, entry] : entries) {
    if (is_expired(entry.expires_at, now) || !range.contains(path)) continue;
    ++expected.count;
    expected.sum.add(entry.number);
    expected.paths.push_back(path);
  }
  return expected;
}

void check_reads(const CountedStore& store, const Entries& entries, const KeyRange& range,
                 double now, Random& random) {
  const Expected expected = expected_of(entries, range, now);
  const Tally found = store.tally(range, now);
  CHECK(found.count == expected.count);
  CHECK(found.sum == expected.sum);
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t index = random.below(expected.count + 2);
    const Bytes path = store.path_at(range, index, now);
    CHECK(path == (index < expected.count ? expected.paths[index] : Bytes()));
    if (path.empty()) continue;
    // Its rank: what comes before it.
    CHECK(store.tally({range.lower, path}, now).count == index);
  }
}

void check_same(const CountedStore& store, const Entries& entries) {
  const std::vector<CountedEntry> stored = store.checked_entries();
  REQUIRE(stored.size() == entries.size());
  auto expected = entries.begin();
  for (const CountedEntry& entry : stored) {
    const CountedEntry& other = (expected++)->second;
    REQUIRE(entry.path == other.path);
    REQUIRE(entry.expires_at == other.expires_at);
    REQUIRE(bits_from_double(entry.number) == bits_from_double(other.number));
  }
}

KeyRange random_range(Random& random, const CountedStore& store, std::uint64_t most) {
  KeyRange range = store.range();
  if (random.chance(75)) range.lower = path_of(random.below(most));
  if (random.chance(75)) range.upper = path_of(random.below(most));
  return range;
}

// With children of so many entries.
Branch branch_of(std::uint64_t share, const std::vector<std::uint64_t>& counts) {
  Branch branch{.children = {}, .share = share};
  for (const std::uint64_t count : counts) {
    CountedChild child{.start = {static_cast<std::uint8_t>(branch.children.size())},
                       .id = "",
                       .summary = {},
                       .buffer = {}};
    child.summary.count = count;
    branch.children.push_back(child);
  }
  return branch;
}

}  // namespace

TEST_CASE("counted tree: whatever is written and deleted, it knows how many, their sum and which") {
  std::size_t most_buffered = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    INFO("seed ", seed);
    Random random(seed);
    CountedStore store(kPrefix);
    Entries entries;
    double least = 0;
    const std::uint64_t most = random.pick(std::vector<std::uint64_t>{40, 3'000, 0xF00000});
    for (int step = 0; step < 60; ++step) {
      INFO("step ", step);
      if (random.chance(8)) {
        const KeyRange range = random_range(random, store, most);
        store.remove(range);
        std::erase_if(entries, [&](const auto& each) { return range.contains(each.first); });
      } else {
        // Most grow it; single ones, and many side by side.
        std::map<Bytes, CountedChange> changes;
        const std::uint64_t begin = random.below(most);
        const bool is_run = random.chance(40);
        const bool deletes = random.chance(30);
        for (std::uint64_t left = random.below(random.chance(30) ? 500 : 8); left > 0; --left) {
          const std::uint64_t number = is_run ? (begin + left) % most : random.below(most);
          const Bytes path = path_of(number, random.chance(5));
          CountedChange change{.path = path, .entry = std::nullopt, .before = {}};
          const auto old = entries.find(path);
          if (old == entries.end()) {
            change.before.emplace();
          } else if (random.chance(95)) {
            change.before = CountedChange::Before{old->second};
          }
          if (!deletes) change.entry = random_entry(random, path);
          changes[path] = change;
        }
        std::vector<CountedChange> sorted;
        for (const auto& [path, change] : changes) {
          sorted.push_back(change);
          entries.erase(path);
          if (change.entry) entries[path] = *change.entry;
        }
        Buffering buffering;
        // In this test nobody's clock is late.
        if (random.chance(40)) buffering = {.most_leaves = random.below(4), .now = least - 60'000};
        store.write(sorted, buffering);
        most_buffered = std::max(most_buffered, store.buffered());
      }
      if (random.chance(10)) {
        // What has expired then is gone for good.
        const double now = static_cast<double>(random.below(12));
        store.tidy(now);
        std::erase_if(entries,
                      [&](const auto& each) { return is_expired(each.second.expires_at, now); });
        least = std::max(least, now);
      }
      if (random.chance(70)) store.divide_if_due();
      if (step % 6 == 5) check_same(store, entries);
      const KeyRange range = random_range(random, store, most);
      check_reads(store, entries, range, std::max(least, static_cast<double>(random.below(22))),
                  random);
    }
    check_same(store, entries);
    check_reads(store, entries, store.range(), least, random);
  }
  CHECK(most_buffered > 500);
}

TEST_CASE(
    "counted tree: changes in many leaves write branches alone, and leaves once it is tidied") {
  CountedStore store(kPrefix);
  Entries entries;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    entries[path_of(i * 10)] = {.path = path_of(i * 10), .number = 1};
  }
  store.write(changes_of(entries));
  store.divide_if_due();
  const std::size_t branches = store.branch_counts().size();
  // Of every ten entries one is deleted, one has another number, and one is new.
  std::map<Bytes, CountedChange> changes;
  for (std::uint64_t i = 0; i < 20'000; i += 10) {
    const auto old = [&](std::uint64_t number) {
      return CountedChange::Before{entries.at(path_of(number * 10))};
    };
    const Bytes last = path_of(i * 10 + 20);
    changes[path_of(i * 10)] = {.path = path_of(i * 10), .entry = {}, .before = old(i)};
    const Bytes path = path_of(i * 10 + 10);
    changes[path] = {.path = path, .entry = {{.path = path, .number = 3}}, .before = old(i + 1)};
    const Bytes between = path_of(i * 10 + 15);
    changes[between] = {.path = between,
                        .entry = {{.path = between, .number = 5}},
                        .before = CountedChange::Before{}};
  }
  std::vector<CountedChange> sorted;
  for (const auto& [path, change] : changes) {
    sorted.push_back(change);
    entries.erase(path);
    if (change.entry) entries[path] = *change.entry;
  }
  const CountedStore::Cost cost = store.write(sorted, {.most_leaves = 100, .now = 0});
  CHECK(cost.reads == branches);
  CHECK(cost.writes == branches);
  CHECK(store.buffered() == sorted.size());
  CHECK(store.tally(store.range(), 0).sum.value() == 20'000 - 2'000 + 2 * 2'000 + 5 * 2'000);
  check_same(store, entries);
  // What is divided takes its buffered changes with it.
  store.divide_if_due();
  check_same(store, entries);
  store.tidy(0);
  CHECK(store.buffered() == 0);
  check_same(store, entries);
}

TEST_CASE("counted tree: a change is not buffered if its leaf may say what nobody knows") {
  Branch branch;
  Leaf leaf{{.path = {10}, .expires_at = 60'005}, {.path = {20}, .number = 2}};
  add_child(branch, {leaf}, std::vector<std::string>{"one"});
  const CountedEntry entry{.path = {20}, .number = 3};
  const CountedChange known{.path = {20}, .entry = entry, .before = CountedChange::Before{leaf[1]}};
  const CountedChange unknown{.path = {20}, .entry = entry, .before = {}};
  const Branch before = branch;
  const auto buffers = [&](const CountedChange& change, double now,
                           const CountedLimits& limits = {}) {
    return buffer_changes(branch, 0, std::span(&change, 1), now, limits);
  };
  CHECK(!buffers(unknown, 4));
  CHECK(!buffers(known, 5));
  CHECK(!buffers(known, 4, {.buffered_bytes = 24}));
  // By the clock of somebody else it may have expired.
  const CountedEntry short_lived{.path = {20}, .expires_at = 60'004};
  CHECK(!buffers({.path = {20}, .entry = entry, .before = CountedChange::Before{short_lived}}, 4));
  CHECK(branch == before);
  CHECK(buffers(known, 4, {.buffered_bytes = 25}));
  CHECK(branch.children[0].buffer.size() == 1);
  CHECK(branch.children[0].summary.count == 2);
  CHECK(branch.children[0].summary.sum.value() == 3);
  // The buffer knows it now.
  CHECK(buffers({.path = {20}, .entry = {}, .before = {}}, 4, {.buffered_bytes = 25}));
  CHECK(branch.children[0].summary.count == 1);
  CHECK(branch.children[0].summary.sum.value() == 0);
  CHECK(branch.children[0].buffer.size() == 1);
  // One less than none there cannot be.
  const auto gone = [](std::uint8_t path) {
    const CountedEntry old{.path = {path}};
    return CountedChange{.path = {path}, .entry = {}, .before = CountedChange::Before{old}};
  };
  CHECK(buffers(gone(11), 4));
  CHECK(!buffers(gone(12), 4));
  // What comes before all others lies in the first leaf.
  const CountedChange first{
      .path = {9}, .entry = {{.path = {9}}}, .before = CountedChange::Before{}};
  CHECK(buffers(first, 4));
  CHECK(branch.children[0].start == Bytes{9});
  CHECK(decode_branch(encode_branch(branch)) == branch);
}

TEST_CASE("counted tree: what 100,000 entries cost, and how often two writes meet") {
  constexpr std::uint64_t kEntries = 100'000;
  Random random(7);
  CountedStore store(kPrefix);
  Entries portion;
  const auto flush = [&] {
    store.write(changes_of(portion));
    portion.clear();
    store.divide_if_due();
  };
  for (std::uint64_t i = 0; i < kEntries; ++i) {
    // In an order of their own, each once.
    const Bytes path = path_of(i * 7919 % kEntries * 160);
    portion[path] = {.path = path, .number = 1};
    if (portion.size() == 1'000) flush();
  }
  const std::vector<std::uint64_t> counts = store.branch_counts();
  CHECK(counts.size() <= kBranches);
  // How likely it is that two entries at random are in the same branch.
  double meet = 0;
  for (const std::uint64_t count : counts) {
    const double share = static_cast<double>(count) / kEntries;
    meet += share * share;
  }
  CHECK(meet <= 0.02);
  for (int i = 0; i < 40; ++i) {
    const KeyRange range = random_range(random, store, kEntries * 160);
    CountedStore::Cost cost;
    const Tally found = store.tally(range, 0, &cost);
    CHECK(cost.reads <= kBranches + 2);
    if (found.count > 0) {
      CHECK_FALSE(store.path_at(range, random.below(found.count), 0, &cost).empty());
      CHECK(cost.reads <= kBranches + 3);
    }
    // A path that is not there yet.
    const Bytes path = path_of(random.below(kEntries * 160) | 1);
    const CountedEntry entry{.path = path, .number = 2};
    cost = store.write({{.path = path, .entry = entry}});
    CHECK(cost.reads <= 2);
    CHECK(cost.writes <= 3);
  }
}

TEST_CASE("counted tree: many at a time cost little more than their entries") {
  CountedStore store(kPrefix);
  Entries entries;
  for (std::uint64_t i = 0; i < 4'000; ++i) entries[path_of(i)] = {.path = path_of(i)};
  const CountedStore::Cost cost = store.write(changes_of(entries));
  CHECK(cost.writes <= 40);
  CHECK(store.tally(store.range(), 0).count == 4'000);
  // All of them gone: a branch, and nothing of what was in it.
  CHECK(store.remove(store.range()).writes == 1);
  CHECK(store.tally(store.range(), 0).count == 0);
  check_same(store, {});
}

TEST_CASE("counted tree: a leaf is looked at only if some of it have expired") {
  CountedStore store(kPrefix);
  Entries entries;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    entries[path_of(i)] = {.path = path_of(i), .expires_at = i < 500 ? 10.0 : kNever};
  }
  store.write(changes_of(entries));
  CountedStore::Cost cost;
  CHECK(store.tally(store.range(), 9.5, &cost).count == 1'000);
  CHECK(cost.reads == 1);
  CHECK(store.tally(store.range(), 10, &cost).count == 500);
  CHECK(cost.reads <= 2);
}

TEST_CASE("counted tree: a leaf of several entries has no more than its share of bytes") {
  for (const int percent : {0, 10, 50, 100}) {
    INFO("percent ", percent);
    Random random(static_cast<std::uint64_t>(percent));
    Leaf leaf;
    std::size_t bytes = 0;
    // The long ones are all at the end.
    for (std::uint64_t i = 0; i < 120; ++i) {
      leaf.push_back({.path = path_of(i, i * 100 >= 120 * static_cast<unsigned>(100 - percent))});
      bytes += leaf.back().path.size();
    }
    std::size_t entries = 0;
    const std::vector<Leaf> pieces = split_leaf(leaf);
    for (const Leaf& piece : pieces) {
      std::size_t size = 0;
      for (const CountedEntry& entry : piece) size += entry.path.size();
      CHECK(size <= kMaxLeafPathBytes);
      entries += piece.size();
    }
    CHECK(entries == 120);
    CHECK(pieces.size() <= 2 * bytes / kMaxLeafPathBytes + 1);
  }
  Leaf two;
  for (std::uint64_t i = 0; i < 2; ++i) {
    two.push_back({.path = path_of(i)});
    two.back().path.resize(kMaxLeafPathBytes);
  }
  CHECK(split_leaf(two).size() == 2);
}

TEST_CASE("counted tree: leaves that have become small are joined once it is tidied") {
  CountedStore store(kPrefix);
  Entries entries;
  for (std::uint64_t i = 0; i < 4'000; ++i) entries[path_of(i)] = {.path = path_of(i)};
  store.write(changes_of(entries));
  CHECK(store.leaves() == 32);
  store.tidy(0);
  CHECK(store.leaves() == 32);
  // One in forty stays.
  for (std::uint64_t i = 0; i < 4'000; ++i) {
    if (i % 40 == 0) continue;
    const CountedStore::Cost cost = store.write({{.path = path_of(i), .entry = std::nullopt}});
    CHECK(cost.reads == 2);
    CHECK(cost.writes == 2);
    entries.erase(path_of(i));
  }
  CHECK(store.leaves() == 32);
  store.tidy(0);
  // Of a hundred entries: two or three leaves would do.
  CHECK(store.leaves() <= 4);
  check_same(store, entries);
}

TEST_CASE("counted tree: a branch of many small leaves is untidy") {
  CHECK(!is_untidy(branch_of(0, std::vector<std::uint64_t>(16, 1))));
  CHECK(is_untidy(branch_of(0, std::vector<std::uint64_t>(17, 7))));
  CHECK(!is_untidy(branch_of(0, std::vector<std::uint64_t>(17, 8))));
}

TEST_CASE("counted tree: a small leaf is joined with the one before it, or the one behind it") {
  const auto joined = [](const std::vector<std::uint64_t>& counts, std::size_t child) {
    return child_to_join(branch_of(0, counts), child);
  };
  const auto at = [](std::size_t child) { return std::optional(child); };
  CHECK(joined({40, 15, 40}, 1) == at(0));
  CHECK(joined({50, 15, 49}, 1) == at(2));
  CHECK(joined({15, 49}, 0) == at(1));
  CHECK(joined({50, 15, 50}, 1) == std::nullopt);
  CHECK(joined({15}, 0) == std::nullopt);
  // It is not small.
  CHECK(joined({16, 16}, 0) == std::nullopt);
}

TEST_CASE("counted tree: a branch outgrows its share by a quarter, if there is what to divide") {
  CHECK(!has_outgrown_share(branch_of(1'000, {1'249, 1})));
  CHECK(has_outgrown_share(branch_of(1'000, {1'250, 1})));
  CHECK(!has_outgrown_share(branch_of(1'000, {5'000})));
  // The least share is that of two leaves.
  CHECK(!has_outgrown_share(branch_of(0, {200, 120})));
  CHECK(has_outgrown_share(branch_of(0, {200, 121})));
  // Alike, in their order; and what is one alone stays so.
  const auto divided =
      divide({branch_of(0, std::vector<std::uint64_t>(40, 100)), branch_of(0, {})});
  CHECK(divided.size() == 15);
  for (const Branch& branch : divided) {
    CHECK(branch.children.size() >= 2);
    CHECK(branch.children.size() <= 3);
    CHECK(branch.share >= 4'000 / 15);
    CHECK(!has_outgrown_share(branch));
  }
  // Where leaves are as large as they can be, too: it is not divided again at once.
  for (const Branch& branch : divide({branch_of(0, std::vector<std::uint64_t>(41, 128))})) {
    CHECK(!has_outgrown_share(branch));
  }
  CHECK(divide({branch_of(7, {9'000})}).size() == 1);
  CHECK(divide({branch_of(7, {})}).size() == 1);
}

}  // namespace counted_tree_test
