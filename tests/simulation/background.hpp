// The host of background work: asks the core's job machine, and executes its actions in the
// simulated tables, as the component does in Convex's.
#pragma once

#include <optional>
#include <string>

#include "plan_carrier.hpp"

namespace convex_kv::simulation {

// The epoch that a write has to carry now.
std::uint32_t current_epoch(Transaction& transaction);
// What a write at `path` has to know beside its row.
struct WriteAround {
  std::uint32_t epoch = 0;
  DeletionsSeen deletions{};
};
WriteAround around_write(Transaction& transaction, const Bytes& path);

// Each starts what continues after the first batch, which left a rest. A deletion replaces those of
// the same range. Returns the job's id.
Id start_deletion(Transaction& transaction, const KeyRange& range, const Carried& first);
Id start_sweep(Transaction& transaction, JobKind kind, const Carried& first);

Id start_transfer(Transaction& transaction, TransferKind kind, const KeyRange& source,
                  const Bytes& to, const Carried& first);

// What counts a prefix. It has no batch yet.
Id start_count(Transaction& transaction, const Bytes& prefix);

// Has what a sweep deleted deleted from counted prefixes, and tells them what was transferred.
void clean_after_sweep(Transaction& transaction, const Carried& batch);
void tell_transferred(Transaction& transaction, const Transferring& transfer, const Carried& batch);

bool is_sweeping(Transaction& transaction);
// Takes over jobs that are silent, and sets watches that were lost.
void look_after_jobs(Transaction& transaction);

Table<Watermark>::Row find_watermark(Transaction& transaction);
void set_watermark(Transaction& transaction, const Table<Watermark>::Row& watermark,
                   double swept_until);

// Makes sure that a timer fires for an entry that expires then.
void set_timer(Transaction& transaction, double expires_at);

// How many entries a batch counted. Violates kProtocol if it did not end as a batch.
std::int64_t deleted_by(const Carried& batch);

// How a batch of a move or copy ended. Violates the same; and kLost if it fails without a reason.
BatchDone transfer_end(const Transaction& transaction, const ModelJob& job, const Carried& batch);
void check_failure(const Transaction& transaction, const ModelJob& job, const KvError& error);

// A scheduled call.
void run_scheduled(Transaction& transaction, const ScheduledCall& call);

}  // namespace convex_kv::simulation
