// Whatever comes of two numbers is one that can be stored, and an operand again.
#include "convex_kv/rules/number_operation.hpp"

#include <cmath>
#include <cstring>

#include "feed.hpp"

using namespace convex_kv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto operation = static_cast<NumberOperation>(*data % 3);
  const ByteView wire(data + 1, size - 1);
  Bytes result;
  if (const auto error = apply_operation(operation, wire, result)) {
    fuzz::require(error->code == ErrorCode::kInvalidValue ||
                  error->code == ErrorCode::kInvalidRequest);
    fuzz::require(!error->message.empty());
    return 0;
  }
  fuzz::require(result.size() == kTaggedNumberBytes);
  const auto tag = static_cast<NumberTag>(result.front());
  fuzz::require(tag == NumberTag::kInt64 || tag == NumberTag::kFloat64);
  if (tag == NumberTag::kFloat64) {
    double number = 0;
    std::memcpy(&number, result.data() + 1, sizeof number);
    fuzz::require(std::isfinite(number));
  }
  // Of two numbers it does not matter which is stored, not even if they are 0 and -0.
  if (wire.front() == result.front()) {
    Bytes swapped;
    append(swapped, wire.subspan(kTaggedNumberBytes, kTaggedNumberBytes));
    append(swapped, wire.first(kTaggedNumberBytes));
    Bytes same_result;
    const bool has_same = !apply_operation(operation, swapped, same_result);
    fuzz::require(!has_same || same_result == result);
  }
  // The least of a number and itself is the number.
  Bytes same = result;
  append(same, result);
  Bytes again;
  fuzz::require(!apply_operation(NumberOperation::kMin, same, again) && again == result);
  return 0;
}
