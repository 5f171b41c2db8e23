// move and copy: the first batch, and the job that continues.
#include "../background.hpp"
#include "../operation.hpp"
#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "support/key.hpp"
#include "support/random.hpp"
#include "support/random_key.hpp"

namespace convex_kv::simulation {

namespace {

constexpr std::array<const char*, 3> kRules{"error", "overwrite", "skip"};

void transfer(Transaction& transaction, const Call& call, TransferKind kind) {
  test::Random random(call.bits);
  const KeyRange source = *test::prefix_range(call.key);
  const Bytes to = *test::encode_sort_key(test::random_path(random, 2));
  const char* rule = random.pick(std::vector<const char*>(kRules.begin(), kRules.end()));
  // One into the other: the request is refused before it does anything.
  if (check_transfer({kind, *on_conflict_of(rule), source, to, std::nullopt})) return;
  look_after_jobs(transaction);
  const bool is_move = kind == TransferKind::kMove;
  const ModelJob asked = transaction.model().transfer_of(is_move ? JobKind::kMove : JobKind::kCopy,
                                                         source, to, *on_conflict_of(rule));
  const Json request{{"plan", is_move ? "move" : "copy"},
                     {"now", json_from_number(transaction.now())},
                     {"onConflict", rule}};
  const Transferring transfer{kind, source, to, current_epoch(transaction)};
  const Carried first = carry_transfer(transaction, transfer, request);
  if (const auto* error = std::get_if<KvError>(&first.end)) {
    check_failure(transaction, asked, *error);
    throw Refused{};
  }
  const BatchDone done = transfer_end(transaction, asked, first);
  tell_transferred(transaction, transfer, first);
  transaction.at_commit([kind = asked.kind, source, to, rule = asked.on_conflict, first, done,
                         now = transaction.now()](Model& model) {
    ModelJob job = model.transfer_of(kind, source, to, rule);
    model.transfer_batch(job, first.deleted, first.transferred, done, now);
    model.asked = std::move(job);
  });
  if (!first.rest) return;
  const Id id = start_transfer(transaction, kind, source, to, first);
  transaction.at_commit([id](Model& model) { model.jobs.emplace(id, std::move(model.asked)); });
}

void move(Transaction& transaction, const Call& call) {
  transfer(transaction, call, TransferKind::kMove);
}

void copy(Transaction& transaction, const Call& call) {
  transfer(transaction, call, TransferKind::kCopy);
}

}  // namespace

const Operation kMove{"move", 12, true, move};
const Operation kCopy{"copy", 7, true, copy};

}  // namespace convex_kv::simulation
