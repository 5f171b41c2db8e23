// What is known of entries without a look at each: how many they are, their numbers' sum, and when
// the first and the last of them expire.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/counted/exact_sum.hpp"

namespace convex_kv {

struct CountedEntry {
  Bytes path;  // the sort key
  // Milliseconds since the Unix epoch; infinity: never.
  double expires_at = std::numeric_limits<double>::infinity();
  double number = 0;  // what is added up

  bool operator==(const CountedEntry&) const = default;
};

struct Summary {
  std::uint64_t count = 0;
  ExactSum sum;
  // None expires before the first, or after the last. Of no entries: the first never, the last
  // always.
  double first_expiry = std::numeric_limits<double>::infinity();
  double last_expiry = -std::numeric_limits<double>::infinity();

  void add(const CountedEntry& entry) {
    ++count;
    sum.add(entry.number);
    first_expiry = std::min(first_expiry, entry.expires_at);
    last_expiry = std::max(last_expiry, entry.expires_at);
  }

  // An entry that was added before. When it expires stays in the range of expiries, which is then
  // wider than what is left needs.
  void subtract(const CountedEntry& entry) {
    --count;
    sum.subtract(entry.number);
  }

  void add(const Summary& other) {
    count += other.count;
    sum.add(other.sum);
    first_expiry = std::min(first_expiry, other.first_expiry);
    last_expiry = std::max(last_expiry, other.last_expiry);
  }

  bool operator==(const Summary&) const = default;
};

}  // namespace convex_kv
