// What this transaction may still do for a transfer, which writes what it reads: the budget of a
// batch, and the bytes written.
#pragma once

#include <cstdint>
#include <optional>

#include "convex_kv/budget/budget.hpp"

namespace convex_kv {

// What carrying out something takes of a transaction's limits.
struct TransferCost {
  TransactionRoom room;
  std::int64_t bytes_written;
};

class TransferBudget {
 public:
  // `bytes_written`: what is left of that limit, if the platform tells.
  TransferBudget(Budget budget, std::optional<std::int64_t> bytes_written);

  // How far to read the source, and the destination: at most `wanted` rows. nullopt if no row fits
  // any more. The first read of each ends so early that what one row takes, of any size, still fits
  // a whole transaction.
  std::optional<ReadAllowance> allow_source(std::int64_t wanted) {
    return allow(wanted, has_read_source_);
  }
  std::optional<ReadAllowance> allow_destination(std::int64_t wanted) {
    return allow(wanted, has_read_destination_);
  }

  // One query that returned `rows` rows of `bytes` in all.
  void spend_query(std::int64_t rows, std::int64_t bytes);

  // Says whether there is room, and spends it if so. The first that is spent may take what a batch
  // that shrinks after failures leaves alone.
  bool spend(const TransferCost& cost);

  // Whether nothing was spent yet.
  bool is_fresh() const { return !has_spent_; }

 private:
  std::optional<ReadAllowance> allow(std::int64_t wanted, bool& has_read);
  void take(const TransactionRoom& cost);

  TransactionRoom left_;
  TransactionRoom whole_;  // what is left of the transaction itself
  std::int64_t bytes_written_;
  bool has_read_source_ = false;
  bool has_read_destination_ = false;
  bool has_spent_ = false;
};

}  // namespace convex_kv
