// Questions about a counted prefix, and answers, as bytes. Both are in one message each, and
// nothing is remembered from one to the next.
//
// Numbers are varints or little-endian float64s; `bytes` and `id` are a length (varint) and so many
// bytes; a list is its length (varint) and its elements. A node is as its document holds it
// (counted/node_wire.hpp);
// a branch of no bytes is one that has no children yet.
//
// A question begins with a byte that says what is asked:
//
//   1 tally   view, range                         how many entries, and their sum
//   2 at      view, range, index (float64)        the path of an entry; from the end if below 0
//   3 rank    view, range, path (bytes)           how many entries of the range, and whether there
//                                                 is one at the path, which need not be in the
//                                                 range
//   4 change  nodes, list of changes in order,    see counted/counted_change.hpp, and so for the
//             now (float64), most leaves (varint)  rest: changes in more leaves are buffered
//   5 remove  nodes, range
//   6 tidy    nodes, now (float64), leaves (varint)
//   7 divide  nodes
//
//   view      now (float64), end (bytes), list of branches (bytes each), list of leaves
//   nodes     end (bytes), list of {start (bytes), branch (bytes)}, list of leaves, list of new ids
//   leaf      id, node (bytes)
//   range     lower (bytes), upper (bytes)
//   change    path (bytes), flags (varint), entry if there is one, entry that was there if there
//             was one. Flags: 1, there is one; 2, there was none; 4, there was one
//   entry     expiry (float64; infinity: never), number (float64)
//
// An answer begins with a byte that says which it is:
//
//   0 malformed
//   1 missing   list of ids: of leaves that have to be read first
//   2 tally     count (varint), sum (float64)
//   3 at        path (bytes; empty: there is none)
//   4 rank      0 or 1: whether there is an entry; count (varint)
//   5 inserts   list of nodes (bytes): new leaves, of which the ids are needed
//   6 changed   list of {start (bytes), branch (bytes), first expiry (float64; infinity: none),
//               flags}, list of leaves to replace, list of ids to drop. Flags: 1, has outgrown its
//               share; 2, is untidy; 4, is as it was given; 8, has buffered changes
#pragma once

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

// Safe for any input.
Bytes answer_counted_question(ByteView question);

}  // namespace convex_kv
