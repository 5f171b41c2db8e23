#include "convex_kv/plans/deletions.hpp"

#include <algorithm>
#include <utility>

#include "convex_kv/base/little_endian.hpp"

namespace convex_kv {

Deletions::Deletions(std::vector<Deletion> under_way) : under_way_(std::move(under_way)) {}

bool Deletions::is_dead(ByteView path, std::uint32_t epoch) const {
  return std::any_of(under_way_.begin(), under_way_.end(), [&](const Deletion& deletion) {
    return epoch < deletion.epoch && deletion.range.contains(path);
  });
}

// There are few at a time: nothing is gained by sorting them.
Deletions::Stretch Deletions::cut_to_first(KeyRange& range, Order order) const {
  const bool ascends = order == Order::kAscending;
  const Bytes& begin = ascends ? range.lower : range.upper;
  Bytes& end = ascends ? range.upper : range.lower;
  const Bytes* reached = &begin;  // everything up to here is covered
  const Bytes* entered = &end;    // and nothing from there up to here
  for (bool is_further = true; is_further;) {
    is_further = false;
    entered = &end;
    for (const Deletion& deletion : under_way_) {
      // Where the walk enters its range, and where it leaves it.
      const Bytes& enters = ascends ? deletion.range.lower : deletion.range.upper;
      const Bytes& leaves = ascends ? deletion.range.upper : deletion.range.lower;
      if (!is_before(*reached, leaves, order) || !is_before(enters, leaves, order)) continue;
      if (!is_before(*reached, enters, order)) {
        reached = &leaves;
        is_further = true;
      } else if (is_before(enters, *entered, order)) {
        entered = &enters;
      }
    }
  }
  const bool is_deleted = reached != &begin;
  const Bytes& stop = is_deleted ? *reached : *entered;
  const bool is_last = !is_before(stop, end, order);
  if (!is_last) end = stop;
  return {is_deleted, is_last};
}

std::optional<Deletions> deletions_from_wire(ByteView wire) {
  const auto count = take_u32(wire);
  // Each takes 12 bytes, or more.
  if (!count || *count > wire.size() / 12) return std::nullopt;
  std::vector<Deletion> under_way(*count);
  for (auto& [range, epoch] : under_way) {
    const auto number = take_u32(wire);
    if (!number) return std::nullopt;
    epoch = *number;
    for (Bytes* bound : {&range.lower, &range.upper}) {
      const auto length = take_u32(wire);
      if (!length || *length > wire.size()) return std::nullopt;
      bound->assign(wire.begin(), wire.begin() + *length);
      wire = wire.subspan(*length);
    }
  }
  if (!wire.empty()) return std::nullopt;
  return Deletions(std::move(under_way));
}

}  // namespace convex_kv
