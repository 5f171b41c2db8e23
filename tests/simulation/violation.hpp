// What has to hold in every run, by name, and how a run reports that it did not.
#pragma once

#include <string>
#include <utility>

namespace convex_kv::simulation {

enum class Invariant {
  kReads,      // what is read is what the model holds
  kExpired,    // nothing expired is returned
  kRange,      // nothing outside its prefix is returned or deleted
  kOnce,       // a paged scan shows everything that was there all the time, and nothing twice
  kCursor,     // a page that is not the last one leads on
  kShort,      // a page or getAll ends early only if its transaction has no room
  kLimits,     // a plan, and the bookkeeping of a batch, fit their transaction's limits
  kProtocol,   // reads and spans are such as the platform takes, and a plan ends
  kLater,      // a deletion deletes nothing that was written after it
  kLeft,       // it leaves nothing that was there before it; so does a sweep
  kSwept,      // a sweep neither reads nor deletes what has not expired
  kFront,      // a batch continues behind what the one before it has done
  kCount,      // a deletion counts the live entries that it deletes
  kEnds,       // background work ends
  kScheduled,  // a job's next batch is scheduled, once
  kWatched,    // a scheduled call looks after each job
  kStale,      // a scheduled call that is out of date does nothing
  kLease,      // a batch renews its job's lease, and nobody takes a job over before that ends
  kVacuumed,   // a vacuum leaves nothing that had expired
  kLost,       // a move or copy loses nothing, and writes over nothing that it may not
  kExact,      // what expires exactly is gone once its timer has fired
  kNodes,      // the nodes of a counted prefix tell of each other what is so, and none is lost
  kCounted,    // what a prefix has counted are the live entries, up to where its job has come
  kTallied,    // how many there are, their sum, which is the n-th, and how many are before one
};

const char* invariant_name(Invariant invariant);

struct Violation {
  Invariant invariant;
  std::string what;
};

// Throws a Violation unless `holds`.
inline void check(bool holds, Invariant invariant, const char* what) {
  if (!holds) throw Violation{invariant, what};
}

}  // namespace convex_kv::simulation
