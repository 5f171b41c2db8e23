// Carries a plan's steps to a transaction, as convex/runner.ts does to ctx.db.
#pragma once

#include <string>
#include <vector>

#include "convex_json.hpp"
#include "model.hpp"
#include "plan.hpp"
#include "transaction.hpp"

namespace convex_kv::simulation {

struct Carried {
  Step end;                       // PageDone, BatchDone or KvError
  Transaction::Rows<Entry> page;  // the rows that a PageDone names
  std::vector<Gone> deleted;
  std::optional<std::string> rest;  // of a BatchDone
  std::optional<Bytes> first_path;  // of the rows read
};

// Opens the plan that `request` asks for over `range`, gives it the transaction's room, and runs it
// to its end. Violates kLimits where it does more than the transaction admits, kProtocol where its
// steps are none that the platform takes.
Carried carry(Transaction& transaction, const KeyRange& range, Json request, bool uses_values,
              std::size_t prefix_length = 0);

}  // namespace convex_kv::simulation
