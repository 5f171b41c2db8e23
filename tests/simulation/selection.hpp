// What a scan, a count or a deletion is asked for below a prefix: a range of it, in a direction.
#pragma once

#include "convex_kv/keys/key_range.hpp"
#include "support/key.hpp"
#include "support/random.hpp"

namespace convex_kv::simulation {

struct Selection {
  KeyRange range;
  std::size_t prefix_length = 0;  // of the prefix's sort key
  Order order = Order::kAscending;
};

// Of `prefix`: all of it, or from some key below it, after one, up to one, or what begins in some
// way. Some starts lie behind the end.
Selection random_selection(const test::Key& prefix, test::Random& random);

}  // namespace convex_kv::simulation
