// Which of many writes to the same key counts: the last.
#pragma once

#include <optional>

#include "bytes.hpp"

namespace convex_kv {

// `wire` holds paths, each after its length (u32, little-endian). Returns a byte for each: 1 where
// no later path is the same, else 0. Nothing where `wire` is malformed. Safe for any input.
std::optional<Bytes> marks_of_last(ByteView wire);

}  // namespace convex_kv
