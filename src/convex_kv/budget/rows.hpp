// What a read brought back: of each row what decisions need, never its value.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

struct Row {
  std::optional<double> expires_at;  // ms since the Unix epoch; nullopt if it never expires
  double creation_time;              // Convex's _creationTime
  std::uint32_t epoch;               // the newest deletion under way when it was written, 0: none
  std::uint32_t size;                // bytes that the platform counts for reading it
  Bytes path;                        // its sort key

  // What its value takes in separate documents, if the value is read or deleted with the row.
  std::uint32_t value_bytes = 0;
  std::uint32_t value_documents = 0;
};

struct Rows {
  std::vector<Row> rows;  // in the order read
  bool exhausted;         // the range held no more

  std::int64_t bytes() const;
};

// Rows cross from JavaScript flat, numbers little-endian: a byte that is 1 if the range is
// exhausted, else 0; then for each row float64 expiresAt (NaN: none), float64 _creationTime, u32
// epoch, u32 size, u32 value_bytes, u32 value_documents, u32 length of the path, the path. nullopt
// if `wire` is malformed. Safe for any input.
std::optional<Rows> rows_from_wire(ByteView wire);

}  // namespace convex_kv
