// What holds of every page of entries.
#pragma once

#include <optional>
#include <vector>

#include "plan_carrier.hpp"

namespace convex_kv::simulation {

struct Shown {
  Bytes path;
  std::uint64_t version;
  std::optional<double> expires_at;
};

std::vector<Shown> shown_by(const Carried& scan);

// That a page which was read at `now` after the sort key `after` holds the first live entries
// there, in order.
void check_page(const Model& model, const KeyRange& range, Order order,
                const std::optional<Bytes>& after, const std::vector<Shown>& rows, double now);

// Whether a scan of `range` that began with `limits` could read all of it, whatever is in the way.
bool has_ample_room(const Transaction& transaction, const TransactionLimits& limits,
                    const KeyRange& range);

}  // namespace convex_kv::simulation
