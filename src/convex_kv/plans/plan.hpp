// What every plan is: a state machine that does no I/O itself. It says what to do next and gets the
// result, until it is done.
//
//   step = plan.start()
//   Read     -> do the read, then plan.on_rows(...)
//   AskClock -> plan.on_clock(now)
//   Write    -> delete and transfer the rows, then plan.on_written()
//   Done, or an error: the end
//
// A plan may be called in any order. A call that answers something other than the latest step asked
// for returns invalid_request and changes nothing: the plan still waits for what it asked for.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"
#include "convex_kv/budget/rows.hpp"
#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/plans/deletions.hpp"

namespace convex_kv {

// kFresh holds, by path, the rows alone that were written where a deletion was under way.
enum class Index { kPath, kExpiresAt, kFresh };
enum class Compare { kEq, kGt, kGte, kLt, kLte };

// One condition of an index range, in the order in which Convex wants them: equalities, then a
// lower bound, then an upper one.
struct Bound {
  Compare compare;
  const char* field;  // a field of the table, or _creationTime
  std::variant<double, Bytes, std::string> value;
};

// The rows of `range` that come after the sort key `after` (exclusive; nullopt: from the start) in
// that order, on the index path.
std::vector<Bound> path_bounds(const KeyRange& range, const std::optional<Bytes>& after,
                               Order order = Order::kAscending);

// Read the rows of the table kv within `bounds`, in the index's order or against it, until
// `max_rows` are read, or the range ends, or one row brings their sizes to `max_bytes` or more, or
// their `value_bytes` (rows.hpp) to `max_value_bytes`: rows whose values there is no room for would
// be read again.
struct Read {
  Index index;
  std::vector<Bound> bounds;
  std::int64_t max_rows;
  std::int64_t max_bytes;
  Order order = Order::kAscending;
  std::int64_t max_value_bytes = kNoBound;

  static constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max();
};

// The plan met an entry with an expiry and needs to know the time. Asked for so late because a
// query that reads the clock stops being cached.
struct AskClock {};

// Rows by position, [first, last), counted from the first row of the plan's first read.
using RowSpan = std::pair<std::uint32_t, std::uint32_t>;
using RowSpans = std::vector<RowSpan>;

// Appends row `position`, which is past all that `spans` hold.
void add_row(RowSpans& spans, std::uint32_t position);

// Delete some rows, with the documents of their values, and then transfer others: a move changes a
// row in place, and the documents of its value stay as they are; a copy writes a row, and its value
// anew. A migration writes it anew. At least one of the two is not empty.
struct Write {
  RowSpans deleted;
  RowSpans transferred = {};
};

// The end of a scan: `rows` are the page. `cursor` is empty if is_done. With a `split_cursor` the
// page should be read as two, up to there and on from there; and it must be if is_split_required,
// since `rows` are then not all that it should hold.
struct PageDone {
  RowSpans rows;
  std::string cursor;
  bool is_done;
  std::string split_cursor = {};
  bool is_split_required = false;
};

// The end of a count: `count` entries up to `cursor`, which is empty if is_done.
struct CountDone {
  std::int64_t count;
  std::string cursor;
  bool is_done;
};

// What there is at and below one key part behind a prefix.
struct Child {
  std::uint32_t row;  // a row at or below it, which tells the part
  bool has_entry;     // at the part itself
  bool has_children;  // strictly below it
};

// The end of a listing of children. `cursor` is empty if is_done.
struct ChildrenDone {
  std::vector<Child> children;
  std::string cursor;
  bool is_done;
};

// The end of a batch: how many live entries a deletion or sweep deleted, and how many of its
// source's a transfer put at the destination or left where they were. `rest` is the text from which
// the next batch continues (messages/plan_request.hpp); nullopt if the work is complete. With an
// `error` the work ends here for good, though what was transferred stays so. `range` is what a
// deletion takes: of its first batch.
struct BatchDone {
  std::int64_t deleted = 0;
  std::int64_t transferred = 0;
  std::int64_t skipped = 0;
  std::optional<std::string> rest = {};
  std::optional<KvError> error = {};
  std::optional<KeyRange> range = {};
};

using Step =
    std::variant<Read, AskClock, Write, PageDone, CountDone, ChildrenDone, BatchDone, KvError>;

class Plan {
 public:
  virtual ~Plan() = default;

  // Those under way where it reads. False, and nothing changes, if it has started.
  bool set_deletions(Deletions deletions);

  Step start();
  Step on_rows(Rows rows);
  Step on_clock(double now);
  Step on_written();

 protected:
  // Whether a deletion under way has taken the row.
  bool is_dead(const Row& row) const { return deletions_.is_dead(row.path, row.epoch); }
  const Deletions& deletions() const { return deletions_; }

 private:
  // What the plan waits for: its start, then whatever its latest step asked for.
  enum class Awaited { kStart, kRows, kClock, kWritten, kNothing };

  // Each is called only if it is awaited. A plan that never asks for something needs no handler.
  virtual Step handle_start() = 0;
  virtual Step handle_rows(Rows rows) = 0;
  virtual Step handle_clock(double now);
  virtual Step handle_written();

  static Awaited awaited_after(const Step& step);
  Step take(Step step);

  Awaited awaited_ = Awaited::kStart;
  Deletions deletions_;
};

}  // namespace convex_kv
