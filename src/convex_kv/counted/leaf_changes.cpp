#include "convex_kv/counted/leaf_changes.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "convex_kv/rules/expiry.hpp"

namespace convex_kv {

namespace {

// What a change takes beside its path, at most: two float64s, its flags and the path's lengths.
constexpr std::size_t kChangeBytes = 24;

// Clocks of two transactions are less apart than this, in milliseconds.
constexpr double kClocksApart = 60'000;

}  // namespace

std::size_t child_at(const Branch& branch, ByteView path) {
  const auto behind =
      std::upper_bound(branch.children.begin(), branch.children.end(), path,
                       [](ByteView wanted, const CountedChild& child) {
                         return std::lexicographical_compare(
                             wanted.begin(), wanted.end(), child.start.begin(), child.start.end());
                       });
  const auto index = static_cast<std::size_t>(behind - branch.children.begin());
  return index == 0 ? 0 : index - 1;
}

void change_leaf(Leaf& leaf, std::span<const CountedChange> changes) {
  Leaf changed;
  changed.reserve(leaf.size() + changes.size());
  auto old = leaf.begin();
  for (const CountedChange& change : changes) {
    for (; old != leaf.end() && old->path < change.path; ++old) {
      changed.push_back(std::move(*old));
    }
    if (old != leaf.end() && old->path == change.path) ++old;
    if (change.entry) changed.push_back(*change.entry);
  }
  for (; old != leaf.end(); ++old) changed.push_back(std::move(*old));
  leaf = std::move(changed);
}

void apply_buffered(const Branch& branch, Leaves& leaves) {
  for (const CountedChild& child : branch.children) {
    if (child.buffer.empty()) continue;
    const auto leaf = leaves.find(child.id);
    if (leaf != leaves.end()) change_leaf(leaf->second, child.buffer);
  }
}

std::size_t buffered_bytes(const Branch& branch) {
  std::size_t bytes = 0;
  for (const CountedChild& child : branch.children) {
    for (const CountedChange& change : child.buffer) bytes += kChangeBytes + change.path.size();
  }
  return bytes;
}

bool buffer_changes(Branch& branch, std::size_t child, std::span<const CountedChange> changes,
                    double now, const CountedLimits& limits) {
  CountedChild& given = branch.children[child];
  const double latest = now + kClocksApart;
  if (is_expired(given.summary.first_expiry, latest)) return false;
  CountedChild changed{.start = std::min(given.start, changes.front().path),
                       .id = given.id,
                       .summary = given.summary,
                       .buffer = {}};
  auto old = given.buffer.begin();
  for (const CountedChange& change : changes) {
    for (; old != given.buffer.end() && old->path < change.path; ++old) {
      changed.buffer.push_back(*old);
    }
    const CountedEntry* before = nullptr;
    if (old != given.buffer.end() && old->path == change.path) {
      before = old->entry ? &*old->entry : nullptr;
      ++old;
    } else if (change.before) {
      before = change.before->entry ? &*change.before->entry : nullptr;
    } else {
      return false;
    }
    if (before != nullptr) {
      // Of one less than none, or of an infinity less, there is no sum.
      if (changed.summary.count == 0 || !std::isfinite(before->number)) return false;
      if (is_expired(before->expires_at, latest)) return false;
      changed.summary.subtract(*before);
    }
    if (change.entry) changed.summary.add(*change.entry);
    changed.buffer.push_back({.path = change.path, .entry = change.entry, .before = {}});
  }
  for (; old != given.buffer.end(); ++old) changed.buffer.push_back(*old);
  std::swap(given, changed);
  const bool has_room = buffered_bytes(branch) <= limits.buffered_bytes;
  if (!has_room) std::swap(given, changed);
  return has_room;
}

}  // namespace convex_kv
