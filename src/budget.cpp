#include "budget.hpp"

#include <algorithm>

#include "limits.hpp"

namespace convex_kv {

namespace {

constexpr TransactionRoom kWhole{kTransactionBytesRead, kTransactionDocumentsRead,
                                 kTransactionDocumentsWritten, kTransactionQueries};

// Left to a caller whose mutation goes on after a deletion: an eighth of each limit.
constexpr TransactionRoom kCallersShare{kTransactionBytesRead / 8, kTransactionDocumentsRead / 8,
                                        kTransactionDocumentsWritten / 8, kTransactionQueries / 8};

// Left for the bookkeeping of a background batch: reading and writing its job.
constexpr TransactionRoom kBookkeeping{1 << 16, 32, 32, 32};

// Most rows that one transaction deletes. The 1 s of user time that a mutation has is a limit too,
// and one that cannot be read off: each row costs two system calls and their JSON.
constexpr std::int64_t kMaxDeletes = 12000;

// A batch that shrinks after failures still can take one row of any size.
constexpr std::int64_t kLeastDeleteBytes = 3 * kMaxDocumentBytes;

TransactionRoom share_of(TransactionRoom room, std::int64_t divisor) {
  return {room.bytes_read / divisor, room.documents_read / divisor,
          room.documents_written / divisor, room.queries / divisor};
}

TransactionRoom less(TransactionRoom room, TransactionRoom taken) {
  return {room.bytes_read - taken.bytes_read, room.documents_read - taken.documents_read,
          room.documents_written - taken.documents_written, room.queries - taken.queries};
}

}  // namespace

Budget Budget::for_scan(std::optional<TransactionRoom> room) {
  return Budget(room ? *room : share_of(kWhole, 2));
}

Budget Budget::for_caller(std::optional<TransactionRoom> room) {
  TransactionRoom left = room ? less(*room, kCallersShare) : share_of(kWhole, 4);
  left.documents_written = std::min(left.documents_written, kMaxDeletes);
  return Budget(left);
}

Budget Budget::for_background(std::optional<TransactionRoom> room, int failures) {
  TransactionRoom left = less(room ? *room : share_of(kWhole, 2), kBookkeeping);
  const int halvings = std::clamp(failures, 0, 20);
  left.documents_written = std::min(
      left.documents_written,
      std::max<std::int64_t>(std::min(left.documents_written, kMaxDeletes) >> halvings, 1));
  left.bytes_read =
      std::min(left.bytes_read, std::max(left.bytes_read >> halvings, kLeastDeleteBytes));
  return Budget(left);
}

std::optional<ReadAllowance> Budget::allow(std::int64_t wanted, RowUse use) const {
  const bool deletes = use == RowUse::kDelete;
  const std::int64_t reads_a_row = deletes ? 2 : 1;
  std::int64_t rows = std::min(wanted, left_.documents_read / reads_a_row);
  if (deletes) rows = std::min(rows, left_.documents_written);
  const std::int64_t bytes = left_.bytes_read / reads_a_row - kMaxDocumentBytes;
  if (rows < 1 || bytes < 1 || left_.queries < 1) return std::nullopt;
  return ReadAllowance{rows, bytes};
}

void Budget::spend_query(std::int64_t rows, std::int64_t bytes) {
  left_ = less(left_, {bytes, rows, 0, 1});
}

void Budget::spend_deletes(std::int64_t rows, std::int64_t bytes) {
  left_ = less(left_, {bytes, rows, rows, 0});
}

}  // namespace convex_kv
