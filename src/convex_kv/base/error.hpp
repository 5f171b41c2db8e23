// What can go wrong, as a code that programs can act on and a sentence that people can.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace convex_kv {

enum class ErrorCode {
  kInvalidKey,       // a key or prefix that cannot be stored: empty, malformed or too long
  kInvalidCursor,    // a cursor that is not one of ours, or belongs to another range
  kInvalidValue,     // a value that cannot be stored: too large
  kInvalidLimit,     // a page size that is not an integer from 1 to kMaxArrayLength
  kTooManyEntries,   // more entries than one answer or one transaction can carry
  kConflict,         // an entry is not as the call needs it: there is one, and may be none
  kTransactionFull,  // the transaction had no room left before we began
  kInvalidRequest,   // a message between js/ and the core that is not well-formed: a bug in ours
};

// The code's public name, for example "invalid_key". js/client/errors.ts lists the same names.
std::string_view error_name(ErrorCode code);

// `message` is ASCII: a full sentence that says what was wrong and what is allowed.
struct KvError {
  ErrorCode code;
  std::string message;
};

// A value, or the error that explains why there is none. The core throws no exceptions.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(KvError error) : error_(std::move(error)) {}

  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }

  // Only if ok().
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

  // Only if !ok().
  const KvError& error() const { return *error_; }

 private:
  // Not a variant, which would take much more code.
  std::optional<T> value_;
  std::optional<KvError> error_;
};

}  // namespace convex_kv
