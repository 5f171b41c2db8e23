#include "nodes.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "../mutant.hpp"
#include "../violation.hpp"

namespace convex_kv::simulation {

namespace {

// So many leaves are deleted at once, and more later.
constexpr std::size_t kFewDropped = 2;
constexpr std::size_t kDroppedAtOnce = 6;
// What expired this long ago is not about to be swept.
constexpr double kExpiredLongAgo = 60'000;
constexpr std::int64_t kAllBranches = 1000;

Bytes place_key(const Bytes& of, const Bytes& start) {
  return index_key({CountedBranch::place(of, start)});
}

Id leaf_id(const std::string& id) { return std::stoull(id); }

// What a write by its id writes over.
Table<CountedLeaf>::Row leaf_row(const Transaction& transaction, Id id) {
  auto row = transaction.database().table<CountedLeaf>().find(id);
  check(row != nullptr, Invariant::kNodes, "a leaf is gone that is to be written");
  return row;
}

void drop_leaves(Transaction& transaction, const std::vector<std::string>& dropped) {
  std::vector<Id> leaves;
  for (const std::string& id : dropped) leaves.push_back(leaf_id(id));
  if (leaves.size() <= kFewDropped) {
    for (const Id id : leaves) delete_leaf(transaction, id);
    return;
  }
  for (auto first = leaves.begin(); first != leaves.end();) {
    const auto last =
        first + std::min<std::ptrdiff_t>(leaves.end() - first, std::ptrdiff_t{kDroppedAtOnce});
    transaction.insert<DroppedLeaves>({{first, last}});
    first = last;
  }
  transaction.schedule({ScheduledCall::Function::kClean, transaction.now()});
}

CountedNodes nodes_of(const BranchRows& rows) {
  CountedNodes nodes;
  for (const auto& row : rows) {
    const auto branch = decode_branch(*row->document.node);
    check(branch.has_value(), Invariant::kNodes, "a branch is malformed");
    nodes.branches.push_back({.start = row->document.start, .branch = *branch});
  }
  nodes.end = end_of(rows.front()->document.of);
  return nodes;
}

// Writes the leaves that were there before.
void write_leaves(Transaction& transaction, const CountedOutcome& outcome) {
  for (const auto& [id, leaf] : outcome.leaves) {
    transaction.replace<CountedLeaf>(leaf_row(transaction, leaf_id(id)), {encode_leaf(leaf)});
  }
  drop_leaves(transaction, outcome.dropped);
}

CountedBranch changed(const CountedBranch& before, const PlacedBranch& placed) {
  return {.of = before.of,
          .start = placed.start,
          .sum = before.sum,
          .node = encode_branch(placed.branch),
          .first_expiry = first_expiry_of(placed.branch)};
}

void update_branches(Transaction& transaction, const BranchRows& rows, const CountedNodes& given,
                     const std::vector<PlacedBranch>& branches, Pass pass) {
  const double now = transaction.now();
  bool asks_tidy = false;
  bool asks_flush = false;
  bool asks_clean = false;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const Branch& branch = branches[i].branch;
    if (branches[i] == given.branches[i]) continue;
    const std::optional<double> asked_at = rows[i]->document.asked_at;
    const bool has_asked = asked_at && *asked_at >= now - kAskedInVain;
    const bool needs_tidying =
        has_outgrown_share(branch, kLowLimits) || is_untidy(branch, kLowLimits);
    const bool is_buffered = buffered_bytes(branch) > 0;
    // Who asked once has asked for one of both. A flush goes on by itself.
    const bool tidies = needs_tidying && (!has_asked || pass == Pass::kFlush);
    const bool flushes = is_buffered && pass != Pass::kFlush && (!has_asked || pass == Pass::kTidy);
    const bool has_expired = first_expiry_of(branch) <= now - kExpiredLongAgo;
    const bool cleans = has_expired && !has_asked;
    asks_tidy |= tidies;
    asks_flush |= flushes;
    asks_clean |= cleans;
    CountedBranch document = changed(rows[i]->document, branches[i]);
    if (needs_tidying || is_buffered || has_expired) {
      document.asked_at = tidies || flushes || cleans ? now : asked_at;
    }
    transaction.replace<CountedBranch>(rows[i], std::move(document));
  }
  const Bytes& of = rows.front()->document.of;
  if (asks_tidy) transaction.schedule({ScheduledCall::Function::kTidy, now, 0, 0, of});
  if (asks_clean) transaction.schedule({ScheduledCall::Function::kClean, now});
  if (asks_flush) flush(transaction, of);
}

}  // namespace

Bytes end_of(const Bytes& prefix) { return range_below(prefix).upper; }

Table<CountedBranch>::Row branch_at(Transaction& transaction, const Bytes& of, const Bytes& path) {
  const KeyRange range{place_key(of, {}), equal_to({CountedBranch::place(of, path)}).upper};
  bool exhausted = false;
  const auto rows = transaction.read<CountedBranch>(CountedBranch::kByStart, range, 1, 1 << 30,
                                                    exhausted, Order::kDescending);
  return rows.empty() ? nullptr : rows.front();
}

