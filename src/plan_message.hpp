// Plans as text: the requests that open them and the steps that they answer, as JSON.
//
// Requests, by "plan":
//   page    {limit?, cursor?, room?}            a page of the prefix's entries, 100 by default
//   all     {room?}                             all of the prefix's entries
//   delete  {now, room?}                        the first batch of a deletion of the prefix
//   sweep   {now, mark? or since?, room?}       the first batch of a sweep, of what expired from
//                                               `since` on; `mark`: see kSweepLateness
//   resume  {from, epoch, now, failures, room?} the next batch of either; `from` is a step's `rest`
// `room` is what ctx.meta.getTransactionMetrics() tells, or null where the platform does not tell.
//
// Steps, by "step":
//   read    {index, bounds: [[compare, field, value], ...], maxRows, maxBytes}
//   clock   {}
//   delete  {rows: [[first, last), ...]}
//   page    {rows, cursor, isDone}
//   batch   {deleted, rest: text or null}
//   error   {code, message}
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "key.hpp"
#include "key_range.hpp"
#include "plan.hpp"

namespace convex_kv {

// The plan that `request` asks for, over `prefix`. The errors are the user's (invalid_key,
// invalid_limit, invalid_cursor) or ours (invalid_request). Safe for any input.
Result<std::unique_ptr<Plan>> plan_from_request(const Key& prefix, std::string_view request);

// The same over the range that a prefix covers.
Result<std::unique_ptr<Plan>> plan_over_range(KeyRange range, std::string_view request);

std::string step_to_json(const Step& step);

}  // namespace convex_kv
