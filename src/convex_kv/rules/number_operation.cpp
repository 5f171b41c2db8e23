#include "convex_kv/rules/number_operation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"

namespace convex_kv {

namespace {

struct TaggedNumber {
  NumberTag tag;
  std::uint64_t bits;

  bool is_number() const { return tag == NumberTag::kInt64 || tag == NumberTag::kFloat64; }
};

// The number at the front of a wire that is long enough.
TaggedNumber number_at(ByteView wire) {
  ByteView bits = wire.subspan(1);
  return {static_cast<NumberTag>(wire[0]), *take_u64(bits)};
}

// -0 counts as less than 0; < takes them for equal.
bool is_below(double a, double b) {
  return a < b || (a == b && std::signbit(a) && !std::signbit(b));
}

double apply(NumberOperation operation, double stored, double operand) {
  if (operation == NumberOperation::kSum) return stored + operand;
  if (std::isnan(stored)) return stored;
  return is_below(stored, operand) == (operation == NumberOperation::kMin) ? stored : operand;
}

// nullopt if a sum is beyond int64.
std::optional<std::int64_t> apply(NumberOperation operation, std::int64_t stored,
                                  std::int64_t operand) {
  if (operation == NumberOperation::kMin) return std::min(stored, operand);
  if (operation == NumberOperation::kMax) return std::max(stored, operand);
  std::int64_t sum = 0;
  if (__builtin_add_overflow(stored, operand, &sum)) return std::nullopt;
  return sum;
}

constexpr const char* kNotOneType =
    "its value is a number and the operand a bigint, or the other way round. Both must be of one "
    "type.";

// Null, and what is to be stored in `result`; or why there is none.
const char* apply(NumberOperation operation, TaggedNumber stored, TaggedNumber operand,
                  std::uint64_t& result) {
  if (!operand.is_number()) return "the operand must be a number or a bigint.";
  const bool is_new = stored.tag == NumberTag::kNone;
  if (!is_new && !stored.is_number()) return "its value is neither a number nor a bigint.";
  if (!is_new && stored.tag != operand.tag) return kNotOneType;
  result = operand.bits;
  if (operand.tag == NumberTag::kInt64) {
    if (is_new) return nullptr;
    const auto number = apply(operation, static_cast<std::int64_t>(stored.bits),
                              static_cast<std::int64_t>(operand.bits));
    if (!number) return "the sum is beyond 64 bits. It must be from -2^63 to 2^63 - 1.";
    result = static_cast<std::uint64_t>(*number);
    return nullptr;
  }
  double number = double_from_bits(operand.bits);
  if (std::isnan(number)) return "the operand is NaN.";
  if (!is_new) number = apply(operation, double_from_bits(stored.bits), number);
  if (!std::isfinite(number)) return "the result is not finite.";
  result = bits_from_double(number);
  return nullptr;
}

// "sum cannot be done on the entry at KEY: REASON". Keys may be long.
std::string message_of(NumberOperation operation, ByteView key, const char* reason) {
  constexpr std::size_t kMostOfKey = 300;
  constexpr std::array<const char*, 3> kNames = {"sum", "min", "max"};
  std::string message = kNames[static_cast<std::size_t>(operation)];
  message += " cannot be done on the entry at ";
  message.append(reinterpret_cast<const char*>(key.data()), std::min(key.size(), kMostOfKey));
  message += key.size() > kMostOfKey ? "...: " : ": ";
  message += reason;
  return message;
}

}  // namespace

std::optional<KvError> apply_operation(NumberOperation operation, ByteView wire, Bytes& result) {
  constexpr std::size_t kNumbers = 2 * kTaggedNumberBytes;
  if (wire.size() < kNumbers || operation < NumberOperation::kSum ||
      operation > NumberOperation::kMax) {
    return KvError{ErrorCode::kInvalidRequest,
                   "The numbers did not cross into the core in one piece."};
  }
  const TaggedNumber stored = number_at(wire);
  const TaggedNumber operand = number_at(wire.subspan(kTaggedNumberBytes));
  std::uint64_t bits = 0;
  if (const char* reason = apply(operation, stored, operand, bits)) {
    return KvError{ErrorCode::kInvalidValue, message_of(operation, wire.subspan(kNumbers), reason)};
  }
  result.assign(1, static_cast<std::uint8_t>(operand.tag));
  put_u64(result, bits);
  return std::nullopt;
}

}  // namespace convex_kv
