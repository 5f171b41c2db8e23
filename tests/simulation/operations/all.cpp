// getAll.
#include "../operation.hpp"
#include "../page_checks.hpp"
#include "../plan_carrier.hpp"
#include "../selection.hpp"

namespace convex_kv::simulation {

namespace {

void all(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  const Selection selection = random_selection(call.key, random);
  const KeyRange& range = selection.range;
  const Order order = selection.order;
  const TransactionLimits limits = transaction.left();
  const Json request{{"plan", "all"}, {"reverse", order == Order::kDescending}};
  const Carried scan = carry(transaction, range, request, random.chance(50));
  if (const auto* error = std::get_if<KvError>(&scan.end)) {
    check(error->code == ErrorCode::kTooManyEntries, Invariant::kProtocol, "getAll fails");
    check(!has_ample_room(transaction, limits, range), Invariant::kShort,
          "getAll gave up though there was room");
    return;
  }
  const auto* page = std::get_if<PageDone>(&scan.end);
  check(page != nullptr && page->is_done, Invariant::kProtocol, "getAll ends as something else");
  transaction.at_commit(
      [range, order, rows = shown_by(scan), now = transaction.now()](Model& model) {
        check_page(model, range, order, std::nullopt, rows, now);
        check(rows.size() == model.live(range, std::nullopt, now).size(), Invariant::kReads,
              "getAll left out an entry");
      });
}

}  // namespace

const Operation kAll{"getAll", 5, false, all};

}  // namespace convex_kv::simulation
