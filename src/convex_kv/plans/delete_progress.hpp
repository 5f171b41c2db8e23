// Where a recursive deletion stands between two of its batches.
#pragma once

#include <optional>
#include <string>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/keys/key_range.hpp"

namespace convex_kv {

// `range` is processed in this order, up to and including the sort key `after`.
struct DeleteProgress {
  KeyRange range;
  std::optional<Bytes> after;
  Order order = Order::kAscending;
};

// As the text that a job keeps, and back from its JSON: nullopt if that was not made by the first,
// or says what is not consistent, which is a range upside down or a position outside it.
std::string rest_of(const DeleteProgress& progress);
std::optional<DeleteProgress> delete_progress_from(const Json& rest);

}  // namespace convex_kv
