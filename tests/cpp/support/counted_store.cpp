#include "counted_store.hpp"

#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "require.hpp"

namespace convex_kv::test {

CountedStore::CountedStore(Bytes prefix) : range_(range_below(std::move(prefix))) {
  branches_[range_.lower] = encode_branch({});
}

CountedStore::Rows::iterator CountedStore::row_at(const Bytes& path) {
  return std::prev(branches_.upper_bound(path));
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

std::vector<std::string> CountedStore::new_leaves(const std::vector<Leaf>& leaves, std::size_t from,
                                                  Cost& cost) {
  std::vector<std::string> ids;
  for (std::size_t i = from; i < leaves.size(); ++i) {
    ids.push_back("leaf" + std::to_string(++last_id_));
    leaves_[ids.back()] = encode_leaf(leaves[i]);
    ++cost.writes;
  }
  return ids;
}

void CountedStore::put(Branch& branch, std::size_t child, Leaf leaf, Cost& cost) {
  const std::vector<Leaf> leaves = split_leaf(std::move(leaf));
  const std::string id = branch.children[child].id;
  if (leaves.empty()) {
    leaves_.erase(id);
  } else {
    leaves_[id] = encode_leaf(leaves.front());
  }
  ++cost.writes;
  replace_child(branch, child, leaves, new_leaves(leaves, 1, cost));
}

CountedStore::Cost CountedStore::write(const std::vector<CountedChange>& changes) {
  Cost cost;
  for (std::size_t at = 0; at < changes.size();) {
    const auto row = row_at(changes[at].path);
    const Bytes end = end_of(row);
    Branch branch = *decode_branch(row->second);
    ++cost.reads;
    ++cost.writes;
    for (; at < changes.size() && changes[at].path < end;) {
      if (branch.children.empty()) {
        Leaf leaf;
        std::size_t behind = at;
        while (behind < changes.size() && changes[behind].path < end) ++behind;
        change_leaf(leaf, std::span(changes).subspan(at, behind - at));
        const std::vector<Leaf> leaves = split_leaf(std::move(leaf));
        add_child(branch, leaves, new_leaves(leaves, 0, cost));
        at = behind;
        continue;
      }
      std::size_t child = child_at(branch, changes[at].path);
      std::size_t behind = at;
      while (behind < changes.size() && changes[behind].path < end &&
             child_at(branch, changes[behind].path) == child) {
        ++behind;
      }
      Leaf changed = leaf(branch.children[child].id);
      ++cost.reads;
      change_leaf(changed, std::span(changes).subspan(at, behind - at));
      put(branch, child, std::move(changed), cost);
      at = behind;
      if (child >= branch.children.size()) continue;
      if (const auto other = child_to_join(branch, child)) {
        const auto [first, second] = std::minmax(child, *other);
        Leaf joined = leaf(branch.children[first].id);
        for (CountedEntry& entry : leaf(branch.children[second].id)) {
          joined.push_back(std::move(entry));
        }
        ++cost.reads;
        // One of the two was written already.
        put(branch, second, {}, cost);
        put(branch, first, std::move(joined), cost);
        --cost.writes;
      }
    }
    row->second = encode_branch(branch);
  }
  return cost;
}

CountedStore::Cost CountedStore::remove(const KeyRange& range) {
  Cost cost;
  if (!(range.lower < range.upper)) return cost;
  for (auto row = branches_.begin(); row != branches_.end();) {
    const Bytes end = end_of(row);
    if (!(row->first < range.upper && range.lower < end)) {
      ++row;
      continue;
    }
    Branch branch = *decode_branch(row->second);
    ++cost.reads;
    ++cost.writes;
    std::vector<std::size_t> left;
    // The background does it, later.
    for (const std::string& id : drop_children(branch, range, end, left)) leaves_.erase(id);
    for (std::size_t i = left.size(); i-- > 0;) {
      Leaf changed = leaf(branch.children[left[i]].id);
      ++cost.reads;
      std::erase_if(changed, [&](const CountedEntry& each) { return range.contains(each.path); });
      put(branch, left[i], std::move(changed), cost);
    }
    if (branch.children.empty() && row != branches_.begin()) {
      row = branches_.erase(row);
    } else {
      row->second = encode_branch(branch);
      ++row;
    }
  }
  return cost;
}

bool CountedStore::divide_if_due() {
  std::vector<Branch> all;
  bool is_due = false;
  for (const auto& [start, bytes] : branches_) {
    all.push_back(*decode_branch(bytes));
    is_due |= has_outgrown_share(all.back());
  }
  if (!is_due) return false;
  branches_.clear();
  for (const Branch& branch : divide(all)) {
    const Bytes& start = branches_.empty() ? range_.lower : branch.children.front().start;
    branches_[start] = encode_branch(branch);
  }
  return true;
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
    for (const std::string& id : missing) leaves[id] = leaf(id);
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
    for (const std::string& id : missing) leaves[id] = leaf(id);
    own.reads += missing.size();
  }
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
      const Leaf found = leaf(child.id);
      ++known;
      require(!found.empty() && found.size() <= kMaxLeafEntries, "a leaf is empty or too long");
      Summary summary;
      for (const CountedEntry& entry : found) {
        require(!(entry.path < child.start) && entry.path < end, "an entry is in a wrong leaf");
        require(entries.empty() || entries.back().path < entry.path, "entries are out of order");
        summary.add(entry);
        entries.push_back(entry);
      }
      require(summary == child.summary, "a summary is wrong");
    }
  }
  require(known == leaves_.size(), "a leaf is nobody's");
  return entries;
}

}  // namespace convex_kv::test
