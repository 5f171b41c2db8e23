#include "convex_kv/plans/transfer_plan.hpp"

#include <algorithm>
#include <utility>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/plans/delete_plan.hpp"
#include "convex_kv/rules/expiry.hpp"

namespace convex_kv {

namespace {

// What a byte of a sort key may take in the row's `path` and `key`: an int64 of one byte takes
// nine.
constexpr std::int64_t kBytesOfKeyByte = 10;

// What else the row may have more than before: an epoch and a count of writes.
constexpr std::int64_t kBytesOfStamp = 40;

KvError conflict() {
  return KvError{ErrorCode::kConflict,
                 "There is an entry already where one would be put. Delete it first, or pass "
                 "onConflict: \"overwrite\" to replace it or \"skip\" to leave both where they "
                 "are."};
}

}  // namespace

TransferPlan::TransferPlan(TransferProgress from, std::uint32_t epoch, double now, Budget budget)
    : progress_(std::move(from)), epoch_(epoch), now_(now), budget_(budget) {}

Step TransferPlan::handle_rows(Rows rows) {
  budget_.spend_query(static_cast<std::int64_t>(rows.rows.size()), rows.bytes());
  const std::uint32_t position = rows_read_;
  rows_read_ += static_cast<std::uint32_t>(rows.rows.size());
  if (reads_destination_) return merge(rows, position);
  run_ = std::move(rows);
  run_position_ = position;
  next_ = 0;
  reach_ = kMaxRowsAtOnce;
  return go_on();
}

Step TransferPlan::go_on() {
  if (failure_ || full_) return done(true);
  while (next_ < run_.rows.size() && !is_due(run_.rows[next_])) pass(run_.rows[next_++]);
  if (next_ < run_.rows.size()) return read_destination();
  return run_.exhausted ? done(false) : read_source();
}

Step TransferPlan::read_source() {
  const auto allowance = budget_.allow_transfer(kMaxRowsAtOnce, TransferRange::kSource);
  if (!allowance) return done(true);
  reads_destination_ = false;
  return Read{Index::kPath, path_bounds(progress_.source, progress_.after), allowance->rows,
              allowance->bytes};
}

// From the image of the next row, which is due, to that of the last one which can be stored.
Step TransferPlan::read_destination() {
  failure_ = refuse(run_.rows[next_]);
  if (failure_) return done(true);
  std::int64_t due = 0;
  for (std::size_t i = next_; i < run_.rows.size(); ++i) {
    if (!is_due(run_.rows[i])) continue;
    if (refuse(run_.rows[i])) break;
    sought_ = i + 1;
    ++due;
  }
  const auto allowance = budget_.allow_transfer(std::min(due, reach_), TransferRange::kDestination);
  if (!allowance) return done(true);
  reads_destination_ = true;
  return Read{Index::kPath,
              {{Compare::kGte, "path", progress_.image_of(run_.rows[next_].path)},
               {Compare::kLte, "path", progress_.image_of(run_.rows[sought_ - 1].path)}},
              allowance->rows,
              allowance->bytes};
}

Step TransferPlan::merge(const Rows& destination, std::uint32_t position) {
  Write step;
  RowSpans replaced;
  const std::vector<Row>& there = destination.rows;
  std::uint32_t at = 0;
  const std::size_t first = next_;
  for (; next_ < sought_; ++next_) {
    const Row& row = run_.rows[next_];
    if (!is_due(row)) {
      pass(row);
      continue;
    }
    const auto run_place = run_position_ + static_cast<std::uint32_t>(next_);
    const Bytes image = progress_.image_of(row.path);
    while (at < there.size() && there[at].path < image) ++at;
    // No read went as far as this.
    if (at == there.size() && !destination.exhausted) break;
    const Row* found = at < there.size() && there[at].path == image ? &there[at] : nullptr;

    if (found && is_live(*found) && progress_.on_conflict != OnConflict::kOverwrite) {
      if (progress_.on_conflict == OnConflict::kError) {
        failure_ = conflict();
        break;
      }
      ++skipped_;
    } else if (found && is_live(*found) && found->epoch >= epoch_) {
      if (progress_.kind == TransferKind::kMove) {
        full_ = !budget_.spend_write(cost_of_delete(row));
        if (full_) break;
        add_row(step.deleted, run_place);
      }
      ++transferred_;
    } else {
      const TransactionLimits cost = cost_of(row);
      const bool was_fresh = !budget_.has_written();
      full_ = !budget_.spend_write(found ? cost + cost_of_delete(*found) : cost);
      // Both together may be too much for any transaction: then the one in the way goes first.
      const bool makes_way = full_ && found && was_fresh && epoch_ != kAllEpochs &&
                             budget_.spend_write(cost_of_delete(*found));
      if (found && (!full_ || makes_way)) add_row(replaced, position + at);
      if (full_) break;
      add_row(step.transferred, run_place);
      ++transferred_;
    }
    pass(row);
  }
  reach_ = next_ < sought_ ? 2 * static_cast<std::int64_t>(next_ - first) + 8 : kMaxRowsAtOnce;
  for (const auto& [from, until] : replaced) {
    for (std::uint32_t i = from; i < until; ++i) add_row(step.deleted, i);
  }
  if (step.transferred.empty() && step.deleted.empty()) return go_on();
  return step;
}

Step TransferPlan::done(bool has_more) const {
  if (failure_ && epoch_ == kAllEpochs) return *failure_;
  BatchDone step{.transferred = transferred_, .skipped = skipped_, .error = failure_};
  if (has_more && !failure_) step.rest = rest_of(progress_);
  return step;
}

bool TransferPlan::is_live(const Row& row) const {
  return !is_dead(row) && convex_kv::is_live(row.expires_at, now_);
}

bool TransferPlan::is_due(const Row& row) const {
  return is_live(row) && (progress_.kind == TransferKind::kCopy || row.epoch < epoch_);
}

std::optional<KvError> TransferPlan::refuse(const Row& row) const {
  const auto to = static_cast<std::int64_t>(progress_.to.size());
  const std::int64_t growth = to - static_cast<std::int64_t>(progress_.source.lower.size());
  if (growth <= 0) return std::nullopt;
  if (static_cast<std::int64_t>(row.path.size()) + growth > std::int64_t{kMaxKeyBytes}) {
    return KvError{ErrorCode::kInvalidKey,
                   "The key of an entry would be too long at the destination: its encoded form may "
                   "take at most " +
                       std::to_string(kMaxKeyBytes) + " bytes."};
  }
  if (row.size + kBytesOfKeyByte * growth + kBytesOfStamp > kMaxDocumentBytes) {
    return KvError{ErrorCode::kInvalidValue,
                   "An entry is so large that it may not fit a document with the longer key that "
                   "it would have at the destination."};
  }
  return std::nullopt;
}

TransactionLimits TransferPlan::cost_of(const Row& row) const {
  const std::int64_t written =
      row.size + kBytesOfKeyByte * static_cast<std::int64_t>(progress_.to.size()) + kBytesOfStamp;
  if (progress_.kind == TransferKind::kMove) {
    return {.bytes_read = row.size,
            .documents_read = 1,
            .documents_written = 1,
            .bytes_written = written};
  }
  const std::int64_t documents = row.value_documents;
  return {.bytes_read = row.value_bytes,
          .documents_read = documents,
          .documents_written = 1 + documents,
          .queries = documents,
          .bytes_written = written + row.value_bytes};
}

}  // namespace convex_kv