BranchRows branches_in(Transaction& transaction, const Bytes& of, const Bytes& lower,
                       const Bytes& upper) {
  const auto first = branch_at(transaction, of, lower);
  const Bytes behind = first ? equal_to({CountedBranch::place(of, first->document.start)}).upper
                             : place_key(of, lower);
  BranchRows rows = transaction.read<CountedBranch>(CountedBranch::kByStart,
                                                    {behind, place_key(of, upper)}, kAllBranches);
  if (first) rows.insert(rows.begin(), first);
  return rows;
}

BranchRows branches_of(Transaction& transaction, const Bytes& of) {
  return transaction.read<CountedBranch>(
      CountedBranch::kByStart, {place_key(of, {}), place_key(of, end_of(of))}, kAllBranches);
}

Table<CountedBranch>::Row asked_from(Transaction& transaction, const Bytes& of, Bytes from) {
  for (;;) {
    const auto row = transaction.first<CountedBranch>(
        CountedBranch::kByStart, {place_key(of, from), place_key(of, end_of(of))});
    if (!row || !row->document.node) return nullptr;
    if (row->document.asked_at) return row;
    from = row->document.start;
    from.push_back(kBehindKey);
  }
}

BranchRows counted_of(BranchRows rows) {
  std::erase_if(rows, [](const auto& row) { return !row->document.node; });
  return rows;
}

Leaf read_leaf(Transaction& transaction, const std::string& id) {
  const auto row = transaction.get<CountedLeaf>(leaf_id(id));
  check(row != nullptr, Invariant::kNodes, "a leaf is gone");
  const auto leaf = decode_leaf(row->document.node);
  check(leaf.has_value(), Invariant::kNodes, "a leaf is malformed");
  return *leaf;
}

void delete_leaf(Transaction& transaction, Id id) {
  transaction.remove<CountedLeaf>(leaf_row(transaction, id));
}

CountedOutcome ask_nodes(Transaction& transaction, CountedNodes nodes,
                         const CountedQuestion& question) {
  for (;;) {
    CountedOutcome outcome = question(nodes);
    for (const std::string& id : outcome.missing) {
      nodes.leaves[id] = read_leaf(transaction, id);
    }
    if (!outcome.missing.empty()) continue;
    if (outcome.new_leaves.size() <= nodes.new_ids.size()) {
      const auto& change = transaction.mutant().change_nodes;
      if (change) change(outcome, nodes);
      return outcome;
    }
    for (const Leaf& leaf : outcome.new_leaves) {
      const Id id = transaction.insert<CountedLeaf>({encode_leaf(leaf)});
      nodes.new_ids.push_back(std::to_string(id));
    }
  }
}

std::vector<PlacedBranch> change_nodes(Transaction& transaction, const BranchRows& rows,
                                       const CountedQuestion& question, Pass pass) {
  if (rows.empty()) return {};
  const CountedNodes nodes = nodes_of(rows);
  const CountedOutcome outcome = ask_nodes(transaction, nodes, question);
  write_leaves(transaction, outcome);
  update_branches(transaction, rows, nodes, outcome.branches, pass);
  return outcome.branches;
}

void flush(Transaction& transaction, const Bytes& of) {
  transaction.schedule({ScheduledCall::Function::kFlush, transaction.now(), 0, 0, of, of});
}

void divide_nodes(Transaction& transaction, const Bytes& of) {
  const BranchRows rows = counted_of(branches_of(transaction, of));
  if (rows.empty()) return;
  const CountedOutcome outcome =
      ask_nodes(transaction, nodes_of(rows),
                [](const CountedNodes& given) { return divide_counted(given, kLowLimits); });
  const std::vector<PlacedBranch>& branches = outcome.branches;
  for (std::size_t i = branches.size(); i < rows.size(); ++i) {
    transaction.remove<CountedBranch>(rows[i]);
  }
  bool is_buffered = false;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    CountedBranch document = changed(rows.front()->document, branches[i]);
    if (buffered_bytes(branches[i].branch) > 0) {
      document.asked_at = transaction.now();
      is_buffered = true;
    }
    if (i < rows.size()) {
      transaction.replace<CountedBranch>(rows[i], std::move(document));
    } else {
      transaction.insert<CountedBranch>(std::move(document));
    }
  }
  if (is_buffered) flush(transaction, of);
}

void drop_nodes(Transaction& transaction, const Bytes& of) {
  const BranchRows rows = branches_of(transaction, of);
  change_nodes(transaction, counted_of(rows), [&of](const CountedNodes& nodes) {
    return remove_counted(nodes, range_below(of), kLowLimits);
  });
  for (const auto& row : rows) transaction.remove<CountedBranch>(row);
}

}  // namespace convex_kv::simulation
