#include "convex_kv/budget/refusal.hpp"

#include <string>

#include "convex_kv/base/limits.hpp"

namespace convex_kv {

namespace {

struct Rule {
  std::int64_t most;
  const char* subject;
  const char* what;
};

constexpr const char* kKeys = " keys in one call, and was given ";

Rule rule_of(Counted what) {
  switch (what) {
    case Counted::kGetManyKeys:
      return {kMaxKeysAtOnce, "getMany takes at most ", kKeys};
    case Counted::kSetManyKeys:
      return {kMaxKeysAtOnce, "setMany takes at most ", kKeys};
    case Counted::kDeleteManyKeys:
      return {kMaxKeysAtOnce, "deleteMany takes at most ", kKeys};
    case Counted::kAtomicOperations:
      return {kMaxAtomicOperations, "atomic takes at most ",
              " operations in one commit, checks included, and was given "};
    case Counted::kTimers:
      break;
  }
  return {kMaxTimersAtOnce, "One call can set at most ",
          " different seconds in which entries expire exactly, and these are "};
}

}  // namespace

std::optional<KvError> refuse_amount(Counted what, std::int64_t amount) {
  const Rule rule = rule_of(what);
  if (amount <= rule.most) return std::nullopt;
  return KvError{ErrorCode::kTooManyEntries, rule.subject + std::to_string(rule.most) + rule.what +
                                                 std::to_string(amount) + "."};
}

std::optional<KvError> refuse_values(TransactionLimits room, std::int64_t bytes,
                                     std::int64_t documents) {
  if (bytes <= room.bytes_read && documents <= room.documents_read && documents <= room.queries) {
    return std::nullopt;
  }
  return KvError{ErrorCode::kTooManyEntries,
                 "getMany cannot return these values: they take " + std::to_string(bytes) +
                     " bytes in " + std::to_string(documents) +
                     " documents, more than this transaction can still read. Ask for fewer keys at "
                     "a time."};
}

}  // namespace convex_kv
