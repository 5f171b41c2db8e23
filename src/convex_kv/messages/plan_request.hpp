// Requests that open plans, as JSON text: `plan`, and by that
//
//   page      limit?, cursor?, endCursor?, reverse?
//             A page of the prefix's entries, 100 by default; with endCursor all up to there, or to
//             the end for "".
//   all       reverse?
//             All of the prefix's entries.
//   first     reverse?
//             The first of them, or the last.
//   count     limit?, cursor?, reverse?
//             How many there are.
//   children  limit?, cursor?, reverse?
//             The key parts right behind the prefix, 100 by default.
//   delete    now, reverse?
//             The first batch of a deletion of the prefix.
//   sweep     now, watermark? or since?
//             The first batch of a sweep, of what expired from `since` on; `watermark`: see
//             kSweepLateness.
//   move      now, onConflict
//   copy      now, onConflict
//             The first batch of a move or copy of the prefix to another.
//   migrate   epoch, now, failures
//             The first batch of a migration from version 1.
//   resume    from, epoch, now, failures
//             The next batch of any; `from` is the `rest` of the one before, which a job keeps.
//
// Each may say more: `transactionLimits`, what ctx.meta.getTransactionMetrics() tells (null or
// absent if the platform does not tell).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/plans/plan.hpp"

namespace convex_kv {

// The keys that a plan is opened over.
struct PlanKeys {
  KeyRange range;
  std::size_t prefix_length = 0;  // how many bytes of the range's bounds are the prefix's
  std::optional<Bytes> to;        // the prefix that a move or copy goes to, as a sort key
};

// The plan that `request` asks for. The errors are the user's (invalid_key, invalid_limit,
// invalid_cursor) or ours (invalid_request). Safe for any input.
Result<std::unique_ptr<Plan>> plan_from_request(PlanKeys keys, std::string_view request);

}  // namespace convex_kv
