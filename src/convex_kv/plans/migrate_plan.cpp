#include "convex_kv/plans/migrate_plan.hpp"

#include <utility>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/rules/expiry.hpp"

namespace convex_kv {

namespace {

// A row that is migrated is looked for at its new path first: one query, and a document if there is
// one. Then it is written, a large value into at most two separate documents, and with it a
// document that reports a problem with its key.
constexpr std::int64_t kLargeRowBytes = 1024;

// What the row, those documents and that message take more than what was stored, beside the key.
constexpr std::int64_t kMoreBytes = 1024;

TransactionLimits cost_of(const Row& row) {
  const std::int64_t size = row.size;
  const auto path = static_cast<std::int64_t>(row.path.size());
  const std::int64_t documents = size > kLargeRowBytes ? 4 : 2;
  return {.bytes_read = size,
          .documents_read = 2,
          .documents_written = documents,
          .queries = 1,
          .bytes_written = size + 2 * path + kMoreBytes};
}

}  // namespace

MigratePlan::MigratePlan(MigrationProgress from, double now, Budget budget)
    : progress_(std::move(from)), now_(now), budget_(budget) {}

Step MigratePlan::read_more() {
  const auto allowance = budget_.allow_transfer(kMaxRowsAtOnce, TransferRange::kSource);
  if (!allowance) return done(true);
  std::vector<Bound> bounds;
  if (progress_.after) bounds.push_back({Compare::kGt, "path", *progress_.after});
  bounds.push_back({Compare::kLt, "path", Bytes()});
  return Read{Index::kPath, std::move(bounds), allowance->rows, allowance->bytes};
}

Step MigratePlan::handle_rows(Rows rows) {
  budget_.spend_query(static_cast<std::int64_t>(rows.rows.size()), rows.bytes());
  exhausted_ = rows.exhausted;
  Write step;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const Row& row = rows.rows[i];
    full_ = !budget_.spend_write(cost_of(row));
    if (full_) break;
    const bool live = is_live(row.expires_at, now_);
    add_row(live ? step.transferred : step.deleted, rows_read_ + static_cast<std::uint32_t>(i));
    ++(live ? migrated_ : expired_);
    progress_.after = std::string(row.path.begin(), row.path.end());
  }
  rows_read_ += static_cast<std::uint32_t>(rows.rows.size());
  if (step.transferred.empty() && step.deleted.empty()) return go_on();
  return step;
}

Step MigratePlan::go_on() {
  if (full_) return done(true);
  return exhausted_ ? done(false) : read_more();
}

Step MigratePlan::done(bool has_more) const {
  BatchDone step{.deleted = expired_, .transferred = migrated_};
  if (has_more) step.rest = rest_of(progress_);
  return step;
}

std::string rest_of(const MigrationProgress& progress) {
  Json json;
  put_text(json, "plan", "migrate");
  if (progress.after) put_text(json, "after", *progress.after);
  return dump_json(json);
}

MigrationProgress migration_progress_from(const Json& rest) {
  return {string_member(rest, "after")};
}

}  // namespace convex_kv
