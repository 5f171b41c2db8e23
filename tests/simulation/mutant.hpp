// A bug that is put in on purpose, to see that the simulation finds it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

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
};

}  // namespace convex_kv::simulation
