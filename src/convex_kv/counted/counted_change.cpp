#include "convex_kv/counted/counted_change.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

#include "convex_kv/rules/expiry.hpp"

namespace convex_kv {

namespace {

// What is being changed.
class Changing {
 public:
  Changing(CountedNodes&& nodes, const CountedLimits& limits)
      : nodes_(std::move(nodes)), limits_(limits) {
    for (const PlacedBranch& placed : nodes_.branches) {
      apply_buffered(placed.branch, nodes_.leaves);
    }
  }

  std::vector<PlacedBranch>& branches() { return nodes_.branches; }

  // Where the branch at this position ends.
  const Bytes& end_of(std::size_t branch) const {
    return branch + 1 < nodes_.branches.size() ? nodes_.branches[branch + 1].start : nodes_.end;
  }

  // nullptr if it has to be read first.
  const Leaf* leaf(const std::string& id) {
    const auto found = nodes_.leaves.find(id);
    if (found != nodes_.leaves.end()) return &found->second;
    outcome_.missing.push_back(id);
    return nullptr;
  }

  void drop(std::string id) { outcome_.dropped.push_back(std::move(id)); }

  // Puts a leaf in the place of a child.
  void put(Branch& branch, std::size_t child, Leaf leaf) {
    const std::string id = branch.children[child].id;
    std::vector<Leaf> leaves = split_leaf(std::move(leaf), limits_);
    if (leaves.empty()) {
      drop(id);
    } else {
      outcome_.leaves[id] = leaves.front();
    }
    replace_child(branch, child, leaves, ids_of(leaves, 1));
  }

  // Puts a leaf into a branch without children.
  void put_first(Branch& branch, Leaf leaf) {
    const std::vector<Leaf> leaves = split_leaf(std::move(leaf), limits_);
    add_child(branch, leaves, ids_of(leaves, 0));
  }

  CountedOutcome take() {
    outcome_.branches = std::move(nodes_.branches);
    return std::move(outcome_);
  }

 private:
  // The ids of those from `first` on, which are new.
  std::vector<std::string> ids_of(const std::vector<Leaf>& leaves, std::size_t first) {
    std::vector<std::string> ids;
    for (std::size_t i = first; i < leaves.size(); ++i) {
      const std::size_t position = outcome_.new_leaves.size();
      outcome_.new_leaves.push_back(leaves[i]);
      ids.push_back(position < nodes_.new_ids.size() ? nodes_.new_ids[position] : std::string());
    }
    return ids;
  }

