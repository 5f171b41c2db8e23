// The table kv in memory, with the indexes that plans read, as Convex orders and reads them.
#pragma once

#include <map>
#include <set>
#include <tuple>
#include <variant>

#include "convex_kv/budget/rows.hpp"
#include "convex_kv/plans/plan.hpp"

namespace convex_kv::test {

class SimulatedTable {
 public:
  // Writes `row`, in place of what is at its path.
  void put(const Row& row);

  // Deletes the row at `path`, which has to be there.
  void remove(const Bytes& path);

  // The rows within `read.bounds`, in the index's order or against it, until max_rows are read, or
  // one row brings their sizes to max_bytes or their value_bytes to max_value_bytes, or the range
  // ends. `exhausted` says that it
  // was the range; not if the last row of a range is the last one allowed, since nobody looked
  // behind it. The bounds have to be such as Convex takes.
  Rows read(const Read& asked) const;

  const std::map<Bytes, Row>& rows() const { return rows_; }

 private:
  // A field's value: undefined, a number or bytes, which is the order that Convex gives these
  // types.
  using Value = std::variant<std::monostate, double, Bytes>;
  // The indexed field, _creationTime, and the path in the place of the _id that sets ties apart.
  using Entry = std::tuple<Value, double, Bytes>;
  using Entries = std::set<Entry>;

  static Entry path_entry(const Row& row);
  static Entry expiry_entry(const Row& row);
  static Value field(const Entry& entry, const Bound& bound);
  static bool is_below(const Entry& entry, const Bound& bound);
  static bool is_above(const Entry& entry, const Bound& bound);
  static Entry first_place(const Read& read);

  std::map<Bytes, Row> rows_;
  Entries by_path_;
  Entries by_expiry_;
};

}  // namespace convex_kv::test
