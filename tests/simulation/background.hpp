// Background work, as js/component/background, convex/jobs.ts and convex/timers.ts keep it.
#pragma once

#include <optional>
#include <string>

#include "plan_carrier.hpp"

namespace convex_kv::simulation {

// The epoch that a write has to carry now.
std::uint32_t current_epoch(Transaction& transaction);

// Each starts what goes on after the first batch, which left a rest. A deletion replaces those of
// the same range. Returns the job's id.
Id start_deletion(Transaction& transaction, const KeyRange& range, const Carried& first);
Id start_sweep(Transaction& transaction, JobKind kind, const Carried& first);

Id start_transfer(Transaction& transaction, TransferKind kind, const KeyRange& source,
                  const Bytes& to, const Carried& first);

bool is_sweeping(Transaction& transaction);
void take_over_stale(Transaction& transaction);

Table<Mark>::Row the_mark(Transaction& transaction);
void set_mark(Transaction& transaction, const Table<Mark>::Row& mark, double swept_until);

// Makes sure that a timer rings for an entry that expires then.
void set_timer(Transaction& transaction, double expires_at);

// How many entries a batch counted. Violates kProtocol where it ended as none.
std::int64_t deleted_by(const Carried& batch);

// How a batch of a move or copy ended. Likewise; and kLost where it fails without a reason.
TransferDone transfer_end(const Transaction& transaction, const ModelJob& job,
                          const Carried& batch);
void check_failure(const Transaction& transaction, const ModelJob& job, const KvError& error);

// A scheduled call.
void run_scheduled(Transaction& transaction, const ScheduledCall& call);

}  // namespace convex_kv::simulation
