#include "mutants.hpp"

#include <memory>
#include <utility>

#include "convex_kv/plans/cursor.hpp"
#include "convex_kv/plans/delete_plan.hpp"
#include "convex_kv/plans/sweep_plan.hpp"
#include "convex_kv/plans/transfer_progress.hpp"

namespace convex_kv::simulation {

namespace {

using PlanPtr = std::unique_ptr<Plan>;

// A plan around a plan, to which it passes everything on: mutants change what it is given, or its
// steps.
class Around : public Plan {
 public:
  Around(PlanPtr inner, Opening opening) : inner_(std::move(inner)), opening_(std::move(opening)) {}

 protected:
  virtual Rows change_rows(Rows rows) { return rows; }
  virtual double change_clock(double now) { return now; }
  virtual convex_kv::Step change_step(convex_kv::Step step) { return step; }

  Plan& inner() { return *inner_; }
  const Opening& opening() const { return opening_; }

 private:
  convex_kv::Step handle_start() override { return change_step(inner_->start()); }
  convex_kv::Step handle_rows(Rows rows) override {
    return change_step(inner_->on_rows(change_rows(std::move(rows))));
  }
  convex_kv::Step handle_clock(double now) override {
    return change_step(inner_->on_clock(change_clock(now)));
  }
  convex_kv::Step handle_written() override { return change_step(inner_->on_written()); }

  PlanPtr inner_;
  Opening opening_;
};

template <typename Change>
class ChangesRows final : public Around {
 public:
  ChangesRows(PlanPtr inner, Opening opening, Change change)
      : Around(std::move(inner), std::move(opening)), change_(change) {}

 private:
  Rows change_rows(Rows rows) override {
    for (Row& row : rows.rows) change_(row);
    return rows;
  }

  Change change_;
};

struct LatestRead {
  RowSpan span;
  Rows rows;
};

template <typename T, typename Change>
class ChangesStep final : public Around {
 public:
  ChangesStep(PlanPtr inner, Opening opening, Change change)
      : Around(std::move(inner), std::move(opening)), change_(change) {}

 private:
  Rows change_rows(Rows rows) override {
    const std::uint32_t start = latest_.span.second;
    latest_ = {{start, start + static_cast<std::uint32_t>(rows.rows.size())}, rows};
    return rows;
  }
  convex_kv::Step change_step(convex_kv::Step step) override {
    if (T* held = std::get_if<T>(&step)) change_(*held, opening(), latest_);
    return step;
  }

  Change change_;
  LatestRead latest_{{0, 0}, {{}, false}};
};

// The plans that mutants are of: one kind, or all.
constexpr const char* kAnyPlan = "";

bool is_of(const Opening& opening, const std::string& plan) {
  return plan == kAnyPlan || opening.plan == plan;
}

template <typename Change>
auto changing_rows(const char* plan, Change change) {
  return [plan, change](PlanPtr inner, const Opening& opening) -> PlanPtr {
    if (!is_of(opening, plan)) return inner;
    return std::make_unique<ChangesRows<Change>>(std::move(inner), opening, change);
  };
}

template <typename T, typename Change>
auto changing(const char* plan, Change change) {
  return [plan, change](PlanPtr inner, const Opening& opening) -> PlanPtr {
    if (!is_of(opening, plan)) return inner;
    return std::make_unique<ChangesStep<T, Change>>(std::move(inner), opening, change);
  };
}

void drop_upper(Read& read, const Opening&, const LatestRead&) { read.bounds.pop_back(); }

void drop_lower(Read& read, const Opening&, const LatestRead&) {
  if (read.bounds.size() == 2) read.bounds.erase(read.bounds.begin());
}

auto forgetting_deletions(const char* forgetful) {
  return [forgetful](std::vector<convex_kv::Deletion>& deletions, const std::string& plan) {
    if (plan == forgetful) deletions.clear();
  };
}

template <typename Change>
auto changing_deletions(Change change) {
  return [change](std::vector<convex_kv::Deletion>& deletions, const std::string&) {
    for (auto& deletion : deletions) change(deletion);
  };
}

class LateClock final : public Around {
 public:
  LateClock(PlanPtr inner, Opening opening, double ms)
      : Around(std::move(inner), std::move(opening)), ms_(ms) {}

