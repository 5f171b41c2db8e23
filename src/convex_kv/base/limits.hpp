// Every number that the platform or the product fixes, in one place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace convex_kv {

// Longest sort key. Convex splits and hashes index keys beyond 2,500 bytes; this stays clear of it.
inline constexpr std::size_t kMaxKeyBytes = 2048;

// Most elements of a Convex array, arguments and returns included (crates/value/src/array.rs), and
// so the longest page.
inline constexpr std::size_t kMaxArrayLength = 8192;

// Largest document, in bytes.
inline constexpr std::int64_t kMaxDocumentBytes = 1 << 20;

// Largest value, in the bytes that Convex counts for it. Half of what a transaction may read, so
// that reading one leaves room for all else.
inline constexpr std::int64_t kMaxValueBytes = 8 << 20;
// And the most that it may take in storage, if it is kept in parts.
inline constexpr std::int64_t kMaxStoredValueBytes = 12 << 20;

// Most keys of one call for many: each is a range of an index, and a transaction reads
// kTransactionQueries of those.
inline constexpr std::int64_t kMaxKeysAtOnce = 4000;

// Most operations of one atomic commit, checks included.
inline constexpr std::int64_t kMaxAtomicOperations = 1000;

// Most timers that one call sets: each is a function to schedule, of 1,000 that a transaction may.
inline constexpr std::int64_t kMaxTimersAtOnce = 900;

// Most rows of one read of a batch, which are then written or deleted at once: half of the 1,000
// operations that a function may have under way.
inline constexpr std::int64_t kMaxRowsAtOnce = 500;

// How far ahead Convex schedules a function, in ms: no more than five years
// (crates/isolate/src/environment/helpers/validation.rs).
inline constexpr double kMostDelay = 5.0 * 365 * 24 * 60 * 60 * 1000;

// What one transaction may do in all (docs.convex.dev/production/state/limits).
inline constexpr std::int64_t kTransactionBytesRead = 16 << 20;
inline constexpr std::int64_t kTransactionBytesWritten = 16 << 20;
inline constexpr std::int64_t kTransactionDocumentsRead = 32000;
inline constexpr std::int64_t kTransactionDocumentsWritten = 16000;
inline constexpr std::int64_t kTransactionQueries = 4096;

}  // namespace convex_kv
