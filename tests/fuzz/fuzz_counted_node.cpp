// A node that is understood has one form; and whatever nodes say, what is done with them ends, and
// keeps them nodes.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "convex_kv/counted/counted_tree.hpp"
#include "convex_kv/counted/node_wire.hpp"
#include "feed.hpp"
#include "target.hpp"

using namespace convex_kv;

namespace {

void require_branch(const Branch& branch) {
  fuzz::require(decode_branch(encode_branch(branch)) == branch);
}

std::uint64_t count_in(const Branch& branch) {
  std::uint64_t count = 0;
  for (const CountedChild& child : branch.children) count += child.summary.count;
  return count;
}

// Leaves that a branch tells of, which say something else.
void read(const CountedView& view, const KeyRange& range, const Leaf& leaf) {
  Leaves leaves;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string> missing;
    const auto total = tally(view, range, leaves, missing);
    fuzz::require(total.has_value() == missing.empty());
    if (total) (void)total->sum.value();
    for (const std::string& id : missing) leaves[id] = leaf;
    missing.clear();
    const auto path = path_at(view, range, round, leaves, missing);
    fuzz::require(path.has_value() == missing.empty());
    for (const std::string& id : missing) leaves[id] = leaf;
  }
}

void change(const Branch& branch, Leaf leaf, const KeyRange& range) {
  const std::size_t most = leaf.size();
  std::vector<CountedChange> changes;
  for (std::size_t i = 0; i < most; i += 2) changes.push_back({.path = leaf[i].path, .entry = {}});
  change_leaf(leaf, changes);
  fuzz::require(leaf.size() == most - changes.size());
  const std::vector<Leaf> pieces = split_leaf(std::move(leaf));
  const std::vector<std::string> ids(pieces.size() + 1, "new");
  Branch changed = branch;
  if (changed.children.empty()) {
    add_child(changed, pieces, ids);
    require_branch(changed);
    return;
  }
  const std::size_t child = child_at(changed, range.lower);
  (void)child_to_join(changed, child);
  replace_child(changed, child, {}, {});
  require_branch(changed);
}

// Buffers that the leaf's entries are deleted, as if the branch told of it.
void buffer(Branch branch, const Leaf& leaf) {
  if (branch.children.empty() || count_in(branch) > 1'000'000) return;
  for (const CountedEntry& entry : leaf) {
    const std::size_t child = child_at(branch, entry.path);
    const std::uint64_t count = branch.children[child].summary.count;
    const CountedChange change{
        .path = entry.path, .entry = {}, .before = CountedChange::Before{entry}};
    const bool is_buffered = buffer_changes(branch, child, std::span(&change, 1), 0);
    fuzz::require(branch.children[child].summary.count <= count);
    if (is_buffered) fuzz::require(!branch.children[child].buffer.empty());
  }
  require_branch(branch);
  Leaves leaves{{branch.children.front().id, leaf}};
  apply_buffered(branch, leaves);
}

void divide_and_drop(const Branch& branch, const KeyRange& range) {
  (void)has_outgrown_share(branch);
  std::uint64_t count = 0;
  for (const Branch& part : divide({branch})) {
    count += count_in(part);
    fuzz::require(branch.children.empty() || !part.children.empty());
  }
  fuzz::require(count == count_in(branch));
  Branch left = branch;
  std::vector<std::size_t> partly;
  const auto dropped = drop_children(left, range, range.upper, partly);
  fuzz::require(dropped.size() + left.children.size() == branch.children.size());
  fuzz::require(partly.empty() || partly.back() < left.children.size());
  require_branch(left);
}

}  // namespace

FUZZ_TARGET(counted_node) {
  // A leaf up to the first FF of those that follow one another, and a branch behind them.
  const ByteView input(data, size);
  const auto mark = std::adjacent_find(input.begin(), input.end(),
                                       [](auto a, auto b) { return a == 0xFF && b == 0xFF; });
  const auto length = static_cast<std::size_t>(mark - input.begin());
  const auto leaf = decode_leaf(input.first(length));
  if (leaf) fuzz::require(encode_leaf(*leaf) == Bytes(input.begin(), mark));
  const ByteView rest = input.subspan(std::min(length + 2, size));
  const auto branch = decode_branch(rest);
  if (branch) fuzz::require(encode_branch(*branch) == Bytes(rest.begin(), rest.end()));
  if (!leaf || !branch) return 0;
  KeyRange range{{}, {0xFF}};
  if (leaf->size() > 1) range = {leaf->front().path, leaf->back().path};
  for (const double now : {0.0, 1e12}) {
    read({.branches = {*branch}, .end = range.upper, .now = now}, range, *leaf);
  }
  change(*branch, *leaf, range);
  buffer(*branch, *leaf);
  divide_and_drop(*branch, range);
  return 0;
}
