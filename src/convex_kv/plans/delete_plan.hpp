// One batch of a recursive deletion: every entry of a range that was there when it was asked for.
//
// What was written later survives. The clock cannot tell the two apart: it stands still within a
// mutation. So each deletion that outlives its first transaction has an epoch, a number that only
// grows; `set` stamps what it writes with the epoch of the newest deletion under way; and a
// deletion passes over rows of its epoch or a later one.
#pragma once

#include <cstdint>
#include <limits>

#include "convex_kv/plans/batch_plan.hpp"
#include "convex_kv/plans/delete_progress.hpp"

namespace convex_kv {

// The epoch of a first batch, which runs in the very transaction that asks: it deletes all.
inline constexpr std::uint32_t kAllEpochs = std::numeric_limits<std::uint32_t>::max();

class DeletePlan final : public BatchPlan {
 public:
  // Ends in BatchDone, whose count leaves out entries that had expired at `now`.
  DeletePlan(DeleteProgress from, std::uint32_t epoch, double now, Budget budget);

 private:
  Index index() const override { return Index::kPath; }
  Order order() const override { return progress_.order; }
  std::vector<Bound> bounds() const override;
  Verdict judge(const Row& row) const override;
  void advance(const Row& row) override;
  bool finish_range() override { return true; }
  std::string rest() const override { return rest_of(progress_); }
  std::optional<KeyRange> taken() const override;

  DeleteProgress progress_;
  std::uint32_t epoch_;
  double now_;
};

}  // namespace convex_kv
