// One batch of a sweep: deletes what had expired when the sweep began, in order of expiry, and
// never reads an entry that has no expiry.
#pragma once

#include "convex_kv/plans/batch_plan.hpp"
#include "convex_kv/plans/sweep_progress.hpp"

namespace convex_kv {

// Where a sweep begins: at the watermark of the last finished one, which is the time until which it
// swept. The platform keeps what was deleted in its index for a while, and to start before it would
// be to read all that again. No entry is written that has expired already; but the clock that
// decides this may be another machine's, and a write may be committed late: both by less than this,
// in ms.
inline constexpr double kSweepLateness = 60'000;

class SweepPlan final : public BatchPlan {
 public:
  // Ends in BatchDone.
  SweepPlan(SweepProgress from, Budget budget);

 private:
  Index index() const override { return Index::kExpiresAt; }
  std::vector<Bound> bounds() const override;
  Verdict judge(const Row& row) const override;
  void advance(const Row& row) override;
  void continue_range() override { in_tie_ = progress_.after.has_value(); }
  bool finish_range() override;
  std::string rest() const override { return rest_of(progress_); }

  SweepProgress progress_;
  // Whether bounds() is the rest of the millisecond that the last row expired in. Many entries may
  // share it: a sweep continues within it by creation time, and only then past it, since one range
  // cannot say both.
  bool in_tie_;
};

}  // namespace convex_kv
