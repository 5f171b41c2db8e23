// vacuum: the first batch of a sweep, and the job that continues.
#include "../background.hpp"
#include "../operation.hpp"
#include "convex_kv/plans/sweep_plan.hpp"

namespace convex_kv::simulation {

namespace {

void vacuum(Transaction& transaction, const Call&) {
  look_after_jobs(transaction);
  if (is_sweeping(transaction)) return;
  const double now = transaction.now();
  const auto watermark = find_watermark(transaction);
  Json request{{"plan", "sweep"}, {"now", json_from_number(now)}};
  if (watermark) request["watermark"] = json_from_number(watermark->document.swept_until);
  const double since = watermark ? watermark->document.swept_until - kSweepLateness : -kForever;
  const Carried first = carry(transaction, everything(), std::move(request), true);
  clean_after_sweep(transaction, first);
  const std::int64_t deleted = deleted_by(first);
  const Id id = first.rest ? start_sweep(transaction, JobKind::kSweep, first) : 0;
  if (!first.rest && deleted > 0) set_watermark(transaction, watermark, now);
  transaction.at_commit([first, deleted, id, since, now](Model& model) {
    ModelJob job = model.sweep_of(JobKind::kSweep, since, now);
    model.batch(job, first.deleted, deleted, now, !first.rest);
    if (id != 0) model.jobs.emplace(id, std::move(job));
  });
}

}  // namespace

const Operation kVacuum{"vacuum", 5, true, vacuum};

}  // namespace convex_kv::simulation
