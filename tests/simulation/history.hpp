// What happens in a run, step by step. A seed makes a history, and a history alone makes a run: any
// of its steps can be left out, which is how a failing one is made short.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operation.hpp"

namespace convex_kv::simulation {

struct Step {
  enum class Kind {
    kTick,       // time passes
    kQuery,      // somebody reads
    kMutation,   // somebody's mutation begins
    kCommit,     // one of those that have begun commits, or runs again if it conflicts
    kScheduled,  // a scheduled call that is due begins
    kCrash,      // one that throws when it has done its work: nothing of it is left
    kLose,       // one of background work that never comes, due or not
    kRestore,    // the deployment is restored from a backup: of background work none comes
  };

  Kind kind;
  std::uint64_t bits;       // room, clock, and which one of many
  std::vector<Call> calls;  // of a query or mutation
  bool commits = false;     // at once
};

using History = std::vector<Step>;

History history_of(std::uint64_t seed);

// One step a line.
std::string to_text(const History& history);

}  // namespace convex_kv::simulation
