// A bug that is put in on purpose, to see that the simulation finds it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "convex_kv/counted/counted_change.hpp"
#include "convex_kv/jobs/job_machine.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/plans/plan.hpp"
#include "violation.hpp"

namespace convex_kv::simulation {

// A plan that is opened: what its request asks for.
struct Opening {
  std::string plan;
  KeyRange range;
  Order order;
};

// What the bookkeeping around plans forgets.
enum class Lapse {
  kNone,
  kStamp,          // set does not stamp what it writes with the epoch
  kReadSet,        // set's read of the deletions under way is not in its read set
  kTaken,          // a job of a deletion does not put down what that has taken
  kForgotten,      // it forgets that after its first batch
  kGet,            // get does not ask what deletions have taken
  kFresh,          // set does not mark what it writes where a deletion is under way
  kFreshTransfer,  // nor does a move or copy
  // And of counted prefixes:
  kSetTellsNothing,     // set does not tell them what it did
  kRemoveTellsNothing,  // nor does a delete
  kDeletionShort,       // a deletion tells a range that ends too early
  kLooksWithRead,       // or nothing if it has no room to read
  kTellsAbove,          // or only those above its prefix
  kTellsRoot,           // a write tells only that of the root
  kMoveTellsTarget,     // a move tells only what is there now
  kMoveTellsSource,     // or only what is not there any more
  kMoveDeletes,         // or nothing of what it deletes
  kNoMarker,            // nobody says that something is counted
  kBranchReadSet,       // reads of branches are not in the read set of who writes
  kNothingBefore,       // who writes says that there was nothing before
  kUnseenBefore,        // or that there was what nobody saw any more
  kStillFrontier,       // a batch that counts does not say how far it has come
  kFarFrontier,         // or says that it has come further
  kCountsTaken,         // it counts what a deletion has taken
  kCountsOn,            // it goes on though its prefix is counted no more
  kReplacesCount,       // a deletion takes the place of what counts its prefix
  kCleansEarly,         // what expires soon is deleted as if it had
  kSweepsAlone,         // sweeps do not have it deleted from counted prefixes
  kTalliesExpired,      // reads take what has expired for live
};

// What the job machine was asked.
struct JobQuestion {
  const std::optional<JobState>& job;
  const JobEvent& event;
  double now;
};

struct Mutant {
  const char* name = "";
  Invariant found_by{};
  std::function<void(Json& request)> change_request = nullptr;
  std::function<void(std::vector<convex_kv::Deletion>&, const std::string& plan)> change_deletions =
      nullptr;
  std::function<std::unique_ptr<Plan>(std::unique_ptr<Plan>, const Opening&)> wrap = nullptr;
  std::function<void(JobActions&, const JobQuestion&)> change_actions = nullptr;
  Lapse lapse = Lapse::kNone;
  std::function<void(CountedOutcome&, const CountedNodes& given)> change_nodes = nullptr;
};

}  // namespace convex_kv::simulation
