// The deletions under way: what they have taken, though much of it is still stored.
//
// From the moment that a deletion is asked for, everything in its range that was written before is
// dead: what has an older epoch (delete_plan.hpp). Nobody sees it any more, and the background
// deletes its rows. What is written there meanwhile is marked as fresh, and an index of its own
// finds it among all that is dead.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/keys/key_range.hpp"

namespace convex_kv {

struct Deletion {
  KeyRange range;
  std::uint32_t epoch = 0;  // what is older is dead
};

class Deletions {
 public:
  Deletions() = default;
  explicit Deletions(std::vector<Deletion> under_way);

  // Whether a row at `path` with this epoch is dead.
  bool is_dead(ByteView path, std::uint32_t epoch) const;

  // Of a part of a range.
  struct Stretch {
    bool is_deleted;  // whether deletions cover all of it, or nothing
    bool is_last;     // whether nothing of the range comes behind it
  };

  // Cuts `range` down to the part with which a walk through it begins, in that order.
  Stretch cut_to_first(KeyRange& range, Order order) const;

 private:
  std::vector<Deletion> under_way_;
};

// They cross from JavaScript flat, numbers little-endian: u32 how many, and of each u32 epoch, u32
// length of the lower bound, that bound, u32 length of the upper one, that. nullopt if `wire` is
// malformed. Safe for any input.
std::optional<Deletions> deletions_from_wire(ByteView wire);

}  // namespace convex_kv
