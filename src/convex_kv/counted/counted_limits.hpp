// How large the nodes of a counted prefix become (counted_tree.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

namespace convex_kv {

inline constexpr std::size_t kMaxLeafEntries = 128;
inline constexpr std::size_t kMaxLeafPathBytes = 16 << 10;
inline constexpr std::uint64_t kBranches = 54;
inline constexpr std::size_t kMaxBufferedBytes = 256 << 10;

// Tests that have few entries have lower ones.
struct CountedLimits {
  // A leaf is split if it would have more, in entries or in bytes of their paths.
  std::size_t leaf_entries = kMaxLeafEntries;
  std::size_t leaf_path_bytes = kMaxLeafPathBytes;
  // A leaf with fewer entries is joined with its neighbour, if both together have no more than half
  // of the most.
  std::size_t small_leaf = kMaxLeafEntries / 8;
  // A branch is untidy if it has more leaves than a few, and fewer entries than this for each.
  std::size_t untidy_leaf = kMaxLeafEntries / 16;
  std::size_t few_leaves = 16;
  // How many branches there are, if there are entries enough: to read all is to read less than
  // sixty documents, and two writes at random are in the same one in less than two of a hundred
  // cases.
  std::uint64_t branches = kBranches;
  // What a branch buffers, which fits its document with room to spare.
  std::size_t buffered_bytes = kMaxBufferedBytes;
  // A branch with fewer entries is not divided.
  std::uint64_t least_share = 2 * kMaxLeafEntries;
};

}  // namespace convex_kv
