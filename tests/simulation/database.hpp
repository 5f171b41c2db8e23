// The component's tables (convex/schema.ts), with what the simulation needs of each document.
#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "convex_kv/jobs/job_machine.hpp"
#include "table.hpp"

namespace convex_kv::simulation {

inline constexpr double kForever = std::numeric_limits<double>::infinity();

struct Entry {
  static constexpr int kTable = 0;
  enum Indexes : std::size_t { kByPath = 1, kByExpiry = 2, kFresh = 3 };

  Bytes path;
  std::optional<double> expires_at;
  std::uint32_t epoch = 0;
  std::uint32_t size = 0;
  std::uint32_t value_bytes = 0;  // of an external value
  std::uint32_t value_documents = 0;
  std::uint64_t version = 0;  // which write it is of; plans never see it
  double number = 0;          // its value, as far as counted prefixes see it
  bool exact = false;
  bool fresh = false;  // whether it was written where a deletion was under way

  std::vector<Field> index_fields() const {
    return {path, expires_at ? Field(*expires_at) : Field(), fresh ? Field(path) : Field()};
  }
};

enum class JobKind { kDelete, kSweep, kTimer, kMove, kCopy, kCount };

struct Job {
  static constexpr int kTable = 1;
  enum Indexes : std::size_t { kByKind = 1, kByPrefix = 2 };

  JobKind kind;
  KeyRange range{};  // of a deletion; what a move or copy takes; what is counted
  Bytes to{};        // where that goes
  Id deletion = 0;
  std::uint32_t epoch = 0;
  std::string rest{};
  std::int64_t deleted = 0;
  JobState state{};
  double started_at = 0;

  std::vector<Field> index_fields() const {
    const bool has_prefix = kind == JobKind::kDelete || kind == JobKind::kCount;
    return {static_cast<double>(kind), has_prefix ? Field(range.lower) : Field()};
  }
};

struct Deletion {
  static constexpr int kTable = 2;
  enum Indexes : std::size_t { kByEpoch = 1, kByLower = 2 };

  // Before all others, and behind those that take nothing.
  static constexpr double kMarkerLower = 0;

  std::uint32_t epoch = 0;
  std::optional<KeyRange> taken{};  // by a deletion; a move or copy takes nothing at once
  // Of the marker, which is no deletion: the first parts of the prefixes that are counted.
  std::optional<std::vector<Bytes>> roots{};

  std::vector<Field> index_fields() const {
    if (roots) return {-1.0, kMarkerLower};
    return {static_cast<double>(epoch), taken ? Field(taken->lower) : Field()};
  }
};

struct Epoch {
  static constexpr int kTable = 3;

  std::uint32_t latest;

  std::vector<Field> index_fields() const { return {Field()}; }
};

struct Watermark {
  static constexpr int kTable = 4;

  double swept_until;

  std::vector<Field> index_fields() const { return {Field()}; }
};

struct Timer {
  static constexpr int kTable = 5;
  enum Indexes : std::size_t { kByTime = 1 };

  double at;

  std::vector<Field> index_fields() const { return {at}; }
};

// The scheduled call that looks after a job.
struct Watch {
  static constexpr int kTable = 6;
  enum Indexes : std::size_t { kByJob = 1, kByDue = 2 };

  Id job;
  double due;
  Id call;

  std::vector<Field> index_fields() const { return {static_cast<double>(job), due}; }
};

// What counted prefixes add up.
enum class SumKind { kNone, kValue };

struct CountedPrefix {
  static constexpr int kTable = 7;
  enum Indexes : std::size_t { kByPath = 1 };

  Bytes path;  // its sort key
  SumKind sum;
  Id job = 0;  // that counts what is there already

  std::vector<Field> index_fields() const { return {path}; }
};

// What is from `start` on, up to the next branch of the prefix, is in it.
struct CountedBranch {
  static constexpr int kTable = 8;
  enum Indexes : std::size_t { kByStart = 1, kByExpiry = 2, kByAsked = 3 };

  Bytes of;  // the prefix's sort key
  Bytes start;
  SumKind sum;
  std::optional<Bytes> node;  // nullopt: what is from here on is still to be counted
  double first_expiry = kForever;
  std::optional<double> asked_at{};  // when somebody asked that it is tidied, divided or flushed

  // Both in one, in the order of the first and then the second.
  static Bytes place(const Bytes& of, const Bytes& start) { return index_key({of, start}); }

  std::vector<Field> index_fields() const {
    const bool expires = first_expiry != kForever;
    return {place(of, start), expires ? Field(first_expiry) : Field(),
            asked_at ? Field(*asked_at) : Field()};
  }
};

struct CountedLeaf {
  static constexpr int kTable = 9;

  Bytes node;

  std::vector<Field> index_fields() const { return {}; }
};

// Leaves that belong to nobody any more.
struct DroppedLeaves {
  static constexpr int kTable = 10;

  std::vector<Id> leaves;

  std::vector<Field> index_fields() const { return {}; }
};

// A call that is to come: one of convex/jobs.ts, convex/timers.ts or convex/counted.ts.
struct ScheduledCall {
  enum class Function { kRun, kWatch, kFire, kTidy, kFlush, kClean };

  Function function;
  double at;
  Id job = 0;
  std::int64_t number = 0;  // run: the job's step; watch: its failures
  Bytes of{};               // tidy, flush: the prefix
  Bytes from{};             // flush: where the next branch is
};

struct Database {
  std::tuple<Table<Entry>, Table<Job>, Table<Deletion>, Table<Epoch>, Table<Watermark>,
             Table<Timer>, Table<Watch>, Table<CountedPrefix>, Table<CountedBranch>,
             Table<CountedLeaf>, Table<DroppedLeaves>>
      tables;

  template <typename Document>
  Table<Document>& table() {
    return std::get<Table<Document>>(tables);
  }
  template <typename Document>
  const Table<Document>& table() const {
    return std::get<Table<Document>>(tables);
  }
};

}  // namespace convex_kv::simulation
