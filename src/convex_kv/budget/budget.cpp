#include "convex_kv/budget/budget.hpp"

#include <algorithm>

#include "convex_kv/base/limits.hpp"

namespace convex_kv {

namespace {

// What the largest row takes, with the last row of a read (and some for what holds its value).
constexpr std::int64_t kLargestRowBytes = kMaxStoredValueBytes + 2 * kMaxDocumentBytes + (1 << 14);

constexpr TransactionLimits kWhole{kTransactionBytesRead, kTransactionDocumentsRead,
                                   kTransactionDocumentsWritten, kTransactionQueries,
                                   kTransactionBytesWritten};

// Left in any case for what starts the background work: reading and writing a few documents.
constexpr TransactionLimits kStart{1 << 16, 16, 16, 16, 1 << 16};

// Left for the bookkeeping of a background batch: reading and writing its job.
constexpr TransactionLimits kBookkeeping{1 << 16, 32, 32, 32, 1 << 16};

// Most rows that one transaction deletes. The 1 s of user time that a mutation has is a limit too,
// which cannot be read: each row costs two system calls and their JSON.
constexpr std::int64_t kMaxDeletes = 12000;

// A batch that shrinks after failures still can take one row of any size.
constexpr std::int64_t kLeastDeleteBytes = 3 * kMaxDocumentBytes;

// Of one limit: what a caller whose mutation goes on keeps of `left`. An eighth of the platform's
// limit; but a call may be given limits far below the platform's (transactionLimits): it keeps no
// more than half of those, or such a call would do nothing.
constexpr std::int64_t kept_of(std::int64_t left, std::int64_t whole, std::int64_t start) {
  return std::max(start, std::min(whole / 8, left / 2));
}

TransactionLimits kept_for_caller(const TransactionLimits& left) {
  return {kept_of(left.bytes_read, kWhole.bytes_read, kStart.bytes_read),
          kept_of(left.documents_read, kWhole.documents_read, kStart.documents_read),
          kept_of(left.documents_written, kWhole.documents_written, kStart.documents_written),
          kept_of(left.queries, kWhole.queries, kStart.queries),
          kept_of(left.bytes_written, kWhole.bytes_written, kStart.bytes_written)};
}

// The first reads of a transfer end here, or with the row that leads past it: two of those leave
// room for a document and the largest value, which is what the largest row takes to be deleted or
// copied.
constexpr std::int64_t kFirstReadBytes = 1 << 16;

// What is left after `kept`. Of the bytes written it may be none: deletions go on without any.
TransactionLimits without(const TransactionLimits& left, const TransactionLimits& kept) {
  TransactionLimits rest = left - kept;
  rest.bytes_written = std::max<std::int64_t>(rest.bytes_written, 0);
  return rest;
}

}  // namespace

TransactionLimits operator+(const TransactionLimits& a, const TransactionLimits& b) {
  return {a.bytes_read + b.bytes_read, a.documents_read + b.documents_read,
          a.documents_written + b.documents_written, a.queries + b.queries,
          a.bytes_written + b.bytes_written};
}

TransactionLimits operator-(const TransactionLimits& a, const TransactionLimits& b) {
  return {a.bytes_read - b.bytes_read, a.documents_read - b.documents_read,
          a.documents_written - b.documents_written, a.queries - b.queries,
          a.bytes_written - b.bytes_written};
}

TransactionLimits operator/(const TransactionLimits& limits, std::int64_t divisor) {
  return {limits.bytes_read / divisor, limits.documents_read / divisor,
          limits.documents_written / divisor, limits.queries / divisor,
          limits.bytes_written / divisor};
}

bool fits(const TransactionLimits& cost, const TransactionLimits& left) {
  return cost.bytes_read <= left.bytes_read && cost.documents_read <= left.documents_read &&
         cost.documents_written <= left.documents_written && cost.queries <= left.queries &&
         cost.bytes_written <= left.bytes_written;
}

TransactionLimits cost_of_delete(const Row& row) {
  const std::int64_t documents = 1 + std::int64_t{row.value_documents};
  return {.bytes_read = std::int64_t{row.size} + row.value_bytes,
          .documents_read = documents,
          .documents_written = documents};
}

Budget Budget::for_scan(std::optional<TransactionLimits> left) {
  return {left ? *left : kWhole / 2, left ? *left : kWhole};
}

Budget Budget::for_caller(std::optional<TransactionLimits> left) {
  TransactionLimits ours = left ? without(*left, kept_for_caller(*left)) : kWhole / 4;
  ours.documents_written = std::min(ours.documents_written, kMaxDeletes);
  return {ours, ours};
}

Budget Budget::for_background(std::optional<TransactionLimits> left, int failures) {
  const TransactionLimits whole = without(left ? *left : kWhole, kBookkeeping);
  TransactionLimits ours = left ? whole : without(kWhole / 2, kBookkeeping);
  const int halvings = std::clamp(failures, 0, 20);
  ours.documents_written = std::min(
      ours.documents_written,
      std::max<std::int64_t>(std::min(ours.documents_written, kMaxDeletes) >> halvings, 1));
  ours.bytes_read =
      std::min(ours.bytes_read, std::max(ours.bytes_read >> halvings, kLeastDeleteBytes));
  return {ours, whole};
}

std::optional<ReadAllowance> Budget::allow(std::int64_t wanted, RowUse use) const {
  return allow_keeping(wanted, use, 0, 0);
}

std::optional<ReadAllowance> Budget::allow_keeping(std::int64_t wanted, RowUse use,
                                                   std::int64_t value_bytes,
                                                   std::int64_t value_documents) const {
  const bool deletes = use == RowUse::kDelete;
  const std::int64_t reads_a_row = deletes ? 2 : 1;
  TransactionLimits left = left_;
  if (value_documents > 0) {
    const TransactionLimits after =
        (has_fetched_ ? left_ : whole_) - TransactionLimits{.bytes_read = value_bytes,
                                                            .documents_read = value_documents,
                                                            .queries = value_documents};
    left.bytes_read = std::min(left.bytes_read, after.bytes_read);
    left.documents_read = std::min(left.documents_read, after.documents_read);
    left.queries = std::min(left.queries, after.queries);
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

std::optional<ReadAllowance> Budget::allow_transfer(std::int64_t wanted, TransferRange range) {
  bool& has_read = range == TransferRange::kSource ? has_read_source_ : has_read_destination_;
  const bool is_first = !has_read;
  const TransactionLimits& left = is_first ? whole_ : left_;
  // Each row read may be written, which reads it again.
  const std::int64_t rows = std::min({wanted, left.documents_read / 2, left.documents_written});
  std::int64_t bytes = left.bytes_read / 2 - kMaxDocumentBytes;
  if (rows < 1 || bytes < 1 || left.queries < 1) return std::nullopt;
  if (is_first) bytes = std::min(bytes, kFirstReadBytes);
  has_read = true;
  return ReadAllowance{rows, bytes};
}

void Budget::spend_query(std::int64_t rows, std::int64_t bytes) {
  has_read_ = has_read_ || rows > 0;
  spend({.bytes_read = bytes, .documents_read = rows, .queries = 1});
}

bool Budget::spend_value(std::int64_t bytes, std::int64_t documents) {
  const TransactionLimits cost{
      .bytes_read = bytes, .documents_read = documents, .queries = documents};
  if (!fits(cost, left_) && (has_fetched_ || !fits(cost, whole_))) return false;
  has_fetched_ = has_fetched_ || documents > 0;
  spend(cost);
  return true;
}

bool Budget::spend_write(const TransactionLimits& cost) {
  if (!fits(cost, left_) && (has_written_ || !fits(cost, whole_))) return false;
  has_written_ = true;
  spend(cost);
  return true;
}

void Budget::spend(const TransactionLimits& cost) {
  left_ = left_ - cost;
  whole_ = whole_ - cost;
}

}  // namespace convex_kv
