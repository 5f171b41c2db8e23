// What this transaction may still read and delete. Plans ask before each read and account for what
// came back; when the answer is no, they end their page or batch.
#pragma once

#include <cstdint>
#include <optional>

namespace convex_kv {

// What is left of a transaction's limits (limits.hpp), as ctx.meta.getTransactionMetrics() tells.
struct TransactionRoom {
  std::int64_t bytes_read;
  std::int64_t documents_read;
  std::int64_t documents_written;
  std::int64_t queries;
};

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

  // For deletions inside a caller's mutation: what is left, less a share for the caller to go on
  // with. Without known room, a quarter of the platform's limits.
  static Budget for_caller(std::optional<TransactionRoom> room);

  // For deletions in a mutation of our own: what is left, less what the bookkeeping takes. After
  // `failures` batches that came to nothing, a 2^failures-th of it, since the batch may have been
  // too much for a limit that cannot be seen from here.
  static Budget for_background(std::optional<TransactionRoom> room, int failures);

  // How far to read for at most `wanted` rows (1 or more); nothing where no row fits any more. The
  // last row may pass the allowance by a whole document: room for that is kept.
  std::optional<ReadAllowance> allow(std::int64_t wanted, RowUse use) const;

  // One query that returned `rows` rows of `bytes` in all.
  void spend_query(std::int64_t rows, std::int64_t bytes);
  // `rows` of those rows, of `bytes` in all, were deleted.
  void spend_deletes(std::int64_t rows, std::int64_t bytes);

 private:
  explicit Budget(TransactionRoom room) : left_(room) {}

  TransactionRoom left_;
};

}  // namespace convex_kv
