#include "convex_kv/messages/counted_message.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "convex_kv/base/framing.hpp"
#include "convex_kv/counted/counted_change.hpp"
#include "convex_kv/counted/counted_tree.hpp"
#include "convex_kv/counted/node_wire.hpp"

namespace convex_kv {

namespace {

enum CountedQuestion : std::uint8_t {
  kAskTally = 1,
  kAskAt,
  kAskRank,
  kAskChange,
  kAskRemove,
  kAskTidy,
  kAskDivide,
};

enum CountedAnswer : std::uint8_t {
  kMalformed = 0,
  kMissing,
  kTally,
  kAt,
  kRank,
  kInserts,
  kChanged,
};

enum BranchFlag : std::uint8_t { kOutgrown = 1, kUntidy = 2, kUnchanged = 4, kBuffered = 8 };

// What is said of a change.
enum ChangeFlag : std::uint8_t { kHasEntry = 1, kHadNone = 2, kHadEntry = 4 };

// More than any index, and exact as a float64.
constexpr double kMostIndex = 9007199254740992;

Bytes owned(ByteView bytes) { return {bytes.begin(), bytes.end()}; }
std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

void put_id(Bytes& out, const std::string& id) {
  put_varint(out, id.size());
  out.insert(out.end(), id.begin(), id.end());
}

void put_ids(Bytes& out, const std::vector<std::string>& ids) {
  put_varint(out, ids.size());
  for (const std::string& id : ids) put_id(out, id);
}

Bytes missing_answer(const std::vector<std::string>& ids) {
  Bytes out{kMissing};
  put_ids(out, ids);
  return out;
}

// Takes what a question is made of off its front. What is not there leaves `is_whole` false, and
// something empty.
struct QuestionReader {
  ByteView in;
  bool is_whole = true;

  template <typename T>
  T checked(std::optional<T> taken) {
    if (!taken) is_whole = false;
    return taken ? std::move(*taken) : T();
  }

  Bytes bytes() { return owned(checked(take_bytes(in))); }
  double number() { return checked(take_double(in)); }
  double time() {
    const double time = number();
    if (std::isnan(time)) is_whole = false;
    return time;
  }
  std::uint64_t count() { return checked(take_varint(in)); }

  // Calls `take` for each element; stops where something is not there.
  template <typename Take>
  void list(const Take& take) {
    const std::size_t size = checked(take_count(in, 1));
    for (std::size_t i = 0; i < size && is_whole; ++i) take();
  }

  Branch branch() {
    const ByteView node = checked(take_bytes(in));
    return node.empty() ? Branch() : checked(decode_branch(node));
  }

  Leaves leaves() {
    Leaves leaves;
    list([&] {
      std::string id = text_of(checked(take_bytes(in)));
      leaves[std::move(id)] = checked(decode_leaf(checked(take_bytes(in))));
    });
    return leaves;
  }

  KeyRange range() {
    Bytes lower = bytes();
    return {std::move(lower), bytes()};
  }

  CountedView view(Leaves& read) {
    CountedView view;
    view.now = time();
    view.end = bytes();
    list([&] { view.branches.push_back(branch()); });
    read = leaves();
    for (const Branch& branch : view.branches) apply_buffered(branch, read);
    return view;
  }

  CountedNodes nodes() {
    CountedNodes nodes;
    nodes.end = bytes();
    list([&] {
      Bytes start = bytes();
      if (!nodes.branches.empty() && !(nodes.branches.back().start < start)) is_whole = false;
      nodes.branches.push_back({.start = std::move(start), .branch = branch()});
    });
    nodes.leaves = leaves();
    list([&] { nodes.new_ids.push_back(text_of(checked(take_bytes(in)))); });
    return nodes;
  }

  CountedEntry entry(const Bytes& path) {
    const double expires_at = time();
    return {.path = path, .expires_at = expires_at, .number = number()};
  }

  std::vector<CountedChange> changes() {
    std::vector<CountedChange> changes;
    list([&] {
      CountedChange change{.path = bytes(), .entry = {}, .before = {}};
      const std::uint64_t flags = count();
      if (flags > (kHasEntry | kHadNone | kHadEntry)) is_whole = false;
      if ((flags & kHasEntry) != 0) change.entry = entry(change.path);
      if ((flags & kHadNone) != 0) change.before.emplace();
      if ((flags & kHadEntry) != 0) change.before = CountedChange::Before{entry(change.path)};
      if (!changes.empty() && !(changes.back().path < change.path)) is_whole = false;
      changes.push_back(std::move(change));
    });
    return changes;
  }

