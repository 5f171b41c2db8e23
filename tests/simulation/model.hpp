// What users may rely on, kept apart from the tables: each committed transaction tells it what it
// did, in the order of the commits, and it judges.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "convex_kv/plans/transfer_progress.hpp"
#include "database.hpp"
#include "violation.hpp"

namespace convex_kv::simulation {

struct ModelEntry {
  std::uint64_t version;
  std::optional<double> expires_at;
  bool exact;
  double number = 0;
};

// A paged scan that somebody is at.
struct HeldScan {
  KeyRange range;
  Order order;
  std::string cursor;      // of its latest page
  Bytes position;          // what that cursor says
  std::set<Bytes> always;  // what was there all the time since it began
  std::set<Bytes> shown;
  bool is_done = false;
};

// Background work, and what it is to delete.
struct ModelJob {
  JobKind kind;
  KeyRange range;                      // of a deletion
  std::map<Bytes, std::uint64_t> due;  // version by path
  double until = 0;                    // of a sweep
  Order order = Order::kAscending;     // of a deletion
  std::optional<Bytes> reached{};      // of a deletion: the last path that it deleted
  std::int64_t deleted = 0;
  bool has_taken = false;  // of a deletion: nobody sees what it is still to delete

  // Of a move or copy: where to, what was there when it was asked for, what is done.
  Bytes to{};
  OnConflict on_conflict{};
  std::map<Bytes, std::uint64_t> there{};
  std::set<Bytes> handled{};
  std::int64_t transferred = 0;
  std::int64_t skipped = 0;

  Bytes image_of(const Bytes& path) const;
};

// A row that a batch deleted.
struct Gone {
  Bytes path;
  std::uint64_t version;
};

// One that it moved or copied, and what came of it.
struct Transferred {
  Gone from;
  Bytes to;
  std::uint64_t version;
};

// Whether a walk in this order comes to `path` after it came to `other`.
bool is_behind(const Bytes& path, const Bytes& other, Order order);

struct Model {
  double now = 0;  // the world's clock, which is ahead of all others or with them
  std::map<Bytes, ModelEntry> entries;
  std::map<Bytes, ModelEntry> dead;  // stored, though a deletion under way has taken them
  std::map<Id, ModelJob> jobs;
  std::vector<HeldScan> scans;
  // How often a scan went on, and entries that were written below a deletion while it was under
  // way.
  std::size_t next_pages = 0;
  std::size_t survivors = 0;
  std::size_t transferred = 0;  // by batches after the first
  std::size_t counted = 0;      // by those of prefixes
  std::size_t tallied = 0;      // reads of counted prefixes with several branches
  ModelJob asked{};             // the latest deletion that was asked for

  void set(const Bytes& path, ModelEntry entry);
  void remove(const Bytes& path);
  // From now on nobody sees what a deletion has left for later.
  void take(ModelJob& job);

  struct Live {
    Bytes path;
    std::uint64_t version;
  };
  // The entries of `range` that a reader at `at` sees behind the sort key `after` (nullopt: all) in
  // this order.
  std::vector<Live> live(const KeyRange& range, const std::optional<Bytes>& after, double at,
                         Order order = Order::kAscending) const;

  // What a deletion of `range` is to delete; and a sweep of what expired from `since` to `until`.
  ModelJob deletion_of(const KeyRange& range, Order order) const;
  ModelJob sweep_of(JobKind kind, double since, double until) const;

  // What a batch of `job` at `at` deleted, `deleted` entries by its count; and whether it says that
  // the job is done.
  void batch(ModelJob& job, const std::vector<Gone>& gone, std::int64_t deleted, double at,
             bool is_done);

  ModelJob transfer_of(JobKind kind, const KeyRange& source, const Bytes& to,
                       OnConflict on_conflict) const;
  // The same for a batch of a move or copy; `end` is its last step.
  void transfer_batch(ModelJob& job, const std::vector<Gone>& gone,
                      const std::vector<Transferred>& moved, const BatchDone& end, double at);

  static bool is_live(const ModelEntry& entry, double at) {
    return !entry.expires_at || *entry.expires_at > at;
  }
};

}  // namespace convex_kv::simulation
