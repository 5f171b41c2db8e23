// count.
#include "../model.hpp"
#include "../operation.hpp"
#include "../page_checks.hpp"
#include "../selection.hpp"
#include "convex_kv/plans/cursor.hpp"

namespace convex_kv::simulation {

namespace {

constexpr std::int64_t kNoLimit = 1'000'000;

void count(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  const Selection selection = random_selection(call.key, random);
  const auto& [range, prefix_length, order] = selection;
  Json request{{"plan", "count"}, {"reverse", order == Order::kDescending}};
  const std::int64_t limit = random.chance(50) ? random.between(1, 20) : kNoLimit;
  if (limit != kNoLimit) request["limit"] = limit;

  const bool is_ample = has_ample_room(transaction, transaction.left(), range);
  const Carried scan = carry(transaction, range, std::move(request), false);
  if (const auto* error = std::get_if<KvError>(&scan.end)) {
    check(error->code == ErrorCode::kTransactionFull, Invariant::kProtocol, "count fails");
    check(!is_ample, Invariant::kShort, "count gave up though there was room");
    return;
  }
  const auto* done = std::get_if<CountDone>(&scan.end);
  check(done != nullptr, Invariant::kProtocol, "a count that ends as none");
  check(done->count <= limit, Invariant::kReads, "a count is beyond its limit");
  check(done->is_done || done->count == limit || !is_ample, Invariant::kShort,
        "a count is short though there was room");
  transaction.at_commit([selection, end = *done, now = transaction.now()](Model& model) {
    const auto live = model.live(selection.range, std::nullopt, now, selection.order);
    const auto counted = static_cast<std::size_t>(end.count);
    check(counted <= live.size(), Invariant::kReads, "a count is of more than there is");
    if (end.is_done) {
      check(counted == live.size(), Invariant::kReads, "a count that is done left out an entry");
      return;
    }
    const auto position = decode_cursor(end.cursor, selection.range, {selection.order});
    check(position.ok(), Invariant::kCursor, "a count's cursor is not taken");
    check(counted == live.size() || is_behind(live[counted].path, *position, selection.order),
          Invariant::kReads, "a count's cursor passes over an entry");
    check(counted == 0 || !is_behind(live[counted - 1].path, *position, selection.order),
          Invariant::kOnce, "a count's cursor leads back to what it counted");
  });
}

}  // namespace

const Operation kCount{"count", 6, false, count};

}  // namespace convex_kv::simulation
