// A counted prefix: of any range of its entries it is known how many there are, their numbers' sum,
// and which is the n-th, without a look at each.
//
// It is a B-tree of two levels without a root. Its leaves hold entries, and its branches what is
// known of each leaf (Summary). There are about fifty branches, however many entries there are: to
// count all is to read the branches, and a leaf or two at the ends of a range. A write changes a
// leaf and its branch, so two writes at random meet in one of fifty, and there is no document that
// all of them change.
//
// Changes may wait in a branch before they are made in its leaves (leaf_changes.hpp). What a branch
// tells of a leaf has them in it, and leaves that are given here as well.
//
// Branches and leaves are documents. Nothing here reads any: who calls has found the branches by
// their place in the order of paths, and is told which leaves to read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/counted/counted_limits.hpp"
#include "convex_kv/counted/leaf_changes.hpp"
#include "convex_kv/counted/node_wire.hpp"
#include "convex_kv/counted/summary.hpp"
#include "convex_kv/keys/key_range.hpp"

namespace convex_kv {

// Some branches, one behind the other, as they are seen at a time.
struct CountedView {
  std::vector<Branch> branches;
  // Behind all that they may have.
  Bytes end;
  // Milliseconds since the Unix epoch. What has expired does not count.
  double now = 0;
};

struct Tally {
  std::uint64_t count = 0;
  ExactSum sum;
};

// Of the entries in `range`. nullopt if leaves have to be read first, whose ids are put into
// `missing`: those at the ends of the range, and those of which only some entries have expired.
std::optional<Tally> tally(const CountedView& view, const KeyRange& range, const Leaves& leaves,
                           std::vector<std::string>& missing);

// The path of the entry in `range` that has `index` before it there; empty if there are not so
// many. nullopt as above; with what is missing then, one more leaf may be.
std::optional<Bytes> path_at(const CountedView& view, const KeyRange& range, std::uint64_t index,
                             const Leaves& leaves, std::vector<std::string>& missing);

// Whether there is an entry at `path`. nullopt as above.
std::optional<bool> has_path(const CountedView& view, ByteView path, const Leaves& leaves,
                             std::vector<std::string>& missing);

// Cuts a leaf into as few as have room for its entries, of about the same number each; into none if
// it has none.
std::vector<Leaf> split_leaf(Leaf leaf, const CountedLimits& limits = {});

// Puts leaves in the place of a child, or takes it away if there are none. The first of them has
// the child's document, and the others the new ones with these ids. What was buffered of the child
// is forgotten: it is in these leaves.
void replace_child(Branch& branch, std::size_t child, const std::vector<Leaf>& leaves,
                   std::span<const std::string> new_ids);

// The first child of a branch that had none.
void add_child(Branch& branch, const std::vector<Leaf>& leaves,
               std::span<const std::string> new_ids);

// The child next to this one that has room for its entries too, if it has become small.
std::optional<std::size_t> child_to_join(const Branch& branch, std::size_t child,
                                         const CountedLimits& limits = {});

// Takes away the children of which all entries are in `range`: what they had need not be read, and
// their documents are nobody's. Returns the ids of these. `end`: of the branch. The children that
// are in the range in part are put into `left`.
std::vector<std::string> drop_children(Branch& branch, const KeyRange& range, ByteView end,
                                       std::vector<std::size_t>& left);

// Whether it has grown so much that the prefix should be divided anew.
bool has_outgrown_share(const Branch& branch, const CountedLimits& limits = {});

// The same children in branches of about the same number of entries, each with its share.
std::vector<Branch> divide(const std::vector<Branch>& branches, const CountedLimits& limits = {});

}  // namespace convex_kv
