#include "counting.hpp"

#include <algorithm>
#include <utility>

#include "../background.hpp"
#include "../mutant.hpp"
#include "changes.hpp"
#include "convex_kv/rules/expiry.hpp"
#include "marker.hpp"
#include "nodes.hpp"

namespace convex_kv::simulation {

namespace {

// The most rows that a batch counts, and the call that asks for it.
constexpr std::int64_t kRowsOfBatch = 12;
constexpr std::int64_t kRowsOfCall = 3;

// What it has counted of the rows read, and where the next one begins.
struct Counted {
  std::vector<CountedChange> there;
  std::optional<Bytes> next;
};

Counted count_rows(Transaction& transaction, const CountedBranch& frontier, std::int64_t most) {
  const KeyRange range{index_key({frontier.start}), index_key({end_of(frontier.of)})};
  auto rows = transaction.read<Entry>(Entry::kByPath, range, most + 1);
  const bool is_done = std::ssize(rows) <= most;
  Counted counted;
  const Lapse lapse = transaction.mutant().lapse;
  if (!is_done) {
    const Bytes withheld = rows.back()->document.path;
    rows.pop_back();
    counted.next = lapse == Lapse::kFarFrontier ? withheld : rows.back()->document.path;
    counted.next->push_back(kBehindKey);
    if (lapse == Lapse::kStillFrontier) counted.next = frontier.start;
  }
  auto deletions = all_deletions(transaction, /*writes=*/true).under_way;
  if (lapse == Lapse::kCountsTaken) deletions.clear();
  const Deletions under_way(std::move(deletions));
  for (const auto& row : rows) {
    const Entry& entry = row->document;
    if (under_way.is_dead(entry.path, entry.epoch)) continue;
    if (!is_live(entry.expires_at, transaction.now())) continue;
    counted.there.push_back(present(entry));
    if (frontier.sum == SumKind::kNone) counted.there.back().entry->number = 0;
  }
  return counted;
}

// Counts the next rows of a prefix. Returns whether it left something.
bool count_more(Transaction& transaction, const PrefixRow& prefix, std::int64_t most) {
  const Bytes& of = prefix->document.path;
  const BranchRows rows = branches_of(transaction, of);
  const auto next = std::ranges::find_if(rows, [](const auto& row) { return !row->document.node; });
  if (next == rows.end()) return false;
  const CountedBranch frontier = (*next)->document;
  const Counted counted = count_rows(transaction, frontier, most);
  const CountedNodes nodes{.branches = {{.start = frontier.start, .branch = {}}},
                           .end = end_of(of),
                           .leaves = {},
                           .new_ids = {}};
  const CountedOutcome outcome =
      ask_nodes(transaction, nodes, [&counted](const CountedNodes& given) {
        return change_counted(given, counted.there, kLowLimits);
      });
  const Branch& branch = outcome.branches.front().branch;
  transaction.replace<CountedBranch>(*next, {.of = of,
                                             .start = frontier.start,
                                             .sum = frontier.sum,
                                             .node = encode_branch(branch),
                                             .first_expiry = first_expiry_of(branch)});
  transaction.at_commit([count = counted.there.size()](Model& model) { model.counted += count; });
  if (counted.next) {
    transaction.insert<CountedBranch>(
        {.of = of, .start = *counted.next, .sum = frontier.sum, .node = std::nullopt});
    return true;
  }
  transaction.replace<CountedPrefix>(prefix, {.path = of, .sum = frontier.sum, .job = 0});
  divide_nodes(transaction, of);
  return false;
}

}  // namespace

PrefixRow prefix_at(Transaction& transaction, const Bytes& prefix) {
  return transaction.first<CountedPrefix>(CountedPrefix::kByPath, equal_to({prefix}));
}

PrefixRow prefix_above(Transaction& transaction, const Bytes& prefix) {
  PrefixRow nearest;
  for (const Bytes& above : prefixes_of(prefix)) {
    const PrefixRow row = prefix_at(transaction, above);
    if (row && row->document.job == 0) nearest = row;
  }
  return nearest;
}

void start_counting(Transaction& transaction, const Bytes& prefix, SumKind sum) {
  const Uncharged uncharged(transaction);
  const PrefixRow known = prefix_at(transaction, prefix);
  if (known && (sum == SumKind::kNone || known->document.sum == sum)) return;
  if (known) {
    drop_nodes(transaction, prefix);
    transaction.remove<CountedPrefix>(known);
  }
  transaction.insert<CountedBranch>(
      {.of = prefix, .start = prefix, .sum = sum, .node = std::nullopt});
  const Id id = transaction.insert<CountedPrefix>({.path = prefix, .sum = sum, .job = 0});
  if (!known) add_root(transaction, root_of(prefix));
  if (!count_more(transaction, transaction.get<CountedPrefix>(id), kRowsOfCall)) return;
  const Id job = start_count(transaction, prefix);
  transaction.replace<CountedPrefix>(transaction.get<CountedPrefix>(id),
                                     {.path = prefix, .sum = sum, .job = job});
}

void stop_counting(Transaction& transaction, const Bytes& prefix) {
  const Uncharged uncharged(transaction);
  const PrefixRow known = prefix_at(transaction, prefix);
  if (!known) return;
  drop_nodes(transaction, prefix);
  transaction.remove<CountedPrefix>(known);
  forget_roots(transaction);
}

bool count_batch(Transaction& transaction, Id job, const Bytes& prefix, std::int64_t failures) {
  const Uncharged uncharged(transaction);
  const PrefixRow row = prefix_at(transaction, prefix);
  if (!row && transaction.mutant().lapse == Lapse::kCountsOn) {
    transaction.insert<CountedBranch>(
        {.of = prefix, .start = prefix, .sum = SumKind::kNone, .node = std::nullopt});
    return false;
  }
  if (!row || row->document.job != job) return false;
  const std::int64_t most = kRowsOfBatch >> std::min<std::int64_t>(failures, 8);
  return count_more(transaction, row, std::max<std::int64_t>(most, 1));
}

}  // namespace convex_kv::simulation