  CountedNodes nodes_;
  const CountedLimits& limits_;
  CountedOutcome outcome_;
};

// Changes that are all in one leaf.
struct LeafChanges {
  std::size_t branch = 0;
  std::size_t child = 0;  // if the branch has any
  std::span<const CountedChange> changes;
};

// From the last leaf to the first, so that positions of children that come before one stay.
std::vector<LeafChanges> by_leaf(const std::vector<PlacedBranch>& branches,
                                 std::span<const CountedChange> changes) {
  std::vector<LeafChanges> leaves;
  std::size_t behind = changes.size();
  for (std::size_t i = branches.size(); i-- > 0;) {
    const Branch& branch = branches[i].branch;
    const auto is_own = [&](std::size_t change) {
      return !(changes[change].path < branches[i].start);
    };
    while (behind > 0 && is_own(behind - 1)) {
      const auto child_of = [&](std::size_t change) {
        return branch.children.empty() ? 0 : child_at(branch, changes[change].path);
      };
      const std::size_t child = child_of(behind - 1);
      std::size_t first = behind - 1;
      while (first > 0 && is_own(first - 1) && child_of(first - 1) == child) --first;
      leaves.push_back(
          {.branch = i, .child = child, .changes = changes.subspan(first, behind - first)});
      behind = first;
    }
  }
  return leaves;
}

void make_changes(Changing& changing, Branch& branch, std::size_t child,
                  std::span<const CountedChange> changes) {
  if (branch.children.empty()) {
    Leaf leaf;
    change_leaf(leaf, changes);
    changing.put_first(branch, std::move(leaf));
  } else if (const Leaf* leaf = changing.leaf(branch.children[child].id)) {
    Leaf changed = *leaf;
    change_leaf(changed, changes);
    // What is written anew may count as it did.
    if (changed != *leaf) changing.put(branch, child, std::move(changed));
  }
}

// What becomes of children that are one behind the other, of which something is to be taken away:
// one leaf, or none.
void join_children(Changing& changing, Branch& branch, std::size_t first, std::size_t last,
                   double now) {
  Leaf joined;
  bool is_complete = true;
  for (std::size_t child = first; child <= last; ++child) {
    const Leaf* leaf = changing.leaf(branch.children[child].id);
    is_complete &= leaf != nullptr;
    if (leaf == nullptr) continue;
    std::copy_if(leaf->begin(), leaf->end(), std::back_inserter(joined),
                 [&](const CountedEntry& entry) { return !is_expired(entry.expires_at, now); });
  }
  if (!is_complete) return;
  for (std::size_t child = last; child > first; --child) changing.put(branch, child, {});
  changing.put(branch, first, std::move(joined));
}

}  // namespace

CountedOutcome change_counted(CountedNodes nodes, std::span<const CountedChange> changes,
                              const CountedLimits& limits, const Buffering& buffering) {
  Changing changing(std::move(nodes), limits);
  const std::vector<LeafChanges> leaves = by_leaf(changing.branches(), changes);
  const bool buffers = leaves.size() > buffering.most_leaves;
  for (const auto& [branch, child, own] : leaves) {
    Branch& changed = changing.branches()[branch].branch;
    const bool is_buffered = buffers && !changed.children.empty() &&
                             buffer_changes(changed, child, own, buffering.now, limits);
    if (!is_buffered) make_changes(changing, changed, child, own);
  }
  return changing.take();
}

CountedOutcome remove_counted(CountedNodes nodes, const KeyRange& range,
                              const CountedLimits& limits) {
  Changing changing(std::move(nodes), limits);
  for (std::size_t i = 0; i < changing.branches().size(); ++i) {
    Branch& branch = changing.branches()[i].branch;
    std::vector<std::size_t> left;
    for (std::string& id : drop_children(branch, range, changing.end_of(i), left)) {
      changing.drop(std::move(id));
    }
    for (std::size_t at = left.size(); at-- > 0;) {
      const Leaf* leaf = changing.leaf(branch.children[left[at]].id);
      if (leaf == nullptr) continue;
      Leaf kept = *leaf;
      const auto removed = std::erase_if(
          kept, [&](const CountedEntry& entry) { return range.contains(entry.path); });
      if (removed > 0) changing.put(branch, left[at], std::move(kept));
    }
  }
  return changing.take();
}

CountedOutcome tidy_counted(CountedNodes nodes, double now, std::size_t most_leaves,
                            const CountedLimits& limits) {
  Changing changing(std::move(nodes), limits);
  std::size_t read = 0;
  for (PlacedBranch& placed : changing.branches()) {
    std::vector<CountedChild>& children = placed.branch.children;
    for (std::size_t child = children.size(); child-- > 0;) {
      const Summary& summary = children[child].summary;
      if (summary.count == 0 || is_expired(summary.last_expiry, now)) {
        changing.put(placed.branch, child, {});
      }
    }
    for (std::size_t last = children.size(); last-- > 0 && read < most_leaves;) {
      std::size_t first = last;
      std::uint64_t count = children[last].summary.count;
      // Those before it that have room in one leaf with it.
      while (first > 0 && last - first + 1 < most_leaves) {
        const auto other = child_to_join(placed.branch, first, limits);
        const auto before = child_to_join(placed.branch, first - 1, limits);
        const std::uint64_t more = children[first - 1].summary.count;
        if (other != first - 1 && before != first) break;
        if (count + more > limits.leaf_entries / 2) break;
        count += more;
        --first;
      }
      const bool expires = is_expired(children[last].summary.first_expiry, now);
      const bool is_buffered = !children[last].buffer.empty();
      if (first < last || expires || is_buffered) {
        read += last - first + 1;
        join_children(changing, placed.branch, first, last, now);
      }
      last = first;
    }
  }
  return changing.take();
}

CountedOutcome divide_counted(CountedNodes nodes, const CountedLimits& limits) {
  CountedOutcome outcome;
  if (nodes.branches.empty()) return outcome;
  std::vector<Branch> branches;
  for (const PlacedBranch& placed : nodes.branches) branches.push_back(placed.branch);
  for (Branch& branch : divide(branches, limits)) {
    if (buffered_bytes(branch) > limits.buffered_bytes) {
      outcome.branches = std::move(nodes.branches);
      return outcome;
    }
    Bytes start =
        outcome.branches.empty() ? nodes.branches.front().start : branch.children.front().start;
    outcome.branches.push_back({.start = std::move(start), .branch = std::move(branch)});
  }
  return outcome;
}

bool is_untidy(const Branch& branch, const CountedLimits& limits) {
  std::uint64_t count = 0;
  for (const CountedChild& child : branch.children) count += child.summary.count;
  return branch.children.size() > limits.few_leaves &&
         count < branch.children.size() * limits.untidy_leaf;
}

double first_expiry_of(const Branch& branch) {
  double first = std::numeric_limits<double>::infinity();
  for (const CountedChild& child : branch.children) {
    first = std::min(first, child.summary.first_expiry);
  }
  return first;
}

}  // namespace convex_kv