 private:
  double change_clock(double now) override { return now - ms_; }

  double ms_;
};

auto clock_late_by(double ms) {
  return [ms](PlanPtr inner, const Opening& opening) -> PlanPtr {
    return std::make_unique<LateClock>(std::move(inner), opening, ms);
  };
}

// Says that nothing is left of the millisecond that the last row expired in.
class ForgetsTie final : public Around {
 public:
  using Around::Around;

 private:
  convex_kv::Step change_step(convex_kv::Step step) override {
    const auto* read = std::get_if<Read>(&step);
    const bool is_tie = read && read->bounds.front().compare == Compare::kEq;
    return is_tie ? inner().on_rows({{}, true}) : step;
  }
};

PlanPtr forgetting_ties(PlanPtr inner, const Opening& opening) {
  return std::make_unique<ForgetsTie>(std::move(inner), opening);
}

// Changes where a batch's rest continues, if it is of such a plan.
template <typename Progress>
auto changing_rest(const char* plan, std::optional<Progress> (*progress_from)(const Json&),
                   void (*change)(Progress&)) {
  return changing<BatchDone>(
      plan, [progress_from, change](BatchDone& batch, const Opening&, const LatestRead&) {
        auto progress = batch.rest ? progress_from(*parse_json(*batch.rest)) : std::nullopt;
        if (!progress) return;
        change(*progress);
        batch.rest = rest_of(*progress);
      });
}

// Plans take it that much is left of a limit.
auto without_limit(const char* metric) {
  return [metric](Json& request) {
    if (request.contains("transactionLimits"))
      request["transactionLimits"][metric]["remaining"] = std::int64_t{1} << 40;
  };
}

// Changes what the job machine says to events of one kind.
template <typename Event, typename Change>
auto at(Change change) {
  return [change](JobActions& actions, const JobQuestion& asked) {
    if (std::holds_alternative<Event>(asked.event)) change(actions, asked);
  };
}

// Changes takeovers, whatever brings them.
template <typename Change>
auto takes_over(Change change) {
  return [change](JobActions& actions, const JobQuestion& asked) {
    if (asked.job && actions.save && actions.save->failures > asked.job->failures) {
      change(actions, asked);
    }
  };
}

void set_member(Json& request, const char* plan, const char* name, const Json& value) {
  if (string_member(request, "plan") == plan && member(request, name)) request[name] = value;
}

}  // namespace

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {.name = "a page's read has no upper bound",
       .found_by = Invariant::kRange,
       .wrap = changing<Read>("page", drop_upper)},
      {.name = "a deletion's read has no upper bound",
       .found_by = Invariant::kRange,
       .wrap = changing<Read>("delete", drop_upper)},
      {.name = "a batch's read has no upper bound",
       .found_by = Invariant::kRange,
       .wrap = changing<Read>("resume",
                              [](Read& read, const Opening& opening, const LatestRead& latest) {
                                if (read.index == Index::kPath) drop_upper(read, opening, latest);
                              })},
      {.name = "a sweep's read has no lower bound",
       .found_by = Invariant::kSwept,
       .wrap = changing<Read>("sweep", drop_lower)},
      {.name = "a sweep's read has no upper bound",
       .found_by = Invariant::kSwept,
       .wrap = changing<Read>("sweep", drop_upper)},
      {.name = "a page does not look at its cursor",
       .found_by = Invariant::kOnce,
       .change_request = [](Json& request) { set_member(request, "page", "cursor", nullptr); }},
      {.name = "a page's cursor names the entry that was withheld",
       .found_by = Invariant::kReads,
       .wrap =
           changing<PageDone>("page",
                              [](PageDone& page, const Opening& opening, const LatestRead& latest) {
                                if (page.is_done || latest.rows.rows.empty()) return;
                                page.cursor = encode_cursor(
                                    opening.range, latest.rows.rows.back().path, {opening.order});
                              })},
      {.name = "a page says that it is the last",
       .found_by = Invariant::kReads,
       .wrap = changing<PageDone>("page",
                                  [](PageDone& page, const Opening&, const LatestRead&) {
                                    page.is_done = true;
                                    page.cursor.clear();
                                  })},
      {.name = "a page leaves out its last entry",
       .found_by = Invariant::kReads,
       .wrap = changing<PageDone>("page",
                                  [](PageDone& page, const Opening&, const LatestRead&) {
                                    if (page.rows.empty()) return;
                                    if (--page.rows.back().second == page.rows.back().first) {
                                      page.rows.pop_back();
                                    }
                                  })},
      {.name = "an entry is shown in the millisecond in which it expires",
       .found_by = Invariant::kExpired,
       .wrap = clock_late_by(1)},
      {.name = "an entry is shown for a minute after its expiry",
       .found_by = Invariant::kExpired,
       .wrap = clock_late_by(60'000)},
      {.name = "a read is one row over the budget",
       .found_by = Invariant::kLimits,
       .wrap = changing<Read>(
           kAnyPlan, [](Read& read, const Opening&, const LatestRead&) { ++read.max_rows; })},
      {.name = "the limit of bytes read is ignored",
       .found_by = Invariant::kLimits,
       .change_request = without_limit("bytesRead")},
      {.name = "the limit of bytes written is ignored",
       .found_by = Invariant::kLimits,
       .change_request = without_limit("bytesWritten")},
      {.name = "the limit of documents read is ignored",
       .found_by = Invariant::kLimits,
       .change_request = without_limit("documentsRead")},
      {.name = "the limit of documents written is ignored",
       .found_by = Invariant::kLimits,
       .change_request = without_limit("documentsWritten")},
      {.name = "the limit of queries is ignored",
       .found_by = Invariant::kLimits,
       .change_request = without_limit("databaseQueries")},
      {.name = "rows take no bytes",
       .found_by = Invariant::kLimits,
       .wrap = changing_rows(kAnyPlan, [](Row& row) { row.size = 0; })},
      {.name = "external values take no bytes",
       .found_by = Invariant::kLimits,
       .wrap = changing_rows(kAnyPlan, [](Row& row) { row.value_bytes = 0; })},
      {.name = "external values take no documents",
       .found_by = Invariant::kLimits,
       .wrap = changing_rows(kAnyPlan, [](Row& row) { row.value_documents = 0; })},
      {.name = "a batch takes every row for an old one",
       .found_by = Invariant::kLater,
       .wrap = changing_rows("resume", [](Row& row) { row.epoch = 0; })},
      {.name = "a batch has the epoch of a first one",
       .found_by = Invariant::kLater,
       .change_request = [](Json& request) { set_member(request, "resume", "epoch", kAllEpochs); }},
      {.name = "a batch deletes all that it read",
       .found_by = Invariant::kLater,
       .wrap = changing<Write>("resume",
                               [](Write& write, const Opening&, const LatestRead& latest) {
                                 if (write.transferred.empty()) write.deleted = {latest.span};
                               })},
      {.name = "a batch leaves its last row",
       .found_by = Invariant::kLeft,
       .wrap = changing<Write>("delete",
                               [](Write& write, const Opening&, const LatestRead&) {
                                 auto& [first, last] = write.deleted.back();
                                 if (last - first > 1) --last;
                               })},
      {.name = "a deletion goes on beyond what it has dealt with",
       .found_by = Invariant::kLeft,
       .wrap = changing_rest<DeleteProgress>("delete", delete_progress_from,
                                             [](DeleteProgress& progress) {
                                               if (progress.after) progress.after->push_back(0xFF);
                                             })},
      {.name = "a deletion goes on from the front",
       .found_by = Invariant::kFront,
       .wrap =
           changing_rest<DeleteProgress>("resume", delete_progress_from,
                                         [](DeleteProgress& progress) { progress.after.reset(); })},
      {.name = "a batch counts one entry too few",
       .found_by = Invariant::kCount,
       .wrap = changing<BatchDone>(kAnyPlan,
                                   [](BatchDone& batch, const Opening&, const LatestRead&) {
                                     batch.deleted -= batch.deleted > 0;
                                   })},
      {.name = "a sweep forgets what expired in the same millisecond",
       .found_by = Invariant::kLeft,
       .wrap = forgetting_ties},
      {.name = "a sweep sets out at the watermark itself",
       .found_by = Invariant::kLeft,
       .change_request =
           [](Json& request) {
             const auto watermark = number_member(request, "watermark");
             if (watermark) request["watermark"] = json_from_number(*watermark + kSweepLateness);
           }},
      {.name = "a reverse page's read has no lower bound",
       .found_by = Invariant::kRange,
       .wrap = changing<Read>("page",
                              [](Read& read, const Opening& opening, const LatestRead& latest) {
                                if (read.order == Order::kDescending)
                                  drop_lower(read, opening, latest);
                              })},
      {.name = "a page does not look at its direction",
       .found_by = Invariant::kReads,
       .change_request = [](Json& request) { set_member(request, "page", "reverse", false); }},
      {.name = "a count's read has no upper bound",
       .found_by = Invariant::kReads,
       .wrap = changing<Read>("count", drop_upper)},
      {.name = "a count says that it is done",
       .found_by = Invariant::kReads,
       .wrap = changing<CountDone>("count", [](CountDone& count, const Opening&,
                                               const LatestRead&) { count.is_done = true; })},
      {.name = "a listing of children has no upper bound",
       .found_by = Invariant::kReads,
       .wrap = changing<Read>("children", drop_upper)},
      {.name = "a listing of children does not look at its cursor",
       .found_by = Invariant::kReads,
       .change_request = [](Json& request) { set_member(request, "children", "cursor", nullptr); }},
      {.name = "a child is listed without what is below it",
       .found_by = Invariant::kReads,
       .wrap = changing<ChildrenDone>("children",
                                      [](ChildrenDone& page, const Opening&, const LatestRead&) {
                                        if (!page.children.empty())
                                          page.children.back().has_children = false;
                                      })},
      {.name = "a move's read of its source has no upper bound",
       .found_by = Invariant::kRange,
       .wrap = changing<Read>("move",
                              [](Read& read, const Opening& opening, const LatestRead& latest) {
                                if (read.bounds.back().compare == Compare::kLt)
                                  drop_upper(read, opening, latest);
                              })},
      {.name = "a copy forgets how far it is",
       .found_by = Invariant::kLost,
       .wrap = changing_rest<TransferProgress>(
           kAnyPlan, transfer_progress_from,
           [](TransferProgress& progress) { progress.after.reset(); })},
      {.name = "a move overwrites what is in the way, whatever it was asked",
       .found_by = Invariant::kLost,
       .change_request =
           [](Json& request) { set_member(request, "move", "onConflict", "overwrite"); }},
      {.name = "a transfer leaves what it replaces",
       .found_by = Invariant::kLost,
       .wrap = changing<Write>(kAnyPlan,
                               [](Write& step, const Opening&, const LatestRead&) {
                                 if (!step.transferred.empty()) step.deleted.clear();
                               })},
      {.name = "a transfer counts what it skipped for transferred",
       .found_by = Invariant::kCount,
       .wrap = changing<BatchDone>("move",
                                   [](BatchDone& batch, const Opening&, const LatestRead&) {
                                     batch.transferred += batch.skipped;
                                     batch.skipped = 0;
                                   })},
      {.name = "a page does not look at the deletions under way",
       .found_by = Invariant::kReads,
       .change_deletions = forgetting_deletions("page")},
      {.name = "a count does not look at the deletions under way",
       .found_by = Invariant::kReads,
       .change_deletions = forgetting_deletions("count")},
      {.name = "a listing of children does not look at the deletions under way",
       .found_by = Invariant::kReads,
       .change_deletions = forgetting_deletions("children")},
      {.name = "a deletion counts what another has taken",
       .found_by = Invariant::kCount,
       .change_deletions = forgetting_deletions("delete")},
      {.name = "a vacuum counts what a deletion has taken",
       .found_by = Invariant::kCount,
       .change_deletions = forgetting_deletions("sweep")},
      {.name = "a copy takes along what a deletion has taken",
       .found_by = Invariant::kLost,
       .change_deletions = forgetting_deletions("copy")},
      {.name = "a deletion has taken what is behind its range",
       .found_by = Invariant::kReads,
       .change_deletions = changing_deletions(
           [](convex_kv::Deletion& deletion) { deletion.range.upper = {0xFF}; })},
      {.name = "a deletion has taken what has its own epoch",
       .found_by = Invariant::kReads,
       .change_deletions =
           changing_deletions([](convex_kv::Deletion& deletion) { ++deletion.epoch; })},
      {.name = "a read of what is fresh ends at its first row",
       .found_by = Invariant::kReads,
       .wrap = changing<Read>(kAnyPlan,
                              [](Read& read, const Opening&, const LatestRead&) {
                                if (read.index == Index::kFresh)
                                  read.bounds.back() = {Compare::kLt, "path", Bytes{}};
                              })},
      {.name = "a deletion does not say what it takes",
       .found_by = Invariant::kReads,
       .lapse = Lapse::kTaken},
      {.name = "what a deletion takes is forgotten after its first batch",
       .found_by = Invariant::kReads,
       .lapse = Lapse::kForgotten},
      {.name = "get does not look at the deletions under way",
       .found_by = Invariant::kReads,
       .lapse = Lapse::kGet},
      {.name = "set does not mark what is fresh",
       .found_by = Invariant::kReads,
       .lapse = Lapse::kFresh},
      {.name = "a move does not mark what is fresh",
       .found_by = Invariant::kReads,
       .lapse = Lapse::kFreshTransfer},
      {.name = "set does not stamp its entry",
       .found_by = Invariant::kLater,
       .lapse = Lapse::kStamp},
      {.name = "set reads the deletions under way outside its transaction",
       .found_by = Invariant::kLater,
       .lapse = Lapse::kReadSet},
      {.name = "a job ends after its first batch",
       .found_by = Invariant::kLeft,
       .change_actions = at<BatchEnded>([](JobActions& actions, const JobQuestion&) {
         if (!actions.end) actions = {.end = JobEnd::kDone};
       })},
      {.name = "a job goes on though nothing is left",
       .found_by = Invariant::kProtocol,
       .change_actions = at<BatchEnded>([](JobActions& actions, const JobQuestion& asked) {
         if (actions.end)
           actions = job_actions(asked.job, BatchEnded{true, false, false}, asked.now);
       })},
      {.name = "a job that fails ends as done",
       .found_by = Invariant::kProtocol,
       .change_actions = at<BatchEnded>([](JobActions& actions, const JobQuestion&) {
         if (actions.end) actions.end = JobEnd::kDone;
       })},
      {.name = "a batch does not schedule the next one",
       .found_by = Invariant::kScheduled,
       .change_actions = at<BatchEnded>(
           [](JobActions& actions, const JobQuestion&) { actions.schedules_batch = false; })},
      {.name = "a batch does not count its step",
       .found_by = Invariant::kScheduled,
       .change_actions = at<BatchEnded>([](JobActions& actions, const JobQuestion& asked) {
         if (actions.save) actions.save->step = asked.job->step;
       })},
      {.name = "a batch does not renew the lease",
       .found_by = Invariant::kLease,
       .change_actions = at<BatchEnded>([](JobActions& actions, const JobQuestion& asked) {
         if (actions.save) actions.save->lease_until = asked.job->lease_until;
       })},
      {.name = "a call for an earlier batch runs one",
       .found_by = Invariant::kStale,
       .change_actions = at<BatchDue>([](JobActions& actions, const JobQuestion& asked) {
         actions.runs_batch = asked.job.has_value();
       })},
      {.name = "a watch of an earlier takeover acts",
       .found_by = Invariant::kStale,
       .change_actions = at<WatchDue>([](JobActions& actions, const JobQuestion& asked) {
         if (asked.job) actions = job_actions(asked.job, WatchDue{asked.job->failures}, asked.now);
       })},
      {.name = "a watch takes a job over before its lease has ended",
       .found_by = Invariant::kLease,
       .change_actions = at<WatchDue>([](JobActions& actions, const JobQuestion& asked) {
         if (!actions.save && actions.watch_at) {
           actions = job_actions(asked.job, WatchDue{asked.job->failures}, asked.job->lease_until);
         }
       })},
      {.name = "a takeover does not count as a failure",
       .found_by = Invariant::kWatched,
       .change_actions = takes_over([](JobActions& actions, const JobQuestion& asked) {
         actions.save->failures = asked.job->failures;
         actions.watch_at.reset();
       })},
      {.name = "a takeover sets no watch",
       .found_by = Invariant::kWatched,
       .change_actions =
           takes_over([](JobActions& actions, const JobQuestion&) { actions.watch_at.reset(); })},
      {.name = "a takeover does not schedule the batch",
       .found_by = Invariant::kScheduled,
       .change_actions = takes_over(
           [](JobActions& actions, const JobQuestion&) { actions.schedules_batch = false; })},
      {.name = "a takeover does not count its step",
       .found_by = Invariant::kScheduled,
       .change_actions = takes_over([](JobActions& actions, const JobQuestion& asked) {
         actions.save->step = asked.job->step;
       })},
      {.name = "a watch that comes before the lease has ended sets no other",
       .found_by = Invariant::kWatched,
       .change_actions = at<WatchDue>([](JobActions& actions, const JobQuestion&) {
         if (!actions.save) actions.watch_at.reset();
       })},
      {.name = "a new job has no watch",
       .found_by = Invariant::kWatched,
       .change_actions = at<JobStarted>(
           [](JobActions& actions, const JobQuestion&) { actions.watch_at.reset(); })},
      {.name = "a new job's first batch is not scheduled",
       .found_by = Invariant::kScheduled,
       .change_actions = at<JobStarted>(
           [](JobActions& actions, const JobQuestion&) { actions.schedules_batch = false; })},
      {.name = "a new job has the epoch of the one before",
       .found_by = Invariant::kLeft,
       .change_actions = at<JobStarted>([](JobActions& actions, const JobQuestion&) {
         if (actions.epoch && *actions.epoch > 1) --*actions.epoch;
       })},
      {.name = "nobody reads the jobs whose watches were lost",
       .found_by = Invariant::kEnds,
       .change_actions = at<WatchSeen>(
           [](JobActions& actions, const JobQuestion&) { actions.reads_job = false; })},
      {.name = "a lost watch is not set again",
       .found_by = Invariant::kWatched,
       .change_actions = at<JobSeen>([](JobActions& actions, const JobQuestion&) {
         if (!actions.save) actions.watch_at.reset();
       })},
      {.name = "a replaced job goes on",
       .found_by = Invariant::kProtocol,
       .change_actions =
           at<JobReplaced>([](JobActions& actions, const JobQuestion&) { actions.end.reset(); })},
      {.name = "any job that ends moves the watermark",
       .found_by = Invariant::kVacuumed,
       .change_actions = at<BatchEnded>([](JobActions& actions, const JobQuestion&) {
         if (actions.end) actions.moves_watermark = true;
       })},
      {.name = "set does not tell counted prefixes",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kSetTellsNothing},
      {.name = "delete does not tell counted prefixes",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kRemoveTellsNothing},
      {.name = "a write tells only the root that it is counted",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kTellsRoot},
      {.name = "a deletion tells counted prefixes of a range that ends too early",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kDeletionShort},
      {.name = "a deletion that can read nothing tells counted prefixes nothing",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kLooksWithRead},
      {.name = "a deletion tells only the counted prefixes above its own",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kTellsAbove},
      {.name = "a move tells counted prefixes only what is there now",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kMoveTellsTarget},
      {.name = "a move tells counted prefixes only what is not there any more",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kMoveTellsSource},
      {.name = "a move does not tell counted prefixes of what it deletes",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kMoveDeletes},
      {.name = "nobody says that a prefix is counted",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kNoMarker},
      {.name = "a write reads the branches of counted prefixes outside its transaction",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kBranchReadSet},
      {.name = "a batch that counts does not say how far it has come",
       .found_by = Invariant::kNodes,
       .lapse = Lapse::kStillFrontier},
      {.name = "a batch that counts passes over an entry",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kFarFrontier},
      {.name = "what a deletion has taken is counted",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kCountsTaken},
      {.name = "a job counts on though its prefix is counted no more",
       .found_by = Invariant::kNodes,
       .lapse = Lapse::kCountsOn},
      {.name = "a deletion takes the place of the job that counts its prefix",
       .found_by = Invariant::kEnds,
       .lapse = Lapse::kReplacesCount},
      {.name = "counted prefixes lose what expires in a minute",
       .found_by = Invariant::kCounted,
       .lapse = Lapse::kCleansEarly},
      {.name = "sweeps leave what has expired in counted prefixes",
       .found_by = Invariant::kVacuumed,
       .lapse = Lapse::kSweepsAlone},
      {.name = "counted prefixes are told of what is written over as of what is new",
       .found_by = Invariant::kNodes,
       .lapse = Lapse::kNothingBefore},
      {.name = "counted prefixes are told that there was what nobody saw any more",
       .found_by = Invariant::kNodes,
       .lapse = Lapse::kUnseenBefore},
      {.name = "what a branch has buffered is lost if the prefix is divided",
       .found_by = Invariant::kNodes,
       .change_nodes =
           [](CountedOutcome& outcome, const CountedNodes& given) {
             if (outcome.branches.size() == given.branches.size()) return;
             for (auto& [start, branch] : outcome.branches) {
               for (CountedChild& child : branch.children) child.buffer.clear();
             }
           }},
      {.name = "what has expired is counted",
       .found_by = Invariant::kTallied,
       .lapse = Lapse::kTalliesExpired},
      {.name = "a branch does not learn what becomes of its leaves",
       .found_by = Invariant::kNodes,
       .change_nodes = [](CountedOutcome& outcome,
                          const CountedNodes& given) { outcome.branches = given.branches; }},
      {.name = "a leaf that is dropped is not deleted",
       .found_by = Invariant::kNodes,
       .change_nodes = [](CountedOutcome& outcome,
                          const CountedNodes&) { outcome.dropped.clear(); }},
      {.name = "a leaf that is split loses its last part",
       .found_by = Invariant::kCounted,
       .change_nodes =
           [](CountedOutcome& outcome, const CountedNodes&) {
             if (outcome.new_leaves.empty()) return;
             for (auto& [start, branch] : outcome.branches) {
               if (branch.children.size() > 1) branch.children.pop_back();
             }
           }},
      {.name = "a leaf is written without its last entry",
       .found_by = Invariant::kNodes,
       .change_nodes =
           [](CountedOutcome& outcome, const CountedNodes&) {
             for (auto& [id, leaf] : outcome.leaves) leaf.pop_back();
           }},
      {.name = "a prefix is divided, and its last branch is lost",
       .found_by = Invariant::kCounted,
       .change_nodes =
           [](CountedOutcome& outcome, const CountedNodes& given) {
             if (outcome.branches.size() > given.branches.size()) outcome.branches.pop_back();
           }},
  };
  return all;
}

}  // namespace convex_kv::simulation
