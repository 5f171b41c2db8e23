#include "model.hpp"

#include <algorithm>

namespace convex_kv::simulation {

void Model::set(const Bytes& path, ModelEntry entry) {
  const auto existing = entries.find(path);
  // What had expired was not there all the time.
  if (existing != entries.end() && !is_live(existing->second, now)) remove(path);
  entries.insert_or_assign(path, entry);
  dead.erase(path);
}

void Model::remove(const Bytes& path) {
  dead.erase(path);
  entries.erase(path);
  for (HeldScan& scan : scans) scan.always.erase(path);
}

void Model::take(ModelJob& job) {
  job.has_taken = true;
  for (const auto& [path, version] : job.due) {
    const auto entry = entries.find(path);
    if (entry == entries.end() || entry->second.version != version) continue;
    const ModelEntry taken = entry->second;
    remove(path);
    dead.emplace(path, taken);
  }
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
    const bool was_dead = dead.contains(path);
    const auto& kept = was_dead ? dead : entries;
    const auto entry = kept.find(path);
    check(entry != kept.end() && entry->second.version == version, Invariant::kReads,
          "deleted what is not there");
    if (job.kind == JobKind::kDelete) {
      check(job.range.contains(path), Invariant::kRange, "deleted an entry outside the prefix");
      const auto due = job.due.find(path);
      const bool is_due = due != job.due.end() && due->second == version;
      check(was_dead || (is_due && !job.has_taken), Invariant::kLater,
            "deleted an entry that was written after the deletion was asked for");
      // In the background it counts what others have taken too, since they will not.
      if ((is_due || job.has_taken) && is_live(entry->second, at)) ++counted;
      job.reached = path;
    } else {
      check(entry->second.expires_at && *entry->second.expires_at <= job.until, Invariant::kSwept,
            "a sweep deleted an entry that had not expired");
      if (!was_dead) ++counted;
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
  if (job.kind != JobKind::kDelete) return;
  // What a deletion leaves stored a later one has taken, which is still under way.
  for (const auto& [path, entry] : dead) {
    if (!job.range.contains(path)) continue;
    const auto has_taken = [&path = path, &job](const auto& other) {
      return &other.second != &job && other.second.kind == JobKind::kDelete &&
             other.second.range.contains(path);
    };
    check(std::any_of(jobs.begin(), jobs.end(), has_taken), Invariant::kLeft,
          "a dead entry has stayed that nobody will delete");
  }
}

Bytes ModelJob::image_of(const Bytes& path) const {
  return TransferProgress{TransferKind::kMove, on_conflict, range, to, {}}.image_of(path);
}

ModelJob Model::transfer_of(JobKind kind, const KeyRange& source, const Bytes& to,
                            OnConflict on_conflict) const {
  ModelJob job{kind, source, {}};
  job.to = to;
  job.on_conflict = on_conflict;
  const KeyRange destination = range_below(to);
  for (const auto& [path, entry] : entries) {
    if (source.contains(path)) job.due.emplace(path, entry.version);
    if (destination.contains(path)) job.there.emplace(path, entry.version);
  }
  return job;
}

void Model::transfer_batch(ModelJob& job, const std::vector<Gone>& gone,
                           const std::vector<Transferred>& moved, const BatchDone& end, double at) {
  const bool is_move = job.kind == JobKind::kMove;
  const bool overwrites = job.on_conflict == OnConflict::kOverwrite;
  const auto is_of = [](const std::map<Bytes, std::uint64_t>& entries, const Gone& row) {
    const auto found = entries.find(row.path);
    return found != entries.end() && found->second == row.version;
  };
  const auto check_there = [this](const Gone& row) {
    const auto entry = entries.find(row.path);
    check(!dead.contains(row.path), Invariant::kLost, "transferred what a deletion has taken");
    check(entry != entries.end() && entry->second.version == row.version, Invariant::kReads,
          "transferred or deleted what is not there");
    return entry->second;
  };
  std::int64_t counted = std::ssize(moved);
  for (const Gone& row : gone) {
    const auto taken = dead.find(row.path);
    if (taken != dead.end()) {
      check(taken->second.version == row.version, Invariant::kReads, "deleted what is not there");
      check(range_below(job.to).contains(row.path), Invariant::kRange,
            "deleted a dead entry that was not in the way");
      remove(row.path);
      continue;
    }
    const ModelEntry entry = check_there(row);
    if (job.range.contains(row.path)) {
      const auto later = entries.find(job.image_of(row.path));
      check(is_move && overwrites && is_of(job.due, row) && later != entries.end() &&
                !is_of(job.there, {later->first, later->second.version}),
            Invariant::kLost, "a move deleted an entry that has not arrived");
      job.handled.insert(row.path);
      ++counted;
    } else {
      check(range_below(job.to).contains(row.path), Invariant::kRange,
            "deleted an entry outside both prefixes");
      check(!is_live(entry, at) || (overwrites && is_of(job.there, row)), Invariant::kLost,
            "an entry was deleted that was in the way, and may stay");
    }
    remove(row.path);
  }
  for (const Transferred& row : moved) {
    ModelEntry entry = check_there(row.from);
    check(job.range.contains(row.from.path), Invariant::kRange,
          "transferred an entry outside the prefix");
    check(is_live(entry, at), Invariant::kExpired, "transferred an expired entry");
    check(!is_move || is_of(job.due, row.from), Invariant::kLater,
          "moved an entry that was written after the move was asked for");
    check(!entries.contains(row.to) && !dead.contains(row.to), Invariant::kLost,
          "wrote over an entry");
    if (is_move) remove(row.from.path);
    job.handled.insert(row.from.path);
    entry.version = row.version;
    // By its clock the timer may have rung already.
    entry.exact = entry.exact && is_live(entry, now);
    set(row.to, entry);
  }
  check(is_move ? end.transferred == counted : end.transferred >= counted, Invariant::kCount,
        "a batch miscounted what it transferred");
  check(end.skipped == 0 || job.on_conflict == OnConflict::kSkip, Invariant::kCount,
        "a batch skipped an entry that was not to be skipped");
  job.transferred += end.transferred;
  job.skipped += end.skipped;
  if (end.rest || end.error) return;

  // The job is done: an entry that is unchanged and was not processed was in the way of another, or
  // another was in its way.
  std::int64_t stayed = 0;
  for (const auto& [path, version] : job.due) {
    const auto entry = entries.find(path);
    if (entry == entries.end() || entry->second.version != version) continue;
    // By some clock of an earlier batch it may have expired.
    if (!is_live(entry->second, now) || job.handled.contains(path)) continue;
    ++stayed;
  }
  const std::int64_t overwritten = is_move ? 0 : job.transferred - std::ssize(job.handled);
  check(stayed <= job.skipped + std::max<std::int64_t>(overwritten, 0), Invariant::kLeft,
        "an entry has stayed that was to be transferred");
}

}  // namespace convex_kv::simulation
