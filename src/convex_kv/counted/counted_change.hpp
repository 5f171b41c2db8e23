// How the nodes of a counted prefix change (counted_tree.hpp). Each change is a function of the
// nodes that it needs, and says which of them have to be written.
//
// Nothing here reads or writes. Who calls gives the branches, asks again with the leaves that are
// missing, and, if there are new leaves, again with their ids.
#pragma once

#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/counted/counted_tree.hpp"
#include "convex_kv/keys/key_range.hpp"

namespace convex_kv {

// A branch, and where it starts: what is from there on, up to the next branch, is in it.
struct PlacedBranch {
  Bytes start;
  Branch branch;

  bool operator==(const PlacedBranch&) const = default;
};

struct CountedNodes {
  // In ascending order. Those that a change concerns, and maybe others.
  std::vector<PlacedBranch> branches;
  // Behind all that the last of them may have.
  Bytes end;
  Leaves leaves;
  // The ids of the new leaves, in their order.
  std::vector<std::string> new_ids;
};

struct CountedOutcome {
  // If not empty: leaves that have to be read first. Nothing else is said then.
  std::vector<std::string> missing;
  // To be inserted. If these are more than the ids that were given, nothing else counts yet.
  std::vector<Leaf> new_leaves;
  // To be replaced, by their ids.
  std::map<std::string, Leaf> leaves;
  // Those that no branch refers to any more.
  std::vector<std::string> dropped;
  // As they are afterwards: all that were given, or what they were divided into.
  std::vector<PlacedBranch> branches;
};

// When changes are buffered in their branches (leaf_changes.hpp) rather than made in the leaves.
struct Buffering {
  // If they are in more leaves than this.
  std::size_t most_leaves = std::numeric_limits<std::size_t>::max();
  double now = std::numeric_limits<double>::infinity();
};

// Makes changes, in ascending order of their paths, of which none occurs twice. Each is in the last
// branch that starts at or before its path; if there is none, nothing becomes of it. A leaf that
// counts as it did is not written.
CountedOutcome change_counted(CountedNodes nodes, std::span<const CountedChange> changes,
                              const CountedLimits& limits = {}, const Buffering& buffering = {});

// Takes all entries of `range` away.
CountedOutcome remove_counted(CountedNodes nodes, const KeyRange& range,
                              const CountedLimits& limits = {});

// Makes what was buffered, takes away what has expired at `now`, and joins small leaves with their
// neighbours. It reads up to `most_leaves` leaves, and two or more.
CountedOutcome tidy_counted(CountedNodes nodes, double now, std::size_t most_leaves,
                            const CountedLimits& limits = {});

// Divides anew (divide, has_outgrown_share). The first branch starts where it did. All stay as they
// are if one of the new ones would buffer too much.
CountedOutcome divide_counted(CountedNodes nodes, const CountedLimits& limits = {});

// Whether a branch has so many small leaves that it should be tidied.
bool is_untidy(const Branch& branch, const CountedLimits& limits = {});

// When the first entry of a branch expires; infinity: none does.
double first_expiry_of(const Branch& branch);

}  // namespace convex_kv
