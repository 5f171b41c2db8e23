#include "changes.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "../mutant.hpp"
#include "marker.hpp"
#include "nodes.hpp"

namespace convex_kv::simulation {

namespace {

// For so few paths, each prefix of each is looked up. For more, so many counted prefixes between
// them are looked at.
constexpr std::size_t kFewPaths = 3;
constexpr std::int64_t kFewPrefixes = 4;

using Changes = std::vector<CountedChange>;

// In how many leaves so many changes are made, rather than buffered.
std::size_t leaves_for(std::size_t changes) { return changes == 1 ? changes : changes / 4; }

Bytes behind(Bytes path) {
  path.push_back(kBehindKey);
  return path;
}

Changes changes_below(const Bytes& prefix, const Changes& changes) {
  const KeyRange range = range_below(prefix);
  Changes below;
  std::ranges::copy_if(changes, std::back_inserter(below),
                       [&range](const CountedChange& one) { return range.contains(one.path); });
  return below;
}

void note_in(Transaction& transaction, const BranchRows& rows, Changes changes) {
  const auto limit =
      std::ranges::find_if(rows, [](const auto& row) { return !row->document.node; });
  const BranchRows counted = counted_of(rows);
  if (limit != rows.end()) {
    std::erase_if(changes, [&limit](const CountedChange& one) {
      return !(one.path < (*limit)->document.start);
    });
  }
  if (counted.empty() || changes.empty()) return;
  for (CountedChange& one : changes) {
    if (counted.front()->document.sum != SumKind::kNone) continue;
    if (one.entry) one.entry->number = 0;
    if (one.before && one.before->entry) one.before->entry->number = 0;
  }
  const Buffering buffering{.most_leaves = leaves_for(changes.size()), .now = transaction.now()};
  change_nodes(transaction, counted, [&](const CountedNodes& nodes) {
    return change_counted(nodes, changes, kLowLimits, buffering);
  });
}

// Of a prefix that may be counted or not.
void note_few(Transaction& transaction, const Bytes& prefix, Changes changes) {
  BranchRows rows;
  for (const CountedChange& one : changes) {
    const auto row = branch_at(transaction, prefix, one.path);
    const auto is_same = [&row](const auto& other) { return other->id == row->id; };
    if (row && std::ranges::none_of(rows, is_same)) rows.push_back(row);
  }
  note_in(transaction, rows, std::move(changes));
}

std::set<Bytes> distinct_prefixes(const Changes& changes) {
  std::set<Bytes> prefixes;
  for (const CountedChange& one : changes) {
    for (Bytes& prefix : prefixes_of(one.path)) prefixes.insert(std::move(prefix));
  }
  return prefixes;
}

// The counted prefixes that may have some of these paths, which are in order.
std::vector<Bytes> counted_among(Transaction& transaction, const Changes& changes) {
  const std::vector<Bytes> first = prefixes_of(changes.front().path);
  const std::vector<Bytes> last = prefixes_of(changes.back().path);
  const auto shared = std::ranges::mismatch(first, last).in1;
  std::vector<Bytes> found(first.begin(), shared - 1);
  const KeyRange within{index_key({*(shared - 1)}), equal_to({changes.back().path}).upper};
  const auto rows = transaction.read<CountedPrefix>(CountedPrefix::kByPath, within, kFewPrefixes);
  if (std::ssize(rows) < kFewPrefixes) {
    for (const auto& row : rows) found.push_back(row->document.path);
    return found;
  }
  found.clear();
  for (const Bytes& prefix : distinct_prefixes(changes)) {
    const auto row = transaction.first<CountedPrefix>(CountedPrefix::kByPath, equal_to({prefix}));
    if (row) found.push_back(prefix);
  }
  return found;
}

// Of several for one path the last, with what there was before the first.
Changes last_of_each(Changes changes) {
  std::ranges::stable_sort(changes, {}, &CountedChange::path);
  Changes last;
  for (CountedChange& one : changes) {
    if (!last.empty() && last.back().path == one.path) {
      one.before = std::move(last.back().before);
      last.pop_back();
    }
    last.push_back(std::move(one));
  }
  return last;
}

}  // namespace

CountedChange present(const Entry& entry, KnownBefore before) {
  return {.path = entry.path,
          .entry = CountedEntry{.path = entry.path,
                                .expires_at = entry.expires_at.value_or(kForever),
                                .number = entry.number},
          .before = std::move(before)};
}

CountedChange absent(const Bytes& path, KnownBefore before) {
  return {.path = path, .entry = std::nullopt, .before = std::move(before)};
}

void note_changes(Transaction& transaction, std::vector<CountedChange> changes) {
  const Uncharged uncharged(transaction);
  const Changes each = last_of_each(std::move(changes));
  const Lapse lapse = transaction.mutant().lapse;
  if (each.size() <= kFewPaths) {
    for (const Bytes& prefix : distinct_prefixes(each)) {
      if (lapse == Lapse::kTellsRoot && !prefix.empty()) break;
      note_few(transaction, prefix, changes_below(prefix, each));
    }
  } else {
    for (const Bytes& prefix : counted_among(transaction, each)) {
      const Changes below = changes_below(prefix, each);
      if (below.empty()) continue;
      note_in(transaction,
              branches_in(transaction, prefix, below.front().path, behind(below.back().path)),
              below);
    }
  }
  if (lapse == Lapse::kBranchReadSet) transaction.forget_reads_of(CountedBranch::kTable);
}

void note_removed(Transaction& transaction, const Bytes& prefix, const KeyRange& range) {
  if (!(range.lower < range.upper)) return;
  const Uncharged uncharged(transaction);
  std::vector<Bytes> prefixes = prefixes_of(prefix);
  prefixes.pop_back();
  const Lapse lapse = transaction.mutant().lapse;
  const KeyRange within{index_key({prefix}), index_key({range.upper})};
  for (const auto& row : transaction.read<CountedPrefix>(CountedPrefix::kByPath, within, 1000)) {
    if (lapse != Lapse::kTellsAbove) prefixes.push_back(row->document.path);
  }
  for (const Bytes& of : prefixes) {
    const Bytes& from = std::max(range.lower, of);
    if (!(from < end_of(of))) continue;
    const BranchRows rows = counted_of(branches_in(transaction, of, from, range.upper));
    change_nodes(transaction, rows, [&range](const CountedNodes& nodes) {
      return remove_counted(nodes, range, kLowLimits);
    });
  }
}

}  // namespace convex_kv::simulation
