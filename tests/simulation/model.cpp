#include "model.hpp"

#include <algorithm>

namespace convex_kv::simulation {

void Model::set(const Bytes& path, ModelEntry entry) {
  const auto existing = entries.find(path);
  // What had expired was not there all the time.
  if (existing != entries.end() && !is_live(existing->second, now)) remove(path);
  entries.insert_or_assign(path, entry);
}

void Model::remove(const Bytes& path) {
  entries.erase(path);
  for (HeldScan& scan : scans) scan.always.erase(path);
}

std::vector<Model::Live> Model::live(const KeyRange& range, const std::optional<Bytes>& after,
                                     double at, Order order) const {
  std::vector<Live> live;
  auto entry = entries.lower_bound(range.lower);
  for (; entry != entries.end() && entry->first < range.upper; ++entry) {
    if (after && !is_behind(entry->first, *after, order)) continue;
    if (is_live(entry->second, at)) live.push_back({entry->first, entry->second.version});
  }
  if (order == Order::kDescending) std::reverse(live.begin(), live.end());
  return live;
}

bool is_behind(const Bytes& path, const Bytes& other, Order order) {
  return order == Order::kAscending ? path > other : path < other;
}

ModelJob Model::deletion_of(const KeyRange& range, Order order) const {
  ModelJob job{JobKind::kDelete, range, {}};
  job.order = order;
  for (const auto& [path, entry] : entries) {
    if (range.contains(path)) job.due.emplace(path, entry.version);
  }
  return job;
}

ModelJob Model::sweep_of(JobKind kind, double since, double until) const {
  ModelJob job{kind, {}, {}, until};
  for (const auto& [path, entry] : entries) {
    if (entry.expires_at && *entry.expires_at >= since && *entry.expires_at <= until) {
      job.due.emplace(path, entry.version);
    }
  }
  return job;
}

void Model::batch(ModelJob& job, const std::vector<Gone>& gone, std::int64_t deleted, double at,
                  bool is_done) {
  std::int64_t counted = 0;
  for (const auto& [path, version] : gone) {
    const auto entry = entries.find(path);
    check(entry != entries.end() && entry->second.version == version, Invariant::kReads,
          "deleted what is not there");
    if (job.kind == JobKind::kDelete) {
      check(job.range.contains(path), Invariant::kRange, "deleted an entry outside the prefix");
      const auto due = job.due.find(path);
      check(due == job.due.end() || due->second == version, Invariant::kLater,
            "deleted an entry that was overwritten after the deletion was asked for");
      check(due != job.due.end(), Invariant::kLater,
            "deleted an entry that was written after the deletion was asked for");
      if (is_live(entry->second, at)) ++counted;
      job.reached = path;
    } else {
      check(entry->second.expires_at && *entry->second.expires_at <= job.until, Invariant::kSwept,
            "a sweep deleted an entry that had not expired");
      ++counted;
    }
    remove(path);
  }
  check(counted == deleted, Invariant::kCount, "a batch miscounted what it deleted");
  job.deleted += deleted;
  if (!is_done) return;
  for (const auto& [path, entry] : entries) survivors += job.range.contains(path);
  for (const auto& [path, version] : job.due) {
    const auto entry = entries.find(path);
    check(entry == entries.end() || entry->second.version != version, Invariant::kLeft,
          "an entry has stayed that was to go");
  }
}

}  // namespace convex_kv::simulation
