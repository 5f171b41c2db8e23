// The nodes of counted prefixes as documents, as js/component/counted/nodes.ts reads and writes
// them.
#pragma once

#include <functional>
#include <vector>

#include "../transaction.hpp"
#include "convex_kv/counted/counted_change.hpp"

namespace convex_kv::simulation {

// So low that few entries have several leaves and branches.
inline constexpr CountedLimits kLowLimits{.leaf_entries = 6,
                                          .leaf_path_bytes = 56,
                                          .small_leaf = 3,
                                          .untidy_leaf = 3,
                                          .few_leaves = 2,
                                          .branches = 5,
                                          .buffered_bytes = 160,
                                          .least_share = 6};

// Somebody who asked for something this long ago was not heard, in milliseconds.
inline constexpr double kAskedInVain = 60'000;

using BranchRows = Transaction::Rows<CountedBranch>;
// Asks the core what becomes of nodes.
using CountedQuestion = std::function<CountedOutcome(const CountedNodes&)>;

Bytes end_of(const Bytes& prefix);

// The branch of a prefix that has `path`; nullptr if it is not counted.
Table<CountedBranch>::Row branch_at(Transaction& transaction, const Bytes& of, const Bytes& path);
// Those that have what is from `lower` up to `upper`, in order; and all.
BranchRows branches_in(Transaction& transaction, const Bytes& of, const Bytes& lower,
                       const Bytes& upper);
BranchRows branches_of(Transaction& transaction, const Bytes& of);
// The first from `from` on that has asked for something; nullptr if none has.
Table<CountedBranch>::Row asked_from(Transaction& transaction, const Bytes& of, Bytes from);
// Of these, those that are counted already.
BranchRows counted_of(BranchRows rows);

// Reads a leaf. Violates kNodes if it is gone.
Leaf read_leaf(Transaction& transaction, const std::string& id);
void delete_leaf(Transaction& transaction, Id id);

// What the core answers once it has the leaves that it needs, and the ids of the new ones.
CountedOutcome ask_nodes(Transaction& transaction, CountedNodes nodes,
                         const CountedQuestion& question);

// What branches are changed for, if they have asked for it.
enum class Pass { kNone, kTidy, kFlush };

// Changes branches of one prefix, in order, and their leaves. Returns them as they are then.
std::vector<PlacedBranch> change_nodes(Transaction& transaction, const BranchRows& rows,
                                       const CountedQuestion& question, Pass pass = Pass::kNone);
// Has all that is buffered in a prefix made.
void flush(Transaction& transaction, const Bytes& of);
// Divides all that a prefix has among its branches.
void divide_nodes(Transaction& transaction, const Bytes& of);
// Deletes all nodes of a prefix, the leaves of it later.
void drop_nodes(Transaction& transaction, const Bytes& of);

}  // namespace convex_kv::simulation
