#include "counted_checks.hpp"

#include <algorithm>
#include <set>

#include "convex_kv/base/float_bits.hpp"
#include "marker.hpp"
#include "nodes.hpp"

namespace convex_kv::simulation {

namespace {

using BranchRow = Table<CountedBranch>::Row;

class Checker {
 public:
  Checker(const Database& database, const Model& model) : database_(database), model_(model) {}

  void check_all() {
    for (const auto& [key, row] : database_.table<DroppedLeaves>().index(0)) {
      for (const Id id : row->document.leaves) take_leaf(id);
    }
    // In the order of their prefixes, and of where they start.
    const auto& branches = database_.table<CountedBranch>().index(CountedBranch::kByStart);
    auto branch = branches.begin();
    for (const auto& [key, row] : database_.table<CountedPrefix>().index(CountedPrefix::kByPath)) {
      check_job(row->document);
      std::vector<BranchRow> own;
      for (; branch != branches.end() && branch->second->document.of == row->document.path;
           ++branch) {
        own.push_back(branch->second);
      }
      check_prefix(row->document, own);
    }
    check(branch == branches.end(), Invariant::kNodes, "a branch of a prefix that is not counted");
    check(seen_.size() == database_.table<CountedLeaf>().index(0).size(), Invariant::kNodes,
          "a leaf is nobody's");
  }

 private:
  const Bytes& take_leaf(Id id) {
    const auto leaf = database_.table<CountedLeaf>().find(id);
    check(leaf != nullptr, Invariant::kNodes, "a leaf is gone");
    check(seen_.insert(id).second, Invariant::kNodes, "a leaf is in two places");
    return leaf->document.node;
  }

  void check_job(const CountedPrefix& prefix) const {
    if (prefix.job == 0) return;
    const auto job = database_.table<Job>().find(prefix.job);
    check(job && job->document.kind == JobKind::kCount, Invariant::kEnds,
          "a prefix waits for a job that has ended");
  }

  void check_prefix(const CountedPrefix& prefix, const std::vector<BranchRow>& own) {
    check(!own.empty() && own.front()->document.start == prefix.path, Invariant::kNodes,
          "a prefix has no first branch");
    entries_.clear();
    Bytes frontier = end_of(prefix.path);
    for (std::size_t i = 0; i < own.size(); ++i) {
      const CountedBranch& branch = own[i]->document;
      check(branch.sum == prefix.sum, Invariant::kNodes, "a branch adds up something else");
      const bool is_last = i + 1 == own.size();
      check(branch.node.has_value() != (is_last && prefix.job != 0), Invariant::kNodes,
            "what is to be counted is not the last, or there is no job");
      if (!branch.node) {
        frontier = branch.start;
      } else {
        check_branch(branch, is_last ? frontier : own[i + 1]->document.start);
      }
    }
    check_entries(prefix, frontier);
  }

  void check_branch(const CountedBranch& row, const Bytes& end) {
    const auto branch = decode_branch(*row.node);
    check(branch && encode_branch(*branch) == *row.node, Invariant::kNodes,
          "a branch is malformed");
    check(row.first_expiry == first_expiry_of(*branch), Invariant::kNodes,
          "a branch does not say when it expires");
    check(buffered_bytes(*branch) <= kLowLimits.buffered_bytes, Invariant::kNodes,
          "a branch buffers too much");
    const auto& children = branch->children;
    for (std::size_t i = 0; i < children.size(); ++i) {
      const Bytes& behind = i + 1 < children.size() ? children[i + 1].start : end;
      check(!(children[i].start < row.start) && children[i].start < behind, Invariant::kNodes,
            "leaves are out of order");
      check_leaf(children[i], behind);
    }
  }

  void check_leaf(const CountedChild& child, const Bytes& end) {
    const Bytes& node = take_leaf(std::stoull(child.id));
    auto leaf = decode_leaf(node);
    check(leaf && encode_leaf(*leaf) == node, Invariant::kNodes, "a leaf is malformed");
    check(leaf->size() <= kLowLimits.leaf_entries, Invariant::kNodes, "a leaf is too long");
    change_leaf(*leaf, child.buffer);
    Summary summary;
    for (const CountedEntry& entry : *leaf) {
      check(!(entry.path < child.start) && entry.path < end, Invariant::kNodes,
            "an entry is in another leaf than its own");
      summary.add(entry);
      if (entry.expires_at > model_.now) entries_.push_back(entry);
    }
    if (!child.buffer.empty()) {
      check(child.summary.first_expiry <= summary.first_expiry &&
                child.summary.last_expiry >= summary.last_expiry,
            Invariant::kNodes, "a branch does not know when entries of a leaf expire");
      summary.first_expiry = child.summary.first_expiry;
      summary.last_expiry = child.summary.last_expiry;
    }
    check(summary == child.summary, Invariant::kNodes, "a branch tells another thing than a leaf");
  }

  void check_entries(const CountedPrefix& prefix, const Bytes& frontier) const {
    auto counted = entries_.begin();
    auto entry = model_.entries.lower_bound(prefix.path);
    for (; entry != model_.entries.end() && entry->first < frontier; ++entry) {
      const auto& [path, there] = *entry;
      if (!Model::is_live(there, model_.now)) continue;
      check(counted != entries_.end() && !(path < counted->path), Invariant::kCounted,
            "an entry is not counted");
      check(path == counted->path, Invariant::kCounted, "an entry is counted that is not there");
      check(counted->expires_at == there.expires_at.value_or(kForever), Invariant::kCounted,
            "an entry is counted with another expiry");
      const double number = prefix.sum == SumKind::kNone ? 0 : there.number;
      check(bits_from_double(counted->number) == bits_from_double(number), Invariant::kCounted,
            "an entry is counted with another number");
      ++counted;
    }
    check(counted == entries_.end(), Invariant::kCounted, "an entry is counted that is not there");
  }

  const Database& database_;
  const Model& model_;
  std::set<Id> seen_;
  std::vector<CountedEntry> entries_;  // of a prefix, those that are live
};

}  // namespace

void check_counted(const Database& database, const Model& model) {
  Checker(database, model).check_all();
}

void check_counted_clean(const Database& database, const Model& model) {
  // Without a counted prefix nobody looks.
  if (database.table<CountedPrefix>().index(0).empty()) return;
  check(database.table<DroppedLeaves>().index(0).empty(), Invariant::kVacuumed,
        "a dropped leaf has stayed after a vacuum");
  for (const auto& [key, branch] : database.table<CountedBranch>().index(0)) {
    check(branch->document.first_expiry > model.now, Invariant::kVacuumed,
          "a counted prefix has an expired entry after a vacuum");
    check(!branch->document.node || buffered_bytes(*decode_branch(*branch->document.node)) == 0,
          Invariant::kVacuumed, "a branch still buffers changes after a vacuum");
  }
}

}  // namespace convex_kv::simulation
