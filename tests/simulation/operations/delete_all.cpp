// deleteAll: its first batch, and the job that goes on.
#include "../background.hpp"
#include "../operation.hpp"
#include "key_range.hpp"

namespace convex_kv::simulation {

namespace {

void delete_all(Transaction& transaction, const Call& call) {
  const KeyRange range = *prefix_range(call.key);
  take_over_stale(transaction);
  const Json request{{"plan", "delete"}, {"now", json_from_number(transaction.now())}};
  const Carried first = carry(transaction, range, request, true);
  const std::int64_t deleted = deleted_by(first);
  transaction.at_commit([range, first, deleted, now = transaction.now()](Model& model) {
    ModelJob job = model.deletion_of(range);
    model.batch(job, first.deleted, deleted, now, !first.rest);
    model.asked = std::move(job);
  });
  if (!first.rest) return;
  const Id id = start_deletion(transaction, range.lower, first);
  transaction.at_commit([id](Model& model) { model.jobs.emplace(id, std::move(model.asked)); });
}

}  // namespace

const Operation kDeleteAll{"deleteAll", 7, true, delete_all};

}  // namespace convex_kv::simulation
