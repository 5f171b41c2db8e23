#include <algorithm>
#include <utility>

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

// Has done what the branches of a prefix have asked for in vain. Returns whether there were any.
bool remind(Transaction& transaction) {
  const KeyRange long_ago{index_key({-kForever}), index_key({transaction.now() - kAskedInVain})};
  const auto forgotten = transaction.first<CountedBranch>(CountedBranch::kByAsked, long_ago);
  if (!forgotten) return false;
  const Bytes& of = forgotten->document.of;
  for (const auto& row : counted_of(branches_of(transaction, of))) {
    CountedBranch document = row->document;
    if (!document.asked_at) continue;
    document.asked_at = transaction.now();
    transaction.replace<CountedBranch>(row, std::move(document));
  }
  transaction.schedule({ScheduledCall::Function::kTidy, transaction.now(), 0, 0, of});
  flush(transaction, of);
  return true;
}

}  // namespace

void tidy_prefix(Transaction& transaction, const Bytes& of) {
  const Uncharged uncharged(transaction);
  BranchRows asked = counted_of(branches_of(transaction, of));
  std::erase_if(asked, [](const auto& row) { return !row->document.asked_at; });
  const auto tidied = change_nodes(transaction, asked, tidying_at(-kForever), Pass::kTidy);
  const bool has_grown = std::ranges::any_of(tidied, [](const PlacedBranch& placed) {
    return has_outgrown_share(placed.branch, kLowLimits);
  });
  if (has_grown) divide_nodes(transaction, of);
}

void flush_prefix(Transaction& transaction, const Bytes& of, const Bytes& from) {
  const Uncharged uncharged(transaction);
  const auto row = asked_from(transaction, of, from);
  if (!row) return;
  const auto flushed = change_nodes(transaction, {row}, tidying_at(-kForever), Pass::kFlush);
  Bytes next = row->document.start;
  if (buffered_bytes(flushed.front().branch) == 0) next.push_back(kBehindKey);
  transaction.schedule(
      {ScheduledCall::Function::kFlush, transaction.now(), 0, 0, of, std::move(next)});
}

void clean_counted(Transaction& transaction) {
  const Uncharged uncharged(transaction);
  const auto dropped = transaction.first<DroppedLeaves>(0, everything());
  if (dropped) {
    for (const Id id : dropped->document.leaves) delete_leaf(transaction, id);
    transaction.remove<DroppedLeaves>(dropped);
  }
  const bool has_reminded = remind(transaction);
  const Lapse lapse = transaction.mutant().lapse;
  const double now = transaction.now() + (lapse == Lapse::kCleansEarly ? 60'000 : 0);
  const KeyRange due{index_key({-kForever}), equal_to({now}).upper};
  const BranchRows expired =
      transaction.read<CountedBranch>(CountedBranch::kByExpiry, due, kBranchesAtOnce);
  for (const auto& row : counted_of(expired)) change_nodes(transaction, {row}, tidying_at(now));
  if (!dropped && expired.empty() && !has_reminded) return;
  transaction.schedule({ScheduledCall::Function::kClean, transaction.now()});
}

}  // namespace convex_kv::simulation
