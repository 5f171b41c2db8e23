// What a counted prefix tells of a range: how many entries there are, and their sum, which is the
// n-th, and how many come before one. As js/component/counted/reads.ts asks it.
#include <optional>

#include "../counted/counting.hpp"
#include "../counted/nodes.hpp"
#include "../model.hpp"
#include "../mutant.hpp"
#include "../operation.hpp"
#include "../row_at.hpp"
#include "../selection.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/rules/expiry.hpp"
#include "support/random.hpp"

namespace convex_kv::simulation {

namespace {

struct View {
  Transaction& transaction;
  CountedView seen;
  Leaves leaves{};

  // What `ask` tells once it has the leaves that it needs.
  template <typename Asking>
  auto answer(const Asking& ask) {
    for (;;) {
      std::vector<std::string> missing;
      auto found = ask(missing);
      if (found && missing.empty()) return *found;
      check(!missing.empty(), Invariant::kNodes, "nothing is missing, and nothing found");
      for (const std::string& id : missing) leaves[id] = read_leaf(transaction, id);
      for (const Branch& branch : seen.branches) apply_buffered(branch, leaves);
    }
  }

  convex_kv::Tally tally(const KeyRange& range) {
    return answer([&](auto& missing) { return convex_kv::tally(seen, range, leaves, missing); });
  }
  Bytes path_at(const KeyRange& range, std::uint64_t index) {
    return answer(
        [&](auto& missing) { return convex_kv::path_at(seen, range, index, leaves, missing); });
  }
  bool has(const Bytes& path) {
    return answer([&](auto& missing) { return convex_kv::has_path(seen, path, leaves, missing); });
  }
};

// What has expired by the world's clock may have been deleted already, or not be counted.
bool is_exact(const Model& model, double now) { return now == model.now; }

void check_tally(Transaction& transaction, View& view, const KeyRange& range, bool adds) {
  const convex_kv::Tally tally = view.tally(range);
  transaction.at_commit([range, tally, adds, now = transaction.now()](Model& model) {
    const auto live = model.live(range, std::nullopt, model.now);
    check(tally.count >= live.size(), Invariant::kTallied, "a tally has left out an entry");
    if (!is_exact(model, now)) return;
    check(tally.count == live.size(), Invariant::kTallied, "a tally is of more than there is");
    ExactSum sum;
    for (const Model::Live& entry : live) sum.add(model.entries.at(entry.path).number);
    check(!adds || sum == tally.sum, Invariant::kTallied, "a sum is not that of the numbers");
  });
}

void check_at(Transaction& transaction, View& view, const KeyRange& range, std::int64_t index) {
  // From the end, if it is below 0.
  const std::int64_t behind =
      index < 0 ? static_cast<std::int64_t>(view.tally(range).count) + index : index;
  const Bytes path = behind < 0 ? Bytes() : view.path_at(range, static_cast<std::uint64_t>(behind));
  transaction.at_commit([range, index, path, now = transaction.now()](Model& model) {
    if (!is_exact(model, now)) return;
    const auto live = model.live(range, std::nullopt, now);
    const std::int64_t place = index < 0 ? std::ssize(live) + index : index;
    const bool is_there = place >= 0 && place < std::ssize(live);
    check(path == (is_there ? live[static_cast<std::size_t>(place)].path : Bytes()),
          Invariant::kTallied, "the n-th entry is another one");
  });
}

void check_rank(Transaction& transaction, View& view, const KeyRange& part, const Bytes& path) {
  const std::uint64_t rank = view.tally(part).count;
  const bool is_there = view.has(path);
  transaction.at_commit([part, path, rank, is_there, now = transaction.now()](Model& model) {
    if (!is_exact(model, now)) return;
    const auto entry = model.entries.find(path);
    check(is_there == (entry != model.entries.end() && Model::is_live(entry->second, now)),
          Invariant::kTallied, "a rank of an entry that is not there, or none of one that is");
    check(rank == model.live(part, std::nullopt, now).size(), Invariant::kTallied,
          "a rank is not how many come before it");
  });
}

// Of the branches that have something of `range`.
View view_of(Transaction& transaction, const CountedPrefix& prefix, const KeyRange& range) {
  View view{transaction, {}};
  bool expires = false;
  for (const auto& row :
       counted_of(branches_in(transaction, prefix.path, range.lower, range.upper))) {
    expires |= row->document.first_expiry != kForever;
    view.seen.branches.push_back(*decode_branch(*row->document.node));
  }
  const bool takes_expired = transaction.mutant().lapse == Lapse::kTalliesExpired;
  // Without need nobody looks at the clock.
  view.seen.now = expires && !takes_expired ? transaction.now() : 0;
  view.seen.end = end_of(prefix.path);
  if (view.seen.branches.size() > 1) {
    transaction.at_commit([](Model& model) { ++model.tallied; });
  }
  return view;
}

// How many come before an entry, or behind it.
void rank(Transaction& transaction, const CountedPrefix& prefix, const KeyRange& range,
          const Bytes& path, bool reverse) {
  Bytes behind = path;
  behind.push_back(kBehindKey);
  // With the entry itself.
  const KeyRange seen = reverse ? KeyRange{path, range.upper} : KeyRange{range.lower, behind};
  const KeyRange part = reverse ? KeyRange{behind, range.upper} : KeyRange{range.lower, path};
  View view = view_of(transaction, prefix, seen);
  check_rank(transaction, view, part, path);
}

void counted(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  const Uncharged uncharged(transaction);
  const PrefixRow row = prefix_above(transaction, *test::encode_sort_key(call.key));
  if (!row) return;
  const CountedPrefix& prefix = row->document;
  const KeyRange range = random_selection(call.key, random).range;
  if (!(range.lower < range.upper)) return;
  const std::uint64_t kind = random.below(3);
  if (kind == 2) {
    const Bytes path = path_of(key_below(call.key, random));
    if (range.contains(path)) rank(transaction, prefix, range, path, random.chance(50));
    return;
  }
  View view = view_of(transaction, prefix, range);
  if (kind == 0) {
    check_tally(transaction, view, range, prefix.sum == SumKind::kValue);
  } else {
    const std::int64_t most = random.chance(50) ? 4 : 40;
    check_at(transaction, view, range, random.between(-most, most));
  }
}

}  // namespace

const Operation kCounted{"counted", 10, false, counted};

}  // namespace convex_kv::simulation
