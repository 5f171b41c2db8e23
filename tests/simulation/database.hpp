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
  bool exact = false;
  bool fresh = false;  // whether it was written where a deletion was under way

  std::vector<Field> index_fields() const {
    return {path, expires_at ? Field(*expires_at) : Field(), fresh ? Field(path) : Field()};
  }
};

enum class JobKind { kDelete, kSweep, kTimer, kMove, kCopy };

struct Job {
  static constexpr int kTable = 1;
  enum Indexes : std::size_t { kByKind = 1, kByPrefix = 2 };

  JobKind kind;
  KeyRange range{};  // of a deletion; and what a move or copy takes
  Bytes to{};        // where that goes
  Id deletion = 0;
  std::uint32_t epoch = 0;
  std::string rest{};
  std::int64_t deleted = 0;
  JobState state{};
  double started_at = 0;

  std::vector<Field> index_fields() const {
    const bool is_deletion = kind == JobKind::kDelete;
    return {static_cast<double>(kind), is_deletion ? Field(range.lower) : Field()};
  }
};

struct Deletion {
  static constexpr int kTable = 2;
  enum Indexes : std::size_t { kByEpoch = 1, kByLower = 2 };

  std::uint32_t epoch;
  std::optional<KeyRange> taken{};  // by a deletion; a move or copy takes nothing at once

  std::vector<Field> index_fields() const {
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

// A call that is to come: one of convex/jobs.ts or convex/timers.ts.
struct ScheduledCall {
  enum class Function { kRun, kWatch, kFire };

  Function function;
  double at;
  Id job = 0;
  std::int64_t number = 0;  // run: the job's step; watch: its failures
};

struct Database {
  std::tuple<Table<Entry>, Table<Job>, Table<Deletion>, Table<Epoch>, Table<Watermark>,
             Table<Timer>, Table<Watch>>
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
