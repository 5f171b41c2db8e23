// Requests that open plans, as JSON text. By "plan":
//   page    {limit?, cursor?, endCursor?, reverse?, room?}
//                                               a page of the prefix's entries, 100 by default;
//                                               with endCursor all up to there, or to the end for
//                                               ""
//   all     {reverse?, room?}                   all of the prefix's entries
//   first   {reverse?, room?}                   the first of them, or the last
//   count   {limit?, cursor?, reverse?, room?}  how many there are
//   children {limit?, cursor?, reverse?, room?} the key parts right behind the prefix, 100 by
//                                               default
//   delete  {now, room?}                        the first batch of a deletion of the prefix
//   sweep   {now, mark? or since?, room?}       the first batch of a sweep, of what expired from
//                                               `since` on; `mark`: see kSweepLateness
//   move    {now, to, onConflict, room?}        the first batch of a move of the prefix to another,
//   copy    {now, to, onConflict, room?}        and of a copy; `to` is that one's sort key
//   migrate {epoch, now, failures, room?}       the first batch of a migration from version 1
//   resume  {from, epoch, now, failures, room?} the next batch of any; `from` is the `rest` of the
//                                               batch before, which a job keeps
// If there are entries of version 1, `unmigrated` is true, and all but sweeps and those in the
// background are refused: they would not see them.
// `room` is what ctx.meta.getTransactionMetrics() tells, or null if the platform does not tell.
#pragma once

#include <memory>
#include <string_view>

#include "convex_kv/keys/key.hpp"
#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/plans/plan.hpp"

namespace convex_kv {

// The kinds of plans that a request may open. A wasm module contains only the code of those that it
// names: plans that few calls need are in separate modules (bindings/).
struct PlanKind;
struct PlanKinds {
  const PlanKind* first;
  const PlanKind* last;  // exclusive
};
extern const PlanKinds kStorePlans;  // page, all, delete, sweep
extern const PlanKinds kTreePlans;   // first, count, children
extern const PlanKinds kJobPlans;    // move, copy, migrate, resume
extern const PlanKinds kAllPlans;

// The plan that `request` asks for, over `prefix`. The errors are the user's (invalid_key,
// invalid_limit, invalid_cursor) or ours (invalid_request). Safe for any input.
Result<std::unique_ptr<Plan>> plan_from_request(const Key& prefix, std::string_view request);

// The same over a range, of what is behind a prefix of so many bytes.
Result<std::unique_ptr<Plan>> plan_over_range(KeyRange range, std::size_t prefix_length,
                                              std::string_view request, PlanKinds kinds);

}  // namespace convex_kv
