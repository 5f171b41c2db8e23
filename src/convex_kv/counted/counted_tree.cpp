#include "convex_kv/counted/counted_tree.hpp"

#include <algorithm>
#include <utility>

#include "convex_kv/rules/expiry.hpp"

namespace convex_kv {

namespace {

bool is_less(ByteView a, ByteView b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

// What is to be known of a child: all of it, nothing, or what only its leaf tells.
enum class Part { kNone, kAll, kSome };

Part part_of(const CountedChild& child, ByteView end, const KeyRange& range, double now) {
  if (!is_less(child.start, range.upper) || !is_less(range.lower, end)) return Part::kNone;
  if (is_expired(child.summary.last_expiry, now)) return Part::kNone;
  const bool is_within = !is_less(child.start, range.lower) && !is_less(range.upper, end);
  return is_within && !is_expired(child.summary.first_expiry, now) ? Part::kAll : Part::kSome;
}

bool counts(const CountedEntry& entry, const KeyRange& range, double now) {
  return !is_expired(entry.expires_at, now) && range.contains(entry.path);
}

// Calls `visit` with each child of which something is to be known, and what.
template <typename Visit>
void visit_children(const CountedView& view, const KeyRange& range, const Visit& visit) {
  const CountedChild* last = nullptr;
  const auto visit_last = [&](ByteView end) {
    if (last == nullptr) return;
    const Part part = part_of(*last, end, range, view.now);
    if (part != Part::kNone) visit(*last, part);
  };
  for (const Branch& branch : view.branches) {
    for (const CountedChild& child : branch.children) {
      visit_last(child.start);
      last = &child;
    }
  }
  visit_last(view.end);
}

// Of one leaf in `range`.
Tally tally_leaf(const Leaf& leaf, const KeyRange& range, double now) {
  Tally tally;
  for (const CountedEntry& entry : leaf) {
    if (!counts(entry, range, now)) continue;
    ++tally.count;
    tally.sum.add(entry.number);
  }
  return tally;
}

Summary summary_of(const Leaf& leaf) {
  Summary summary;
  for (const CountedEntry& entry : leaf) summary.add(entry);
  return summary;
}

// The shortest that tells what is from `path` on from what is up to `before`, which is less.
Bytes separator(const Bytes& before, const Bytes& path) {
  std::size_t length = 0;
  while (length < before.size() && before[length] == path[length]) ++length;
  return {path.begin(), path.begin() + static_cast<std::ptrdiff_t>(length + 1)};
}

std::uint64_t count_of(const Branch& branch) {
  std::uint64_t count = 0;
  for (const CountedChild& child : branch.children) count += child.summary.count;
  return count;
}

}  // namespace

std::optional<Tally> tally(const CountedView& view, const KeyRange& range, const Leaves& leaves,
                           std::vector<std::string>& missing) {
  Tally total;
  visit_children(view, range, [&](const CountedChild& child, Part part) {
    if (part == Part::kAll) {
      total.count += child.summary.count;
      total.sum.add(child.summary.sum);
      return;
    }
    const auto leaf = leaves.find(child.id);
    if (leaf == leaves.end()) {
      missing.push_back(child.id);
      return;
    }
    const Tally found = tally_leaf(leaf->second, range, view.now);
    total.count += found.count;
    total.sum.add(found.sum);
  });
  if (!missing.empty()) return std::nullopt;
  return total;
}

std::optional<Bytes> path_at(const CountedView& view, const KeyRange& range, std::uint64_t index,
                             const Leaves& leaves, std::vector<std::string>& missing) {
  std::uint64_t before = 0;
  const CountedChild* found = nullptr;
  visit_children(view, range, [&](const CountedChild& child, Part part) {
    const auto leaf = leaves.find(child.id);
    if (part == Part::kSome && leaf == leaves.end()) missing.push_back(child.id);
    if (found != nullptr || !missing.empty()) return;
    const std::uint64_t count =
        part == Part::kAll ? child.summary.count : tally_leaf(leaf->second, range, view.now).count;
    if (index - before < count) {
      found = &child;
    } else {
      before += count;
    }
  });
  if (!missing.empty()) return std::nullopt;
  if (found == nullptr) return Bytes();
  const auto leaf = leaves.find(found->id);
  if (leaf == leaves.end()) {
    missing.push_back(found->id);
    return std::nullopt;
  }
  for (const CountedEntry& entry : leaf->second) {
    if (!counts(entry, range, view.now)) continue;
    if (before == index) return entry.path;
    ++before;
  }
  // The leaf is not the one that its branch tells of.
  return Bytes();
}

std::optional<bool> has_path(const CountedView& view, ByteView path, const Leaves& leaves,
                             std::vector<std::string>& missing) {
  const CountedChild* found = nullptr;
  for (const Branch& branch : view.branches) {
    for (const CountedChild& child : branch.children) {
      if (!is_less(path, child.start)) found = &child;
    }
  }
  if (found == nullptr) return false;
  const auto leaf = leaves.find(found->id);
  if (leaf == leaves.end()) {
    // It may be among those that a tally of the same view misses.
    if (std::find(missing.begin(), missing.end(), found->id) == missing.end()) {
      missing.push_back(found->id);
    }
    return std::nullopt;
  }
  return std::any_of(leaf->second.begin(), leaf->second.end(), [&](const CountedEntry& entry) {
    return std::equal(entry.path.begin(), entry.path.end(), path.begin(), path.end()) &&
           !is_expired(entry.expires_at, view.now);
  });
}

std::vector<Leaf> split_leaf(Leaf leaf, const CountedLimits& limits) {
  std::vector<Leaf> leaves;
  std::size_t bytes = 0;
  for (const CountedEntry& entry : leaf) bytes += entry.path.size();
  if (leaf.empty()) return leaves;
  const std::size_t by_entries = (leaf.size() + limits.leaf_entries - 1) / limits.leaf_entries;
  const std::size_t by_bytes = (bytes + limits.leaf_path_bytes - 1) / limits.leaf_path_bytes;
  const std::size_t pieces = std::max(by_entries, by_bytes);
  if (pieces == 1) {
    leaves.push_back(std::move(leaf));
    return leaves;
  }
  const std::size_t entries_each = (leaf.size() + pieces - 1) / pieces;
  std::size_t bytes_in_last = 0;
  for (CountedEntry& entry : leaf) {
    const std::size_t size = entry.path.size();
    if (leaves.empty() || leaves.back().size() == entries_each ||
        (bytes_in_last + size > limits.leaf_path_bytes && !leaves.back().empty())) {
      leaves.emplace_back();
      bytes_in_last = 0;
    }
    bytes_in_last += size;
    leaves.back().push_back(std::move(entry));
  }
  return leaves;
}

void replace_child(Branch& branch, std::size_t child, const std::vector<Leaf>& leaves,
                   std::span<const std::string> new_ids) {
  std::vector<CountedChild> children;
  for (std::size_t i = 0; i < branch.children.size(); ++i) {
    CountedChild& old = branch.children[i];
    if (i != child) {
      children.push_back(std::move(old));
      continue;
    }
    for (std::size_t piece = 0; piece < leaves.size(); ++piece) {
      const Leaf& leaf = leaves[piece];
      const Bytes& first = leaf.front().path;
      const bool is_old = piece == 0;
      children.push_back({.start = is_old ? std::min(old.start, first)
                                          : separator(leaves[piece - 1].back().path, first),
                          .id = is_old ? old.id : new_ids[piece - 1],
                          .summary = summary_of(leaf),
                          .buffer = {}});
    }
  }
  branch.children = std::move(children);
}

void add_child(Branch& branch, const std::vector<Leaf>& leaves,
               std::span<const std::string> new_ids) {
  if (leaves.empty()) return;
  branch.children.push_back(
      {.start = leaves.front().front().path, .id = new_ids.front(), .summary = {}, .buffer = {}});
  replace_child(branch, branch.children.size() - 1, leaves, new_ids.subspan(1));
}

std::optional<std::size_t> child_to_join(const Branch& branch, std::size_t child,
                                         const CountedLimits& limits) {
  const auto count = [&](std::size_t at) { return branch.children[at].summary.count; };
  if (count(child) >= limits.small_leaf) return std::nullopt;
  const auto has_room = [&](std::size_t at) {
    return count(at) + count(child) <= limits.leaf_entries / 2;
  };
  if (child > 0 && has_room(child - 1)) return child - 1;
  if (child + 1 < branch.children.size() && has_room(child + 1)) return child + 1;
  return std::nullopt;
}

std::vector<std::string> drop_children(Branch& branch, const KeyRange& range, ByteView end,
                                       std::vector<std::size_t>& left) {
  std::vector<std::string> dropped;
  std::vector<CountedChild> kept;
  for (std::size_t i = 0; i < branch.children.size(); ++i) {
    CountedChild& child = branch.children[i];
    const ByteView behind = i + 1 < branch.children.size() ? branch.children[i + 1].start : end;
    const bool is_outside = !is_less(child.start, range.upper) || !is_less(range.lower, behind);
    const bool is_within = !is_less(child.start, range.lower) && !is_less(range.upper, behind);
    if (is_within) {
      dropped.push_back(child.id);
      continue;
    }
    if (!is_outside) left.push_back(kept.size());
    kept.push_back(child);
  }
  branch.children = std::move(kept);
  return dropped;
}

bool has_outgrown_share(const Branch& branch, const CountedLimits& limits) {
  const std::uint64_t share = std::max(branch.share, limits.least_share);
  return branch.children.size() > 1 && count_of(branch) > share + share / 4;
}

std::vector<Branch> divide(const std::vector<Branch>& branches, const CountedLimits& limits) {
  std::uint64_t total = 0;
  for (const Branch& branch : branches) total += count_of(branch);
  const std::uint64_t wanted =
      std::clamp<std::uint64_t>(total / limits.least_share, 1, limits.branches);
  std::vector<Branch> divided(1);
  std::uint64_t before = 0;
  std::uint64_t last = 0;
  for (const Branch& branch : branches) {
    for (const CountedChild& child : branch.children) {
      // By where its middle is among all entries.
      const std::uint64_t place =
          (before + child.summary.count / 2) * wanted / std::max<std::uint64_t>(total, 1);
      if (place != last && !divided.back().children.empty()) divided.emplace_back();
      last = place;
      divided.back().children.push_back(child);
      before += child.summary.count;
    }
  }
  for (Branch& branch : divided) branch.share = std::max(total / wanted, count_of(branch));
  return divided;
}

}  // namespace convex_kv
