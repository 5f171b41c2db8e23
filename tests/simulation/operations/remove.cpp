// delete of one entry.
#include "../model.hpp"
#include "../operation.hpp"
#include "../row_at.hpp"

namespace convex_kv::simulation {

namespace {

void remove(Transaction& transaction, const Call& call) {
  const Bytes path = path_of(call.key);
  if (const auto row = row_at(transaction, path)) remove_row(transaction, row);
  transaction.at_commit([path](Model& model) { model.remove(path); });
}

}  // namespace

const Operation kRemove{"delete", 8, true, remove};

}  // namespace convex_kv::simulation
