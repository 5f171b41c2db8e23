#include "marker.hpp"

#include <algorithm>

#include "../mutant.hpp"
#include "support/key.hpp"

namespace convex_kv::simulation {

namespace {

bool begins_with(const Bytes& path, const Bytes& root) {
  return path.size() >= root.size() && std::equal(root.begin(), root.end(), path.begin());
}

Table<Deletion>::Row marker_row(Transaction& transaction) {
  return transaction.first<Deletion>(Deletion::kByLower, equal_to({Deletion::kMarkerLower}));
}

void put_marker(Transaction& transaction, const Table<Deletion>::Row& row,
                std::vector<Bytes> roots) {
  if (transaction.mutant().lapse == Lapse::kNoMarker) return;
  Deletion marker;
  marker.roots = std::move(roots);
  if (row) {
    transaction.replace<Deletion>(row, std::move(marker));
  } else {
    transaction.insert<Deletion>(std::move(marker));
  }
}

}  // namespace

bool may_count(const Bytes& path, const Roots& roots) {
  return roots && std::ranges::any_of(
                      *roots, [&path](const Bytes& root) { return begins_with(path, root); });
}

bool may_count_below(const Bytes& path, const Roots& roots) {
  return may_count(path, roots) ||
         (roots && std::ranges::any_of(
                       *roots, [&path](const Bytes& root) { return begins_with(root, path); }));
}

Bytes root_of(const Bytes& prefix) {
  return prefix.empty() ? Bytes() : test::parts_of(prefix).front();
}

std::vector<Bytes> prefixes_of(const Bytes& path) {
  std::vector<Bytes> prefixes{{}};
  for (const Bytes& part : test::parts_of(path)) {
    Bytes prefix = prefixes.back();
    prefix.insert(prefix.end(), part.begin(), part.end());
    prefixes.push_back(std::move(prefix));
  }
  return prefixes;
}

void add_root(Transaction& transaction, const Bytes& root) {
  const auto row = marker_row(transaction);
  std::vector<Bytes> roots = row ? *row->document.roots : std::vector<Bytes>();
  if (std::ranges::find(roots, root) != roots.end()) return;
  roots.push_back(root);
  put_marker(transaction, row, std::move(roots));
}

void forget_roots(Transaction& transaction) {
  std::vector<Bytes> roots;
  for (const auto& prefix :
       transaction.read<CountedPrefix>(CountedPrefix::kByPath, everything(), 1000)) {
    Bytes root = root_of(prefix->document.path);
    if (roots.empty() || roots.back() != root) roots.push_back(std::move(root));
  }
  const auto row = marker_row(transaction);
  if (!roots.empty()) {
    put_marker(transaction, row, std::move(roots));
  } else if (row) {
    transaction.remove<Deletion>(row);
  }
}

}  // namespace convex_kv::simulation
