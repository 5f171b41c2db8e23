// Executes a plan's steps on a transaction, as js/component/plans/runner.ts does to ctx.db.
#pragma once

#include <string>
#include <vector>

#include "convex_kv/counted/counted_tree.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/plans/plan.hpp"
#include "convex_kv/plans/transfer_progress.hpp"
#include "counted/marker.hpp"
#include "model.hpp"
#include "transaction.hpp"

namespace convex_kv::simulation {

// What a move or copy does with rows, and the epoch that it stamps them with.
struct Transferring {
  TransferKind kind;
  KeyRange source;
  Bytes to;
  std::uint32_t stamp;
};

struct Carried {
  Step end;
  bool has_read = false;
  Transaction::Rows<Entry> read;  // all rows read
  Transaction::Rows<Entry> page;  // of these, the rows that a PageDone names
  std::vector<Gone> deleted;
  std::vector<Transferred> transferred;
  std::vector<CountedChange> told;  // what a move or copy has to tell counted prefixes
  Roots roots;                      // of these, if it writes
  std::optional<std::string> rest;  // of a BatchDone
  std::optional<Bytes> first_path;  // of the rows read
};

// Deletions under way, and what is counted, of which only those know who write.
struct DeletionsSeen {
  std::vector<convex_kv::Deletion> under_way;
  Roots roots;
};

// Those that may have taken what is at `path`, and all of them.
DeletionsSeen deletions_over(Transaction& transaction, const Bytes& path, bool writes);
DeletionsSeen all_deletions(Transaction& transaction, bool writes);

// Opens the plan that `request` asks for over `range`, gives it the transaction's room, and runs it
// to its end. Violates kLimits if it does more than the transaction admits, kProtocol if the
// platform would refuse its steps.
Carried carry(Transaction& transaction, const KeyRange& range, Json request, bool uses_values,
              std::size_t prefix_length = 0);

// The same for a batch in the background. One of a deletion deletes what is dead like all else.
Carried carry_resumed(Transaction& transaction, Json request, bool is_deletion);

// The same for a move or copy.
Carried carry_transfer(Transaction& transaction, const Transferring& transfer, Json request);

}  // namespace convex_kv::simulation
