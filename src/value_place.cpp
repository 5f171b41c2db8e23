#include "value_place.hpp"

#include <string>

#include "limits.hpp"

namespace convex_kv {

namespace {

// Larger values cost an entry's other readers more than a second document costs their own
// (docs/architecture.md, Large values).
constexpr std::int64_t kMaxInlineBytes = 2048;

// What a document of the table `values` holds: less than it may, since it has an id and a name too.
constexpr std::int64_t kPartBytes = 1'000'000;

KvError too_large(const char* what, std::int64_t bytes, std::int64_t most) {
  return {ErrorCode::kInvalidValue, std::string("The value is too large: it takes ") +
                                        std::to_string(bytes) + " bytes" + what + ", and at most " +
                                        std::to_string(most) + " are allowed."};
}

}  // namespace

Result<ValuePlace> place_of_value(std::int64_t bytes) {
  if (bytes > kMaxValueBytes) return too_large("", bytes, kMaxValueBytes);
  if (bytes > kPartBytes) return ValuePlace::kInParts;
  return bytes > kMaxInlineBytes ? ValuePlace::kApart : ValuePlace::kWithEntry;
}

Result<std::int64_t> parts_of_value(std::int64_t stored_bytes) {
  if (stored_bytes > kMaxStoredValueBytes) {
    return too_large(" as JSON text", stored_bytes, kMaxStoredValueBytes);
  }
  return (stored_bytes + kPartBytes - 1) / kPartBytes;
}

}  // namespace convex_kv
