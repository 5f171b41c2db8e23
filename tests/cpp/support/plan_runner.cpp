#include "plan_runner.hpp"

#include <doctest/doctest.h>

#include "plan_loop.hpp"

namespace convex_kv::test {

namespace {

// No test needs as many: a plan that takes more goes round in circles.
constexpr int kMostSteps = 20000;

// Most operations that one function may have under way on the platform.
constexpr std::size_t kMostAtOnce = 1000;

class Runner {
 public:
  Runner(SimulatedTable& table, TransactionLimits limits, double now,
         const Transferring* transfer = nullptr)
      : table_(table), now_(now), transfer_(transfer) {
    run_.left = limits;
  }

  PlanRun run(Plan& plan) {
    auto end = run_steps(plan, *this, kMostSteps);
    if (!end) FAIL("the plan does not end");
    if (const auto* page = std::get_if<PageDone>(&*end)) fetch(page->rows);
    run_.end = std::move(*end);
    return std::move(run_);
  }

  void see(const Step&) {}

  Rows read(const Read& read) {
    Rows rows = table_.read(read);
    spend({rows.bytes(), static_cast<std::int64_t>(rows.rows.size()), 0, 1});
    run_.asked.push_back(read);
    run_.read.insert(run_.read.end(), rows.rows.begin(), rows.rows.end());
    return rows;
  }

  double clock() {
    ++run_.clock_asks;
    return now_;
  }

  void write(const Write& write) {
    REQUIRE_FALSE((write.deleted.empty() && write.transferred.empty()));
    remove(picked(write.deleted));
    for (const Row& row : picked(write.transferred)) put(row);
  }

 private:
  // The values of a page's rows are read when it is done, document by document.
  void fetch(const RowSpans& spans) {
    run_.page = picked(spans);
    for (const Row& row : run_.page) {
      spend({row.value_bytes, row.value_documents, 0, row.value_documents});
    }
  }

  // Deleting a row reads it again, and its value's documents, which go too.
  void remove(const std::vector<Row>& rows) {
    REQUIRE(rows.size() <= kMostAtOnce);
    for (const Row& row : rows) {
      table_.remove(row.path);
      const std::int64_t documents = 1 + std::int64_t{row.value_documents};
      spend({std::int64_t{row.size} + row.value_bytes, documents, documents, 0});
      run_.deleted.push_back(row);
    }
  }

  // A move changes a row, which reads it again; a copy reads the value's documents.
  void put(const Row& row) {
    REQUIRE(transfer_ != nullptr);
    const bool moves = transfer_->progress.kind == TransferKind::kMove;
    const std::int64_t documents = row.value_documents;
    if (moves) {
      table_.remove(row.path);
      spend({row.size, 1, 1, 0});
    } else {
      spend({row.value_bytes, documents, 1 + documents, documents});
    }
    Row image = row;
    image.path = transfer_->progress.image_of(row.path);
    image.epoch = transfer_->stamp;
    REQUIRE(image.path.size() <= kMaxKeyBytes);
    if (table_.rows().contains(image.path)) FAIL("a row is in the way");
    table_.put(image);
    run_.bytes_written += row.size + (moves ? 0 : row.value_bytes);
    if (run_.bytes_written > kTransactionBytesWritten) FAIL("wrote too many bytes");
  }

  std::vector<Row> picked(const RowSpans& spans) const {
    auto rows = pick(run_.read, spans);
    if (!rows) FAIL("bad row spans");
    return std::move(*rows);
  }

  void spend(TransactionLimits spent) {
    TransactionLimits& left = run_.left;
    left.bytes_read -= spent.bytes_read;
    left.documents_read -= spent.documents_read;
    left.documents_written -= spent.documents_written;
    left.queries -= spent.queries;
    if (left.bytes_read < 0) FAIL("read too many bytes for one transaction");
    if (left.documents_read < 0) FAIL("read too many documents for one transaction");
    if (left.documents_written < 0) FAIL("wrote too many documents for one transaction");
    if (left.queries < 0) FAIL("made too many queries for one transaction");
  }

  SimulatedTable& table_;
  double now_;
  const Transferring* transfer_;
  PlanRun run_{};
};

template <typename End>
const End& end_as(const Step& step) {
  const auto* error = std::get_if<KvError>(&step);
  INFO("error: ", error ? error->message : "none");
  REQUIRE(std::holds_alternative<End>(step));
  return std::get<End>(step);
}

template <typename Progress>
std::optional<Progress> rest_as(const BatchDone& batch,
                                std::optional<Progress> (*progress_from)(const Json&)) {
  if (!batch.rest) return std::nullopt;
  INFO("rest: ", *batch.rest);
  auto progress = progress_from(*parse_json(*batch.rest));
  REQUIRE(progress.has_value());
  return progress;
}

}  // namespace

const PageDone& PlanRun::page_done() const { return end_as<PageDone>(end); }
const CountDone& PlanRun::count_done() const { return end_as<CountDone>(end); }
const ChildrenDone& PlanRun::children_done() const { return end_as<ChildrenDone>(end); }
const BatchDone& PlanRun::batch_done() const { return end_as<BatchDone>(end); }
const KvError& PlanRun::error() const { return end_as<KvError>(end); }

std::optional<DeleteProgress> PlanRun::delete_rest() const {
  return rest_as(batch_done(), delete_progress_from);
}

std::optional<SweepProgress> PlanRun::sweep_rest() const {
  return rest_as(batch_done(), sweep_progress_from);
}

std::optional<TransferProgress> PlanRun::transfer_rest() const {
  return rest_as(batch_done(), transfer_progress_from);
}

bool PlanRun::has_room() const {
  return left.bytes_read > kMaxDocumentBytes && left.documents_read > 0 && left.queries > 0;
}

PlanRun run_plan(Plan& plan, SimulatedTable& table, TransactionLimits limits, double now) {
  return Runner(table, limits, now).run(plan);
}

PlanRun run_transfer(Plan& plan, SimulatedTable& table, TransactionLimits limits, double now,
                     const Transferring& transfer) {
  return Runner(table, limits, now, &transfer).run(plan);
}

}  // namespace convex_kv::test
