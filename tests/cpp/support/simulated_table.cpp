#include "simulated_table.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>
#include <vector>

#include "require.hpp"

namespace convex_kv::test {

namespace {

constexpr std::string_view kCreationTime = "_creationTime";

bool is_lower(Compare compare) { return compare == Compare::kGt || compare == Compare::kGte; }
bool is_upper(Compare compare) { return compare == Compare::kLt || compare == Compare::kLte; }

// Convex's rule: equalities on the first fields of the index, then at most one lower and one upper
// bound, in this order, on the field that comes next.
void check_bounds(const Read& read) {
  const std::string_view fields[] = {read.index == Index::kExpiresAt ? "expiresAt" : "path",
                                     kCreationTime};
  std::size_t equal = 0;
  bool has_lower = false;
  bool has_upper = false;
  for (const Bound& bound : read.bounds) {
    require(equal < 2, "a bound on a third field");
    require(bound.field == fields[equal], "a bound on a field that does not come next");
    require(std::holds_alternative<double>(bound.value) != (fields[equal] == "path"),
            "a bound of another type than its field's");
    if (bound.compare == Compare::kEq) {
      require(!has_lower && !has_upper, "an equality behind a bound");
      ++equal;
    } else if (is_lower(bound.compare)) {
      require(!has_lower && !has_upper, "a lower bound behind another");
      has_lower = true;
    } else {
      require(!has_upper, "two upper bounds");
      has_upper = true;
    }
  }
}

template <typename Value>
Value value_of(const Bound& bound) {
  if (const auto* bytes = std::get_if<Bytes>(&bound.value)) return *bytes;
  // The path of a row of version 1 is text: those tables here are their own.
  if (const auto* text = std::get_if<std::string>(&bound.value)) {
    return Bytes(text->begin(), text->end());
  }
  return std::get<double>(bound.value);
}

}  // namespace

void SimulatedTable::put(const Row& row) {
  if (rows_.contains(row.path)) remove(row.path);
  rows_.emplace(row.path, row);
  by_path_.insert(path_entry(row));
  by_expiry_.insert(expiry_entry(row));
}

void SimulatedTable::remove(const Bytes& path) {
  const auto found = rows_.find(path);
  require(found != rows_.end(), "a row is deleted that is not there");
  by_path_.erase(path_entry(found->second));
  by_expiry_.erase(expiry_entry(found->second));
  rows_.erase(found);
}

Rows SimulatedTable::read(const Read& read) const {
  // What has an epoch was written where a deletion was under way.
  const bool is_fresh = read.index == Index::kFresh;
  check_bounds(read);
  require(read.max_rows >= 1 && read.max_bytes >= 1, "a read of nothing");
  const auto any = [&read](bool (*is_out)(const Entry&, const Bound&), const Entry& entry) {
    return std::any_of(read.bounds.begin(), read.bounds.end(),
                       [&](const Bound& bound) { return is_out(entry, bound); });
  };
  const Entries& entries = read.index == Index::kExpiresAt ? by_expiry_ : by_path_;
  std::vector<const Row*> found;
  for (auto entry = entries.lower_bound(first_place(read)); entry != entries.end(); ++entry) {
    if (any(is_below, *entry)) continue;
    if (any(is_above, *entry)) break;
    if (is_fresh && rows_.at(std::get<Bytes>(*entry)).epoch == 0) continue;
    found.push_back(&rows_.at(std::get<Bytes>(*entry)));
    const bool is_enough = std::ssize(found) > read.max_rows;
    if (is_enough && read.order == Order::kAscending) break;
  }
  if (read.order == Order::kDescending) std::reverse(found.begin(), found.end());
  Rows result{{}, false};
  std::int64_t bytes = 0;
  std::int64_t value_bytes = 0;
  for (const Row* row : found) {
    result.rows.push_back(*row);
    bytes += row->size;
    value_bytes += row->value_bytes;
    if (static_cast<std::int64_t>(result.rows.size()) == read.max_rows) return result;
    if (bytes >= read.max_bytes || value_bytes >= read.max_value_bytes) return result;
  }
  result.exhausted = true;
  return result;
}

SimulatedTable::Entry SimulatedTable::path_entry(const Row& row) {
  return {row.path, row.creation_time, row.path};
}

SimulatedTable::Entry SimulatedTable::expiry_entry(const Row& row) {
  return {row.expires_at ? Value(*row.expires_at) : Value(), row.creation_time, row.path};
}

SimulatedTable::Value SimulatedTable::field(const Entry& entry, const Bound& bound) {
  return bound.field == kCreationTime ? Value(std::get<double>(entry)) : std::get<Value>(entry);
}

bool SimulatedTable::is_below(const Entry& entry, const Bound& bound) {
  const Value value = field(entry, bound);
  const Value limit = value_of<Value>(bound);
  return !is_upper(bound.compare) &&
         (value < limit || (bound.compare == Compare::kGt && value == limit));
}

bool SimulatedTable::is_above(const Entry& entry, const Bound& bound) {
  const Value value = field(entry, bound);
  const Value limit = value_of<Value>(bound);
  return !is_lower(bound.compare) &&
         (value > limit || (bound.compare == Compare::kLt && value == limit));
}

// Where to start looking: no entry before this is within the bounds.
SimulatedTable::Entry SimulatedTable::first_place(const Read& read) {
  Entry first{Value(), -std::numeric_limits<double>::infinity(), Bytes()};
  for (const Bound& bound : read.bounds) {
    if (is_upper(bound.compare)) continue;
    if (bound.field == kCreationTime) {
      std::get<double>(first) = std::get<double>(bound.value);
    } else {
      std::get<Value>(first) = value_of<Value>(bound);
    }
  }
  return first;
}

}  // namespace convex_kv::test
