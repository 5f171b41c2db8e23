// getAll.
#include "../operation.hpp"
#include "../page_checks.hpp"
#include "../plan_carrier.hpp"
#include "sort_key.hpp"

namespace convex_kv::simulation {

namespace {

void all(Transaction& transaction, const Call& call) {
  const KeyRange range = *prefix_range(call.key);
  const bool with_values = call.bits % 2 == 0;
  const TransactionRoom room = transaction.left();
  const Carried scan = carry(transaction, range, {{"plan", "all"}}, with_values);
  if (const auto* error = std::get_if<KvError>(&scan.end)) {
    check(error->code == ErrorCode::kTooManyEntries, Invariant::kProtocol, "getAll fails");
    check(!has_ample_room(transaction, room, range), Invariant::kShort,
          "getAll gave up though there was room");
    return;
  }
  const auto* page = std::get_if<PageDone>(&scan.end);
  check(page != nullptr && page->is_done, Invariant::kProtocol, "getAll ends as something else");
  transaction.at_commit([range, rows = shown_by(scan), now = transaction.now()](Model& model) {
    check_page(model, range, std::nullopt, rows, now);
    check(rows.size() == model.live(range, std::nullopt, now).size(), Invariant::kReads,
          "getAll left out an entry");
  });
}

}  // namespace

const Operation kAll{"getAll", 5, false, all};

}  // namespace convex_kv::simulation
