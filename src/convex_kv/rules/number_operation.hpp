// What sum, min and max make of a number that is stored, and when they refuse.
#pragma once

#include <optional>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"

namespace convex_kv {

// In the order of js/core/numberOperation.ts.
enum class NumberOperation { kSum, kMin, kMax };

// Numbers cross as a tag and 8 bytes, little-endian: an int64, or a float64's bits. The bytes of
// other tags say nothing; a tag that is not one of these counts as kOther.
enum class NumberTag : std::uint8_t { kNone, kInt64, kFloat64, kOther };
inline constexpr std::size_t kTaggedNumberBytes = 9;

// `wire` holds the value that is stored (kNone: there is no entry; kOther: it is no number), then
// the operand, then the key as ASCII text, for messages. `result` becomes what is to be stored, one
// tagged number: the operand if there is no entry. Of -0 and 0, -0 is the smaller.
//
// invalid_value if either is no number, if they are of two types, if the operand is NaN, if a sum
// is beyond int64, or if the result is not finite. invalid_request if the wire is malformed. Safe
// for any input.
std::optional<KvError> apply_operation(NumberOperation operation, ByteView wire, Bytes& result);

}  // namespace convex_kv
