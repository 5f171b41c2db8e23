// Drives a plan with the fuzzer's choices.
#pragma once

#include "convex_kv/plans/plan.hpp"
#include "feed.hpp"

namespace convex_kv::fuzz {

// Tells it whatever the fuzzer wants, asked for or not. Each step has to be a message, and whatever
// was not asked for has to be refused.
void drive_wildly(Plan& plan, Feed& feed);

// Answers as a table would that holds the fuzzer's rows. The plan has to end, within a number of
// steps that the rows bound, with rows that it was told.
void drive_truthfully(Plan& plan, Feed& feed);

}  // namespace convex_kv::fuzz
