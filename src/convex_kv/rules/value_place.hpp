// Where an entry's value is kept. Reading anything of an entry reads its whole document, so a large
// value in it would cost even those who only want to know whether the entry exists. Such a value
// has separate documents.
#pragma once

#include <cstdint>
#include <optional>

#include "convex_kv/base/error.hpp"

namespace convex_kv {

enum class ValuePlace {
  kWithEntry,  // in the entry's document
  kApart,      // whole, in a separate document
  kInParts,    // as bytes, in several documents
};

// For a value of so many bytes, as Convex counts them. invalid_value beyond kMaxValueBytes.
Result<ValuePlace> place_of_value(std::int64_t bytes);

// Checks what an entry's own document takes. If that is more than a document holds: invalid_value.
std::optional<KvError> refuse_entry_bytes(std::int64_t bytes);

// In how many documents a value is kept that takes so many bytes when it is taken apart, which may
// be more than Convex counts. invalid_value if they are more than kMaxStoredValueBytes.
Result<std::int64_t> parts_of_value(std::int64_t stored_bytes);

}  // namespace convex_kv
