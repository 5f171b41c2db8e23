// One batch of the migration from version 1, whose entries have a text as their path: the parts of
// the key, joined. Convex sorts texts before bytes, so they come before all others in the index,
// and each leaves that range when it is migrated: it gets its sort key as its path, or is deleted
// if it has expired.
#pragma once

#include <optional>
#include <string>

#include "convex_kv/budget/budget.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/plans/plan.hpp"

namespace convex_kv {

struct MigrationProgress {
  // All up to and including this path, in UTF-8, is done. The platform keeps in its index for a
  // while what was there: to start before it would be to read all that again.
  std::optional<std::string> after;
};

class MigratePlan final : public Plan {
 public:
  // Ends in BatchDone, which counts what was migrated as transferred,
  // and what had expired as deleted. The paths of its rows are in
  // UTF-8.
  MigratePlan(MigrationProgress from, double now, Budget budget);

 private:
  Step handle_start() override { return read_more(); }
  Step handle_rows(Rows rows) override;
  Step handle_written() override { return go_on(); }

  Step read_more();
  Step go_on();
  Step done(bool has_more) const;

  MigrationProgress progress_;
  double now_;
  Budget budget_;

  std::int64_t migrated_ = 0;
  std::int64_t expired_ = 0;
  std::uint32_t rows_read_ = 0;

  // Of the latest read.
  bool exhausted_ = false;
  bool full_ = false;  // its next row is too much for this batch
};

// As the text that a job keeps, and back from its JSON.
std::string rest_of(const MigrationProgress& progress);
MigrationProgress migration_progress_from(const Json& rest);

}  // namespace convex_kv
