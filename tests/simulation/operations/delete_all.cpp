// deleteAll: its first batch, and the job that continues.
#include "../background.hpp"
#include "../counted/changes.hpp"
#include "../mutant.hpp"
#include "../operation.hpp"
#include "../selection.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "support/key.hpp"

namespace convex_kv::simulation {

namespace {

void tell_removed(Transaction& transaction, const Bytes& prefix, KeyRange range) {
  // A mutant's range ends at its first part.
  if (transaction.mutant().lapse == Lapse::kDeletionShort) {
    range.upper = std::min(range.upper, range_below(*test::encode_sort_key({"a"})).upper);
  }
  note_removed(transaction, prefix, range);
}

void delete_all(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  const Selection selection = random_selection(call.key, random);
  const KeyRange& range = selection.range;
  look_after_jobs(transaction);
  const Json request{{"plan", "delete"},
                     {"reverse", selection.order == Order::kDescending},
                     {"now", json_from_number(transaction.now())}};
  const Carried first = carry(transaction, range, request, true);
  const std::int64_t deleted = deleted_by(first);
  if (may_count_below(*test::encode_sort_key(call.key), first.roots)) {
    tell_removed(transaction, *test::encode_sort_key(call.key),
                 *std::get<BatchDone>(first.end).range);
  }
  transaction.at_commit([selection, first, deleted, now = transaction.now()](Model& model) {
    ModelJob job = model.deletion_of(selection.range, selection.order);
    model.batch(job, first.deleted, deleted, now, !first.rest);
    model.asked = std::move(job);
  });
  if (!first.rest) return;
  const Id id = start_deletion(transaction, range, first);
  transaction.at_commit([id](Model& model) {
    model.take(model.asked);
    model.jobs.emplace(id, std::move(model.asked));
  });
}

}  // namespace

const Operation kDeleteAll{"deleteAll", 7, true, delete_all};

}  // namespace convex_kv::simulation
