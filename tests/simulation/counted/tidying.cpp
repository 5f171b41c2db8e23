#include <algorithm>

#include "../mutant.hpp"
#include "counting.hpp"
#include "nodes.hpp"

namespace convex_kv::simulation {

namespace {

// How many leaves are read at once to join them, and branches looked at for what has expired.
constexpr std::size_t kMostLeaves = 4;
constexpr std::int64_t kBranchesAtOnce = 2;

CountedQuestion tidying_at(double now) {
  return [now](const CountedNodes& nodes) {
    return tidy_counted(nodes, now, kMostLeaves, kLowLimits);
  };
}

}  // namespace

void tidy_prefix(Transaction& transaction, const Bytes& of) {
  const Uncharged uncharged(transaction);
  BranchRows asked = counted_of(branches_of(transaction, of));
  std::erase_if(asked, [](const auto& row) { return !row->document.asked_at; });
  const auto tidied = change_nodes(transaction, asked, tidying_at(-kForever));
  const bool has_grown = std::ranges::any_of(tidied, [](const PlacedBranch& placed) {
    return has_outgrown_share(placed.branch, kLowLimits);
  });
  if (has_grown) divide_nodes(transaction, of);
}

void clean_counted(Transaction& transaction) {
  const Uncharged uncharged(transaction);
  const auto dropped = transaction.first<DroppedLeaves>(0, everything());
  if (dropped) {
    for (const Id id : dropped->document.leaves) delete_leaf(transaction, id);
    transaction.remove<DroppedLeaves>(dropped);
  }
  const Lapse lapse = transaction.mutant().lapse;
  const double now = transaction.now() + (lapse == Lapse::kCleansEarly ? 60'000 : 0);
  const KeyRange due{index_key({-kForever}), equal_to({now}).upper};
  const BranchRows expired =
      transaction.read<CountedBranch>(CountedBranch::kByExpiry, due, kBranchesAtOnce);
  for (const auto& row : counted_of(expired)) change_nodes(transaction, {row}, tidying_at(now));
  if (!dropped && expired.empty()) return;
  transaction.schedule({ScheduledCall::Function::kClean, transaction.now()});
}

}  // namespace convex_kv::simulation
