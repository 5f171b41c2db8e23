#include "convex_kv/plans/delete_plan.hpp"

#include "convex_kv/rules/expiry.hpp"

namespace convex_kv {

DeletePlan::DeletePlan(DeleteProgress from, std::uint32_t epoch, double now, Budget budget)
    : BatchPlan(budget), progress_(std::move(from)), epoch_(epoch), now_(now) {}

std::vector<Bound> DeletePlan::bounds() const {
  return path_bounds(progress_.range, progress_.after, progress_.order);
}

BatchPlan::Verdict DeletePlan::judge(const Row& row) const {
  return {row.epoch < epoch_, !is_dead(row) && is_live(row.expires_at, now_)};
}

// The call that asks is to put it down.
std::optional<KeyRange> DeletePlan::taken() const {
  return epoch_ == kAllEpochs ? std::optional(progress_.range) : std::nullopt;
}

void DeletePlan::advance(const Row& row) { progress_.after = row.path; }

}  // namespace convex_kv
