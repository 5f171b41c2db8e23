// Random rows for a simulated table.
#pragma once

#include <cstdint>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/budget/rows.hpp"
#include "key.hpp"
#include "random.hpp"
#include "simulated_table.hpp"

namespace convex_kv::test {

// The time of most tests.
inline constexpr double kNow = 1'755'000'000'000;

// The most that a value takes in separate documents, with what each of those takes besides.
inline constexpr std::uint32_t kLargestValue = kMaxStoredValueBytes + 13 * 112;

struct RowChoices {
  int expired = 30;                 // percent of rows that have expired at kNow, some just now
  int expiring = 20;                // percent that will, some in the next millisecond
  int large = 20;                   // percent that are large
  std::uint32_t largest = 1 << 20;  // bytes that a large row may take
  std::uint32_t epochs = 1;         // epochs are below this
  int external = 0;                 // percent whose values are external
  std::uint32_t largest_value = kLargestValue;
};

// A row at `key`, which is not the root.
Row random_row(Random& random, const Key& key, const RowChoices& choices);

// A row that never expires.
Row plain_row(const Key& key, std::uint32_t size);

// The same with an external value, in as few documents as will do.
Row external_row(const Key& key, std::uint32_t size, std::uint32_t value_bytes);

// Puts rows at up to `most` keys of strings (random_path), those at the same key once.
void fill(SimulatedTable& table, Random& random, std::uint64_t most, const RowChoices& choices);

// The entries that a reader sees within `range` at `now`, in order.
std::vector<Row> live_rows(const SimulatedTable& table, const KeyRange& range, double now);

// The sum of all rows' sizes and values.
std::int64_t bytes_in(const SimulatedTable& table);

}  // namespace convex_kv::test
