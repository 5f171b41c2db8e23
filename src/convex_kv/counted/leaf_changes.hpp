// What becomes of a leaf if entries change: the changes are made in it, or they wait in a buffer in
// its branch, as in a B-epsilon tree.
//
// A change in the buffer costs no leaf: the branch tells what the leaf will have. So a call that
// writes thousands of entries, each in another leaf, writes the few branches. To buffer a change,
// what was at its path has to be known, since the leaf is not read.
#pragma once

#include <map>
#include <span>
#include <string>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/counted/counted_limits.hpp"
#include "convex_kv/counted/node_wire.hpp"

namespace convex_kv {

// Leaves that were read, by their ids.
using Leaves = std::map<std::string, Leaf>;

// The child that has `path`, or would have it. The branch has children.
std::size_t child_at(const Branch& branch, ByteView path);

// Makes changes, in ascending order of their paths, of which none occurs twice.
void change_leaf(Leaf& leaf, std::span<const CountedChange> changes);

// Makes the buffered changes of the leaves that are there, for the reader: the buffers stay as they
// are. To do it again changes nothing.
void apply_buffered(const Branch& branch, Leaves& leaves);

// What all that a branch buffers takes, in bytes: no less than in its document.
std::size_t buffered_bytes(const Branch& branch);

// Buffers changes of a child, in ascending order of their paths, of which none occurs twice. False,
// with nothing changed: the leaf has to be read instead. So it is if it is not known what was at
// one of the paths; if an entry there expires within a minute from `now`, since by the clock of
// somebody else it may be gone from the table or from the leaf already; or if the branch has no
// room.
bool buffer_changes(Branch& branch, std::size_t child, std::span<const CountedChange> changes,
                    double now, const CountedLimits& limits = {});

}  // namespace convex_kv
