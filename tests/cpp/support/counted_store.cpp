#include "counted_store.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "require.hpp"

namespace convex_kv::test {

CountedStore::CountedStore(Bytes prefix) : range_(range_below(std::move(prefix))) {
  branches_[range_.lower] = encode_branch({});
}

Bytes CountedStore::end_of(Rows::const_iterator row) const {
  const auto next = std::next(row);
  return next == branches_.end() ? range_.upper : next->first;
}

Leaf CountedStore::leaf(const std::string& id) const {
  const auto found = leaves_.find(id);
  require(found != leaves_.end(), "a leaf is missing");
  const auto leaf = decode_leaf(found->second);
  require(leaf.has_value(), "a leaf is malformed");
  require(encode_leaf(*leaf) == found->second, "a leaf has two forms");
  return *leaf;
}

template <typename Change>
CountedStore::Cost CountedStore::commit(const KeyRange& range, const Change& change) {
  Cost cost;
  CountedNodes nodes;
  for (auto row = branches_.begin(); row != branches_.end(); ++row) {
    const Bytes end = end_of(row);
    if (!(row->first < range.upper && range.lower < end)) continue;
    nodes.branches.push_back({.start = row->first, .branch = *decode_branch(row->second)});
    nodes.end = end;
    ++cost.reads;
  }
  for (;;) {
    const CountedOutcome outcome = change(nodes);
    for (const std::string& id : outcome.missing) nodes.leaves[id] = leaf(id);
    cost.reads += outcome.missing.size();
    if (!outcome.missing.empty()) continue;
    if (outcome.new_leaves.size() > nodes.new_ids.size()) {
      for (const Leaf& leaf : outcome.new_leaves) {
        nodes.new_ids.push_back("leaf" + std::to_string(++last_id_));
        leaves_[nodes.new_ids.back()] = encode_leaf(leaf);
        ++cost.writes;
      }
      continue;
    }
    for (const auto& [id, leaf] : outcome.leaves) leaves_[id] = encode_leaf(leaf);
    // The background does it, later.
    for (const std::string& id : outcome.dropped) leaves_.erase(id);
    cost.writes += outcome.leaves.size();
    for (const PlacedBranch& placed : nodes.branches) branches_.erase(placed.start);
    for (const PlacedBranch& placed : outcome.branches) {
      branches_[placed.start] = encode_branch(placed.branch);
    }
    for (const PlacedBranch& placed : outcome.branches) {
      const auto& given = nodes.branches;
      if (std::find(given.begin(), given.end(), placed) == given.end()) ++cost.writes;
    }
    return cost;
  }
}

CountedStore::Cost CountedStore::write(const std::vector<CountedChange>& changes,
                                       const Buffering& buffering) {
  if (changes.empty()) return {};
  KeyRange range{changes.front().path, changes.back().path};
  range.upper.push_back(0);
  return commit(range, [&](const CountedNodes& nodes) {
    return change_counted(nodes, changes, {}, buffering);
  });
}

CountedStore::Cost CountedStore::remove(const KeyRange& range) {
  if (!(range.lower < range.upper)) return {};
  return commit(range, [&](const CountedNodes& nodes) { return remove_counted(nodes, range); });
}

CountedStore::Cost CountedStore::tidy(double now) {
  return commit(range_, [&](const CountedNodes& nodes) { return tidy_counted(nodes, now, 1000); });
}

bool CountedStore::divide_if_due() {
  const bool is_due = std::ranges::any_of(
      branches_, [](const auto& row) { return has_outgrown_share(*decode_branch(row.second)); });
  if (is_due) commit(range_, [](const CountedNodes& nodes) { return divide_counted(nodes); });
  return is_due;
}

CountedView CountedStore::view(const KeyRange& range, double now, Cost& cost) const {
  CountedView view{.branches = {}, .end = range_.upper, .now = now};
  for (auto row = branches_.begin(); row != branches_.end(); ++row) {
    const Bytes end = end_of(row);
    if (!(row->first < range.upper && range.lower < end)) continue;
    view.branches.push_back(*decode_branch(row->second));
    view.end = end;
    ++cost.reads;
  }
  return view;
}

void CountedStore::read(const CountedView& seen, const std::vector<std::string>& ids,
                        Leaves& leaves) const {
  Leaves added;
  for (const std::string& id : ids) added[id] = leaf(id);
  for (const Branch& branch : seen.branches) apply_buffered(branch, added);
  leaves.merge(added);
}

Tally CountedStore::tally(const KeyRange& range, double now, Cost* cost) const {
  Cost own;
  const CountedView seen = view(range, now, own);
  Leaves leaves;
  for (;;) {
    std::vector<std::string> missing;
    const auto found = convex_kv::tally(seen, range, leaves, missing);
    if (cost != nullptr) *cost = own;
    if (found) return *found;
    require(!missing.empty(), "nothing is missing, and nothing found");
    read(seen, missing, leaves);
    own.reads += missing.size();
  }
}

Bytes CountedStore::path_at(const KeyRange& range, std::uint64_t index, double now,
                            Cost* cost) const {
  Cost own;
  const CountedView seen = view(range, now, own);
  Leaves leaves;
  for (;;) {
    std::vector<std::string> missing;
    const auto found = convex_kv::path_at(seen, range, index, leaves, missing);
    if (cost != nullptr) *cost = own;
    if (found) return *found;
    require(!missing.empty(), "nothing is missing, and nothing found");
    read(seen, missing, leaves);
    own.reads += missing.size();
  }
}

std::size_t CountedStore::buffered() const {
  std::size_t changes = 0;
  for (const auto& [start, bytes] : branches_) {
    const Branch branch = *decode_branch(bytes);
    for (const CountedChild& child : branch.children) changes += child.buffer.size();
  }
  return changes;
}

std::vector<std::uint64_t> CountedStore::branch_counts() const {
  std::vector<std::uint64_t> counts;
  for (const auto& [start, bytes] : branches_) {
    counts.push_back(0);
    const Branch branch = *decode_branch(bytes);
    for (const CountedChild& child : branch.children) counts.back() += child.summary.count;
  }
  return counts;
}

std::vector<CountedEntry> CountedStore::checked_entries() const {
  std::vector<CountedEntry> entries;
  std::size_t known = 0;
  for (auto row = branches_.begin(); row != branches_.end(); ++row) {
    const auto branch = decode_branch(row->second);
    require(branch.has_value(), "a branch is malformed");
    require(encode_branch(*branch) == row->second, "a branch has two forms");
    for (std::size_t i = 0; i < branch->children.size(); ++i) {
      const CountedChild& child = branch->children[i];
      const Bytes end =
          i + 1 < branch->children.size() ? branch->children[i + 1].start : end_of(row);
      require(child.start < end, "children are out of order");
      Leaf found = leaf(child.id);
      ++known;
      require(!found.empty() && found.size() <= kMaxLeafEntries, "a leaf is empty or too long");
      change_leaf(found, child.buffer);
      Summary summary;
      for (const CountedEntry& entry : found) {
        require(!(entry.path < child.start) && entry.path < end, "an entry is in a wrong leaf");
        require(entries.empty() || entries.back().path < entry.path, "entries are out of order");
        summary.add(entry);
        entries.push_back(entry);
      }
      if (!child.buffer.empty()) {
        require(child.summary.first_expiry <= summary.first_expiry &&
                    child.summary.last_expiry >= summary.last_expiry,
                "an entry expires at another time than its branch knows");
        summary.first_expiry = child.summary.first_expiry;
        summary.last_expiry = child.summary.last_expiry;
      }
      require(summary == child.summary, "a summary is wrong");
    }
  }
  require(known == leaves_.size(), "a leaf is nobody's");
  return entries;
}

}  // namespace convex_kv::test
