#include "convex_kv/budget/transfer_budget.hpp"

#include <algorithm>

#include "convex_kv/base/limits.hpp"

namespace convex_kv {

namespace {

// The first reads end here, or with the row that leads past it: two of those leave room for a
// document and the largest value, which is what the largest row takes to be deleted or copied.
constexpr std::int64_t kFirstReadBytes = 1 << 16;

// Kept of the bytes written: an eighth of the limit for the caller, but no more than half of what
// is left (see Budget::for_caller), and no less than the bookkeeping takes.
constexpr std::int64_t kKeptBytesWritten = kTransactionBytesWritten / 8;
constexpr std::int64_t kBookkeepingBytesWritten = 1 << 16;

std::int64_t less_kept(std::int64_t left) {
  return left - std::max(kBookkeepingBytesWritten, std::min(kKeptBytesWritten, left / 2));
}

}  // namespace

TransferBudget::TransferBudget(Budget budget, std::optional<std::int64_t> bytes_written)
    : left_(budget.left()),
      whole_(budget.whole()),
      bytes_written_(less_kept(bytes_written.value_or(kTransactionBytesWritten))) {}

void TransferBudget::spend_query(std::int64_t rows, std::int64_t bytes) {
  take({bytes, rows, 0, 1});
}

bool TransferBudget::spend(const TransferCost& cost) {
  if (cost.bytes_written > bytes_written_) return false;
  if (!fits(cost.room, left_) && (has_spent_ || !fits(cost.room, whole_))) return false;
  has_spent_ = true;
  bytes_written_ -= cost.bytes_written;
  take(cost.room);
  return true;
}

std::optional<ReadAllowance> TransferBudget::allow(std::int64_t wanted, bool& has_read) {
  const bool first = !has_read;
  const TransactionRoom& room = first ? whole_ : left_;
  // Each row read may be written, which reads it again.
  const std::int64_t rows = std::min({wanted, room.documents_read / 2, room.documents_written});
  std::int64_t bytes = room.bytes_read / 2 - kMaxDocumentBytes;
  if (rows < 1 || bytes < 1 || room.queries < 1) return std::nullopt;
  if (first) bytes = std::min(bytes, kFirstReadBytes);
  has_read = true;
  return ReadAllowance{rows, bytes};
}

void TransferBudget::take(const TransactionRoom& cost) {
  left_ = less(left_, cost);
  whole_ = less(whole_, cost);
}

}  // namespace convex_kv
