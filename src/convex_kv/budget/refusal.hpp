// The maxima of calls for many keys.
#pragma once

#include <cstdint>
#include <optional>

#include "convex_kv/base/error.hpp"
#include "convex_kv/budget/budget.hpp"

namespace convex_kv {

// What is counted, in the order of js/core/loadCore.ts.
enum class Counted {
  kGetManyKeys,
  kSetManyKeys,
  kDeleteManyKeys,
  kTimers,            // different times at which timers are to ring
  kAtomicOperations,  // checks included
};

// too_many_entries if `amount` is more than one call may be given. nullopt if it is not.
std::optional<KvError> refuse_amount(Counted what, std::int64_t amount);

// too_many_entries if so many bytes in so many separate documents of values are more than a
// transaction with this room can still read.
std::optional<KvError> refuse_values(TransactionLimits room, std::int64_t bytes,
                                     std::int64_t documents);

}  // namespace convex_kv
