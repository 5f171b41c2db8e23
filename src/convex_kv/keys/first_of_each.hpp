// Which of many operations are on the same key.
#pragma once

#include <optional>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

// `wire` holds paths, each after its length (u32, little-endian). Returns a u32 for each: the
// position, counted from 0, of the first path that is equal to it, which may be itself. nullopt if
// `wire` is malformed. Safe for any input.
std::optional<Bytes> first_of_each(ByteView wire);

}  // namespace convex_kv
