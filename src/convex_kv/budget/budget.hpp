// What this transaction may still do. Plans ask before each read and account for what came back and
// what they write; when the answer is no, they end their page or batch.
#pragma once

#include <cstdint>
#include <optional>

#include "convex_kv/budget/rows.hpp"

namespace convex_kv {

// An amount of each thing that a transaction's limits are about (limits.hpp): what is left of them,
// as ctx.meta.getTransactionMetrics() tells, or what something costs.
struct TransactionLimits {
  std::int64_t bytes_read = 0;
  std::int64_t documents_read = 0;
  std::int64_t documents_written = 0;
  std::int64_t queries = 0;
  std::int64_t bytes_written = 0;  // a deletion writes none

  friend bool operator==(const TransactionLimits&, const TransactionLimits&) = default;
};

TransactionLimits operator+(const TransactionLimits& a, const TransactionLimits& b);
TransactionLimits operator-(const TransactionLimits& a, const TransactionLimits& b);
// One of `divisor` equal shares, rounded down.
TransactionLimits operator/(const TransactionLimits& limits, std::int64_t divisor);

// Whether there is as much of everything as `cost`.
bool fits(const TransactionLimits& cost, const TransactionLimits& left);

// What deleting a row takes, with the documents that its value lives in.
TransactionLimits cost_of_delete(const Row& row);

// How far one read may go: it ends after `rows` rows, or with the row that reaches `bytes`.
struct ReadAllowance {
  std::int64_t rows;
  std::int64_t bytes;
};

// What becomes of the rows read. Deleting a row reads it a second time and writes it once.
enum class RowUse { kReturn, kDelete };

// The two ranges that a transfer reads: what it takes, and what is in the way.
enum class TransferRange { kSource, kDestination };

class Budget {
 public:
  // For a scan: all the room there is. Without known room, half of the platform's limits.
  static Budget for_scan(std::optional<TransactionLimits> left);

  // For deletions inside a caller's mutation: what is left, less what is kept for the caller. That
  // is an eighth of the platform's limits, but no more than half of what is left, and no less than
  // it takes to start background work. Without known room, a quarter of the platform's limits.
  static Budget for_caller(std::optional<TransactionLimits> left);

  // For background deletions, in separate mutations: what is left, less what the bookkeeping takes.
  // After `failures` batches that failed, a 2^failures-th of it, since the batch may have been too
  // much for a limit that cannot be seen from here.
  static Budget for_background(std::optional<TransactionLimits> left, int failures);

  // How far to read for at most `wanted` rows (1 or more); nullopt if no row fits any more. The
  // last row may pass the allowance by a whole document: room for that is kept.
  std::optional<ReadAllowance> allow(std::int64_t wanted, RowUse use) const;
  // The same, with room kept for the separately stored value of a row that was read before.
  std::optional<ReadAllowance> allow_keeping(std::int64_t wanted, RowUse use,
                                             std::int64_t value_bytes,
                                             std::int64_t value_documents) const;

  // How far to read a range of a transfer, of whose rows each may be written: at most `wanted`
  // rows; nothing if no row fits any more. The first read of each range ends so early that what one
  // row takes, of any size, still fits a whole transaction.
  std::optional<ReadAllowance> allow_transfer(std::int64_t wanted, TransferRange range);

  // One query that returned `rows` rows of `bytes` in all.
  void spend_query(std::int64_t rows, std::int64_t bytes);

  // Each says whether there is enough left, and spends it if so: for reading the documents that a
  // row's value lives in, and for deleting, moving or copying a row. The first of them may take
  // what a batch that shrinks leaves alone, or a large value could never be dealt with.
  bool spend_value(std::int64_t bytes, std::int64_t documents);
  bool spend_write(const TransactionLimits& cost);

  // Whether spend_write has spent anything yet.
  bool has_written() const { return has_written_; }

  // Most bytes of values that rows of one read may have: at least 1.
  std::int64_t value_bytes_of_read() const { return left_.bytes_read > 1 ? left_.bytes_read : 1; }

  // What this batch may still do.
  const TransactionLimits& left() const { return left_; }

 private:
  Budget(TransactionLimits left, TransactionLimits whole) : left_(left), whole_(whole) {}

  void spend(const TransactionLimits& cost);

  TransactionLimits left_;
  TransactionLimits whole_;  // what is left of the transaction itself
  bool has_written_ = false;
  bool has_read_ = false;     // a row
  bool has_fetched_ = false;  // a value
  bool has_read_source_ = false;
  bool has_read_destination_ = false;
};

}  // namespace convex_kv
