// What this transaction may still read and delete. Plans ask before each read and account for what
// came back; when the answer is no, they end their page or batch.
#pragma once

#include <cstdint>
#include <optional>

#include "convex_kv/budget/rows.hpp"

namespace convex_kv {

// What is left of a transaction's limits (limits.hpp), as ctx.meta.getTransactionMetrics() tells.
struct TransactionRoom {
  std::int64_t bytes_read;
  std::int64_t documents_read;
  std::int64_t documents_written;
  std::int64_t queries;
};

// One of `divisor` equal shares of all that is left.
TransactionRoom share_of(const TransactionRoom& room, std::int64_t divisor);

// What is left after `taken`; whether there is as much as `cost`.
TransactionRoom less(const TransactionRoom& room, const TransactionRoom& taken);
bool fits(const TransactionRoom& cost, const TransactionRoom& room);

// How far one read may go: it ends after `rows` rows, or with the row that reaches `bytes`.
struct ReadAllowance {
  std::int64_t rows;
  std::int64_t bytes;
};

// What becomes of the rows read. Deleting a row reads it a second time and writes it once.
enum class RowUse { kReturn, kDelete };

class Budget {
 public:
  // For a scan: all the room there is. Without known room, half of the platform's limits.
  static Budget for_scan(std::optional<TransactionRoom> room);

  // For deletions inside a caller's mutation: what is left, less what is kept for the caller. That
  // is an eighth of the platform's limits, but no more than half of what is left, and no less than
  // it takes to start background work. Without known room, a quarter of the platform's limits.
  static Budget for_caller(std::optional<TransactionRoom> room);

  // For background deletions, in separate mutations: what is left, less what the bookkeeping takes.
  // After `failures` batches that failed, a 2^failures-th of it, since the batch may have been too
  // much for a limit that cannot be seen from here.
  static Budget for_background(std::optional<TransactionRoom> room, int failures);

  // How far to read for at most `wanted` rows (1 or more); nullopt if no row fits any more. The
  // last row may pass the allowance by a whole document: room for that is kept.
  std::optional<ReadAllowance> allow(std::int64_t wanted, RowUse use) const;
  // The same, with room kept for the separately stored value of a row that was read before.
  std::optional<ReadAllowance> allow_keeping(std::int64_t wanted, RowUse use,
                                             std::int64_t value_bytes,
                                             std::int64_t value_documents) const;

  // One query that returned `rows` rows of `bytes` in all.
  void spend_query(std::int64_t rows, std::int64_t bytes);

  // Each says whether there is room for a row, and spends it if so: for reading the documents that
  // its value lives in, and for deleting it, and them. The first deletion may take what a batch
  // that shrinks leaves alone, or a large value could never go.
  bool spend_value(std::int64_t bytes, std::int64_t documents);
  bool spend_delete(const Row& row);

  // What this batch may still do, and what the transaction may.
  const TransactionRoom& left() const { return left_; }
  const TransactionRoom& whole() const { return whole_; }

 private:
  Budget(TransactionRoom room, TransactionRoom whole) : left_(room), whole_(whole) {}

  void spend(TransactionRoom cost);

  TransactionRoom left_;
  TransactionRoom whole_;  // what is left of the transaction itself
  bool has_deleted_ = false;
  bool has_read_ = false;     // a row
  bool has_fetched_ = false;  // a value
};

}  // namespace convex_kv
