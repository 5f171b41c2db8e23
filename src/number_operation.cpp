#include "number_operation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "float_bits.hpp"
#include "little_endian.hpp"

namespace convex_kv {

namespace {

struct TaggedNumber {
  NumberTag tag;
  std::uint64_t bits;
};

std::optional<TaggedNumber> take_number(ByteView& wire) {
  if (wire.empty() || wire[0] > static_cast<std::uint8_t>(NumberTag::kOther)) return std::nullopt;
  const auto tag = static_cast<NumberTag>(wire[0]);
  wire = wire.subspan(1);
  const auto bits = take_u64(wire);
  if (!bits) return std::nullopt;
  return TaggedNumber{tag, *bits};
}

bool is_number(const TaggedNumber& value) {
  return value.tag == NumberTag::kInt64 || value.tag == NumberTag::kFloat64;
}

// As -0 below 0, which < does not tell apart.
bool is_below(double a, double b) {
  return a < b || (a == b && std::signbit(a) && !std::signbit(b));
}

double apply(NumberOperation operation, double stored, double operand) {
  if (operation == NumberOperation::kSum) return stored + operand;
  if (std::isnan(stored)) return stored;
  return is_below(stored, operand) == (operation == NumberOperation::kMin) ? stored : operand;
}

// Nothing where a sum is beyond int64.
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
  if (!is_number(operand)) return "the operand must be a number or a bigint.";
  if (stored.tag == NumberTag::kOther) return "its value is neither a number nor a bigint.";
  const bool is_new = stored.tag == NumberTag::kNone;
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

// "sum cannot be done on the entry at KEY: REASON". Keys may be long, and messages are ASCII.
std::string message_of(NumberOperation operation, ByteView key, const char* reason) {
  constexpr std::size_t kMostOfKey = 300;
  constexpr const char* kNames[] = {"sum", "min", "max"};
  std::string message = kNames[static_cast<int>(operation)];
  message += " cannot be done on the entry at ";
  for (const std::uint8_t c : key.first(std::min(key.size(), kMostOfKey))) {
    message += c < 0x20 || c > 0x7E ? '?' : static_cast<char>(c);
  }
  message += key.size() > kMostOfKey ? "...: " : ": ";
  message += reason;
  return message;
}

}  // namespace

std::optional<KvError> apply_operation(NumberOperation operation, ByteView wire, Bytes& result) {
  const auto stored = take_number(wire);
  const auto operand = take_number(wire);
  if (!stored || !operand || operation < NumberOperation::kSum ||
      operation > NumberOperation::kMax) {
    return KvError{ErrorCode::kInvalidRequest,
                   "The numbers did not cross into the core in one piece."};
  }
  std::uint64_t bits = 0;
  if (const char* reason = apply(operation, *stored, *operand, bits)) {
    return KvError{ErrorCode::kInvalidValue, message_of(operation, wire, reason)};
  }
  result.assign(1, static_cast<std::uint8_t>(operand->tag));
  put_u64(result, bits);
  return std::nullopt;
}

}  // namespace convex_kv
