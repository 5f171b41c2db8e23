#include "convex_kv/base/error.hpp"

namespace convex_kv {

std::string_view error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidKey:
      return "invalid_key";
    case ErrorCode::kInvalidCursor:
      return "invalid_cursor";
    case ErrorCode::kInvalidValue:
      return "invalid_value";
    case ErrorCode::kInvalidLimit:
      return "invalid_limit";
    case ErrorCode::kTooManyEntries:
      return "too_many_entries";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kTransactionFull:
      return "transaction_full";
    case ErrorCode::kInvalidRequest:
      return "invalid_request";
  }
  return "invalid_request";
}

}  // namespace convex_kv
