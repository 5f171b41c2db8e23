// Which prefixes are counted, and how what is there already is counted: as
// js/component/counted/prefixes.ts and counting.ts do it.
#pragma once

#include "../transaction.hpp"

namespace convex_kv::simulation {

using PrefixRow = Table<CountedPrefix>::Row;

PrefixRow prefix_at(Transaction& transaction, const Bytes& prefix);
// The nearest at or above a prefix of which all is counted.
PrefixRow prefix_above(Transaction& transaction, const Bytes& prefix);

// Has a prefix counted, unless it is.
void start_counting(Transaction& transaction, const Bytes& prefix, SumKind sum);
void stop_counting(Transaction& transaction, const Bytes& prefix);

// A batch of a job that counts. Returns whether it left something.
bool count_batch(Transaction& transaction, Id job, const Bytes& prefix, std::int64_t failures);

// Scheduled: joins small leaves of a prefix, and divides what has grown; makes what is buffered
// from a branch on; deletes what nobody needs any more (js/component/counted/tidying.ts).
void tidy_prefix(Transaction& transaction, const Bytes& of);
void flush_prefix(Transaction& transaction, const Bytes& of, const Bytes& from);
void clean_counted(Transaction& transaction);

}  // namespace convex_kv::simulation
