// A counted prefix in documents that are kept in memory: reads what the tree asks for, writes what
// it is told, and counts both.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/counted/counted_change.hpp"
#include "convex_kv/keys/key_range.hpp"

namespace convex_kv::test {

class CountedStore {
 public:
  // Of the keys at and below a prefix, by its sort key.
  explicit CountedStore(Bytes prefix);

  // Documents that an operation has read and written.
  struct Cost {
    std::size_t reads = 0;
    std::size_t writes = 0;
  };

  // Each in one transaction. `changes` are in ascending order.
  Cost write(const std::vector<CountedChange>& changes, const Buffering& buffering = {});
  // All that is in `range`.
  Cost remove(const KeyRange& range);
  Cost tidy(double now);
  // If a branch has outgrown its share. Returns whether one had.
  bool divide_if_due();

  Tally tally(const KeyRange& range, double now, Cost* cost = nullptr) const;
  Bytes path_at(const KeyRange& range, std::uint64_t index, double now, Cost* cost = nullptr) const;

  // All entries, with what is buffered. REQUIREs that what each node says of those below it is
  // true, that they are in order, and that there is no leaf beside.
  std::vector<CountedEntry> checked_entries() const;

  const KeyRange& range() const { return range_; }
  // How many entries each branch has, and how many changes all of them buffer.
  std::vector<std::uint64_t> branch_counts() const;
  std::size_t buffered() const;
  std::size_t leaves() const { return leaves_.size(); }

 private:
  using Rows = std::map<Bytes, Bytes>;

  Bytes end_of(Rows::const_iterator row) const;
  CountedView view(const KeyRange& range, double now, Cost& cost) const;
  Leaf leaf(const std::string& id) const;
  // As they are with what is buffered.
  void read(const CountedView& seen, const std::vector<std::string>& ids, Leaves& leaves) const;
  // Changes the branches of a range, and the leaves that this concerns.
  template <typename Change>
  Cost commit(const KeyRange& range, const Change& change);

  KeyRange range_;
  Rows branches_;  // by where they start: the first where the prefix does
  std::map<std::string, Bytes> leaves_;
  std::uint64_t last_id_ = 0;
};

}  // namespace convex_kv::test
