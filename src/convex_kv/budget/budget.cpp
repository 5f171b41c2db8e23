#include "convex_kv/budget/budget.hpp"

#include <algorithm>

#include "convex_kv/base/limits.hpp"

namespace convex_kv {

namespace {

// What the largest row takes, with the last row of a read (and some for what holds its value).
constexpr std::int64_t kLargestRowBytes = kMaxStoredValueBytes + 2 * kMaxDocumentBytes + (1 << 14);

constexpr TransactionRoom kWhole{kTransactionBytesRead, kTransactionDocumentsRead,
                                 kTransactionDocumentsWritten, kTransactionQueries};

// Left to a caller whose mutation continues after a deletion: an eighth of each limit.
constexpr TransactionRoom kCallersShare{kTransactionBytesRead / 8, kTransactionDocumentsRead / 8,
                                        kTransactionDocumentsWritten / 8, kTransactionQueries / 8};

// Left in any case for what starts the background work: reading and writing a few documents.
constexpr TransactionRoom kStart{1 << 16, 16, 16, 16};

// Left for the bookkeeping of a background batch: reading and writing its job.
constexpr TransactionRoom kBookkeeping{1 << 16, 32, 32, 32};

// Most rows that one transaction deletes. The 1 s of user time that a mutation has is a limit too,
// which cannot be read: each row costs two system calls and their JSON.
constexpr std::int64_t kMaxDeletes = 12000;

// A batch that shrinks after failures still can take one row of any size.
constexpr std::int64_t kLeastDeleteBytes = 3 * kMaxDocumentBytes;

// Of one limit: what a caller keeps of `left`. A call may be given limits far below the platform's
// (transactionLimits): it keeps no more than half of those, or such a call would do nothing.
constexpr std::int64_t kept_of(std::int64_t left, std::int64_t share, std::int64_t start) {
  return std::max(start, std::min(share, left / 2));
}

TransactionRoom kept_for_caller(const TransactionRoom& left) {
  return {
      kept_of(left.bytes_read, kCallersShare.bytes_read, kStart.bytes_read),
      kept_of(left.documents_read, kCallersShare.documents_read, kStart.documents_read),
      kept_of(left.documents_written, kCallersShare.documents_written, kStart.documents_written),
      kept_of(left.queries, kCallersShare.queries, kStart.queries)};
}

}  // namespace

TransactionRoom share_of(const TransactionRoom& room, std::int64_t divisor) {
  return {room.bytes_read / divisor, room.documents_read / divisor,
          room.documents_written / divisor, room.queries / divisor};
}

TransactionRoom less(const TransactionRoom& room, const TransactionRoom& taken) {
  return {room.bytes_read - taken.bytes_read, room.documents_read - taken.documents_read,
          room.documents_written - taken.documents_written, room.queries - taken.queries};
}

bool fits(const TransactionRoom& cost, const TransactionRoom& room) {
  return cost.bytes_read <= room.bytes_read && cost.documents_read <= room.documents_read &&
         cost.documents_written <= room.documents_written && cost.queries <= room.queries;
}

Budget Budget::for_scan(std::optional<TransactionRoom> room) {
  return {room ? *room : share_of(kWhole, 2), room ? *room : kWhole};
}

Budget Budget::for_caller(std::optional<TransactionRoom> room) {
  TransactionRoom left = room ? less(*room, kept_for_caller(*room)) : share_of(kWhole, 4);
  left.documents_written = std::min(left.documents_written, kMaxDeletes);
  return {left, left};
}

Budget Budget::for_background(std::optional<TransactionRoom> room, int failures) {
  const TransactionRoom whole = less(room ? *room : kWhole, kBookkeeping);
  TransactionRoom left = room ? whole : less(share_of(kWhole, 2), kBookkeeping);
  const int halvings = std::clamp(failures, 0, 20);
  left.documents_written = std::min(
      left.documents_written,
      std::max<std::int64_t>(std::min(left.documents_written, kMaxDeletes) >> halvings, 1));
  left.bytes_read =
      std::min(left.bytes_read, std::max(left.bytes_read >> halvings, kLeastDeleteBytes));
  return {left, whole};
}

std::optional<ReadAllowance> Budget::allow(std::int64_t wanted, RowUse use) const {
  return allow_keeping(wanted, use, 0, 0);
}

std::optional<ReadAllowance> Budget::allow_keeping(std::int64_t wanted, RowUse use,
                                                   std::int64_t value_bytes,
                                                   std::int64_t value_documents) const {
  const bool deletes = use == RowUse::kDelete;
  const std::int64_t reads_a_row = deletes ? 2 : 1;
  TransactionRoom left = left_;
  if (value_documents > 0) {
    const TransactionRoom value{value_bytes, value_documents, 0, value_documents};
    left = less(has_fetched_ ? left_ : whole_, value);
    left = {std::min(left.bytes_read, left_.bytes_read),
            std::min(left.documents_read, left_.documents_read), left_.documents_written,
            std::min(left.queries, left_.queries)};
  }
  std::int64_t rows = std::min(wanted, left.documents_read / reads_a_row);
  if (deletes) rows = std::min(rows, left_.documents_written);
  std::int64_t bytes = left.bytes_read / reads_a_row - kMaxDocumentBytes;
  if (rows < 1 || bytes < 1 || left.queries < 1) return std::nullopt;
  // The first row has to fit whatever is read with it, or nobody would ever get past it.
  if (!has_read_ && whole_.bytes_read > kLargestRowBytes) {
    bytes = std::min(bytes, whole_.bytes_read - kLargestRowBytes);
  }
  return ReadAllowance{rows, bytes};
}

void Budget::spend_query(std::int64_t rows, std::int64_t bytes) {
  has_read_ = has_read_ || rows > 0;
  spend({bytes, rows, 0, 1});
}

bool Budget::spend_value(std::int64_t bytes, std::int64_t documents) {
  const TransactionRoom cost{bytes, documents, 0, documents};
  if (!fits(cost, left_) && (has_fetched_ || !fits(cost, whole_))) return false;
  has_fetched_ = has_fetched_ || documents > 0;
  spend(cost);
  return true;
}

bool Budget::spend_delete(const Row& row) {
  const std::int64_t documents = 1 + std::int64_t{row.value_documents};
  const TransactionRoom cost{std::int64_t{row.size} + row.value_bytes, documents, documents, 0};
  if (!fits(cost, left_) && (has_deleted_ || !fits(cost, whole_))) return false;
  has_deleted_ = true;
  spend(cost);
  return true;
}

void Budget::spend(TransactionRoom cost) {
  left_ = less(left_, cost);
  whole_ = less(whole_, cost);
}

}  // namespace convex_kv
