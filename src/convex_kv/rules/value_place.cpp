#include "convex_kv/rules/value_place.hpp"

#include <string>

#include "convex_kv/base/limits.hpp"

namespace convex_kv {

namespace {

// Larger values would cost an entry's other readers more than a second document costs the readers
// of the value (docs/architecture.md, Large values).
constexpr std::int64_t kMaxInlineBytes = 2048;

// What a document of the table `values` holds: less than it may, since it has an id and a name too.
constexpr std::int64_t kPartBytes = 1'000'000;

KvError too_large(const char* what, const char* takes, std::int64_t bytes, std::int64_t most) {
  return {ErrorCode::kInvalidValue, std::string("The ") + what + " is too large: " + takes +
                                        std::to_string(bytes) + " bytes, and at most " +
                                        std::to_string(most) + " are allowed."};
}

}  // namespace

Result<ValuePlace> place_of_value(std::int64_t bytes) {
  if (bytes > kMaxValueBytes) return too_large("value", "it takes ", bytes, kMaxValueBytes);
  if (bytes > kPartBytes) return ValuePlace::kInParts;
  return bytes > kMaxInlineBytes ? ValuePlace::kApart : ValuePlace::kWithEntry;
}

std::optional<KvError> refuse_entry_bytes(std::int64_t bytes) {
  if (bytes <= kMaxDocumentBytes) return std::nullopt;
  return too_large("entry", "its key, its metadata and a small value take ", bytes,
                   kMaxDocumentBytes);
}

Result<std::int64_t> parts_of_value(std::int64_t stored_bytes) {
  if (stored_bytes > kMaxStoredValueBytes) {
    return too_large("value", "as JSON text it takes ", stored_bytes, kMaxStoredValueBytes);
  }
  return (stored_bytes + kPartBytes - 1) / kPartBytes;
}

}  // namespace convex_kv