  bool is_at_end() const { return is_whole && in.empty(); }
};

Bytes malformed() { return {kMalformed}; }

Bytes answer_tally(QuestionReader& reader) {
  Leaves leaves;
  const CountedView view = reader.view(leaves);
  const KeyRange range = reader.range();
  if (!reader.is_at_end()) return malformed();
  std::vector<std::string> missing;
  const auto total = tally(view, range, leaves, missing);
  if (!total) return missing_answer(missing);
  Bytes out{kTally};
  put_varint(out, total->count);
  put_double(out, total->sum.value());
  return out;
}

Bytes answer_at(QuestionReader& reader) {
  Leaves leaves;
  const CountedView view = reader.view(leaves);
  const KeyRange range = reader.range();
  double index = reader.number();
  if (!reader.is_at_end() || !(std::abs(index) <= kMostIndex)) return malformed();
  std::vector<std::string> missing;
  if (index < 0) {
    const auto total = tally(view, range, leaves, missing);
    if (!total) return missing_answer(missing);
    index += static_cast<double>(total->count);
  }
  Bytes path;
  if (index >= 0) {
    auto found = path_at(view, range, static_cast<std::uint64_t>(index), leaves, missing);
    if (!found) return missing_answer(missing);
    path = std::move(*found);
  }
  Bytes out{kAt};
  put_bytes(out, path);
  return out;
}

Bytes answer_rank(QuestionReader& reader) {
  Leaves leaves;
  const CountedView view = reader.view(leaves);
  const KeyRange range = reader.range();
  const Bytes path = reader.bytes();
  if (!reader.is_at_end()) return malformed();
  std::vector<std::string> missing;
  const auto total = tally(view, range, leaves, missing);
  const auto is_there = has_path(view, path, leaves, missing);
  if (!total || !is_there) return missing_answer(missing);
  Bytes out{kRank, static_cast<std::uint8_t>(*is_there)};
  put_varint(out, total->count);
  return out;
}

// Whether there was a branch of the same bytes at the same place.
bool was_given(const Bytes& start, const Bytes& node, const std::vector<PlacedBranch>& given) {
  return std::any_of(given.begin(), given.end(), [&](const PlacedBranch& other) {
    return other.start == start && encode_branch(other.branch) == node;
  });
}

Bytes answer_change(const CountedOutcome& outcome, std::size_t ids,
                    const std::vector<PlacedBranch>& given) {
  if (!outcome.missing.empty()) return missing_answer(outcome.missing);
  if (outcome.new_leaves.size() > ids) {
    Bytes out{kInserts};
    put_varint(out, outcome.new_leaves.size());
    for (const Leaf& leaf : outcome.new_leaves) put_bytes(out, encode_leaf(leaf));
    return out;
  }
  Bytes out{kChanged};
  put_varint(out, outcome.branches.size());
  for (const PlacedBranch& placed : outcome.branches) {
    const Branch& branch = placed.branch;
    put_bytes(out, placed.start);
    const Bytes node = encode_branch(branch);
    put_bytes(out, node);
    put_double(out, first_expiry_of(branch));
    out.push_back(static_cast<std::uint8_t>(
        (has_outgrown_share(branch) ? kOutgrown : 0) | (is_untidy(branch) ? kUntidy : 0) |
        (was_given(placed.start, node, given) ? kUnchanged : 0) |
        (buffered_bytes(branch) == 0 ? 0 : kBuffered)));
  }
  put_varint(out, outcome.leaves.size());
  for (const auto& [id, leaf] : outcome.leaves) {
    put_id(out, id);
    put_bytes(out, encode_leaf(leaf));
  }
  put_ids(out, outcome.dropped);
  return out;
}

Bytes answer_nodes(QuestionReader& reader, std::uint8_t question) {
  const CountedNodes nodes = reader.nodes();
  const std::size_t ids = nodes.new_ids.size();
  std::optional<CountedOutcome> outcome;
  if (question == kAskChange) {
    const std::vector<CountedChange> changes = reader.changes();
    const double now = reader.time();
    const auto most = static_cast<std::size_t>(reader.count());
    if (reader.is_at_end()) {
      outcome = change_counted(nodes, changes, {}, {.most_leaves = most, .now = now});
    }
  } else if (question == kAskRemove) {
    const KeyRange range = reader.range();
    if (reader.is_at_end()) outcome = remove_counted(nodes, range);
  } else if (question == kAskTidy) {
    const double now = reader.time();
    const auto most = static_cast<std::size_t>(reader.count());
    if (reader.is_at_end() && most >= 2) outcome = tidy_counted(nodes, now, most);
  } else if (reader.is_at_end()) {
    outcome = divide_counted(nodes);
  }
  return outcome ? answer_change(*outcome, ids, nodes.branches) : malformed();
}

}  // namespace

Bytes answer_counted_question(ByteView question) {
  if (question.empty()) return malformed();
  QuestionReader reader{.in = question.subspan(1)};
  switch (question[0]) {
    case kAskTally:
      return answer_tally(reader);
    case kAskAt:
      return answer_at(reader);
    case kAskRank:
      return answer_rank(reader);
    case kAskChange:
    case kAskRemove:
    case kAskTidy:
    case kAskDivide:
      return answer_nodes(reader, question[0]);
    default:
      return malformed();
  }
}

}  // namespace convex_kv
