// How long background work may be silent before somebody else takes it over.
#pragma once

#include <cstdint>

namespace convex_kv {

// The end of a lease that a job takes at `now` (ms since the Unix epoch): a minute, which a batch
// (1 s at most) and the scheduler's queue stay well within; twice as long for each of the job's
// failures, an hour at most, so that one which cannot succeed does not cost much.
double lease_until(double now, std::int64_t failures);

}  // namespace convex_kv
