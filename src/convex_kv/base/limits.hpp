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

// The most that a value may take in storage, in however many documents.
inline constexpr std::int64_t kMaxStoredValueBytes = 12 << 20;

// Most rows of one read of a batch, which are then written or deleted at once: half of the 1,000
// operations that a function may have under way.
inline constexpr std::int64_t kMaxRowsAtOnce = 500;

// What one transaction may do in all (docs.convex.dev/production/state/limits).
inline constexpr std::int64_t kTransactionBytesRead = 16 << 20;
inline constexpr std::int64_t kTransactionBytesWritten = 16 << 20;
inline constexpr std::int64_t kTransactionDocumentsRead = 32000;
inline constexpr std::int64_t kTransactionDocumentsWritten = 16000;
inline constexpr std::int64_t kTransactionQueries = 4096;

}  // namespace convex_kv
