#include "convex_kv/plans/sweep_plan.hpp"

#include "convex_kv/rules/expiry.hpp"

namespace convex_kv {

SweepPlan::SweepPlan(SweepProgress from, Budget budget)
    : BatchPlan(budget), progress_(from), in_tie_(from.after.has_value()) {}

std::vector<Bound> SweepPlan::bounds() const {
  const auto& after = progress_.after;
  if (in_tie_) {
    // From the same creation time on, not after it: two rows may share one.
    return {{Compare::kEq, "expiresAt", after->expires_at},
            {Compare::kGte, "_creationTime", after->creation_time}};
  }
  // Convex sorts a missing expiresAt before all numbers, -Infinity too: without a lower bound the
  // range would hold every entry that never expires.
  return {{after ? Compare::kGt : Compare::kGte, "expiresAt",
           after ? after->expires_at : progress_.since},
          {Compare::kLte, "expiresAt", progress_.until}};
}

BatchPlan::Verdict SweepPlan::judge(const Row& row) const {
  const bool due = !is_live(row.expires_at, progress_.until);
  return {due, due && !is_dead(row)};
}

void SweepPlan::advance(const Row& row) {
  progress_.after = {row.expires_at.value_or(progress_.until), row.creation_time};
}

bool SweepPlan::finish_range() {
  if (!in_tie_) return true;
  in_tie_ = false;
  return false;
}

}  // namespace convex_kv
