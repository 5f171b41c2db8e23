#include "transaction.hpp"

#include <algorithm>

namespace convex_kv::simulation {

void Transaction::spend(TransactionLimits cost) {
  if (!is_charged_) return;
  left_ = left_ - cost;
  if (!fits({}, left_)) throw LimitExceeded{};
}

Id Transaction::schedule(ScheduledCall call) {
  const Id id = new_id();
  scheduled_.emplace(id, call);
  return id;
}

bool Transaction::is_pending(Id scheduled) {
  const bool is_pending = scheduler_.contains(scheduled);
  spend({kSmallDocument, 1, 0, 1});
  asked_about_.emplace(scheduled, is_pending);
  return is_pending;
}

bool Transaction::conflicts_with_scheduler() const {
  return std::any_of(asked_about_.begin(), asked_about_.end(), [this](const auto& asked) {
    return scheduler_.contains(asked.first) != asked.second;
  });
}

bool Transaction::conflicts_with(const std::vector<Touch>& written) const {
  return std::any_of(written.begin(), written.end(), [this](const Touch& touch) {
    return std::any_of(reads_.begin(), reads_.end(), [&touch](const ReadRange& read) {
      return read.table == touch.table && read.index == touch.index &&
             read.range.contains(touch.key);
    });
  });
}

void Transaction::apply_to(Database& database) const {
  std::vector<Touch> ignored;
  for (const Change& change : changes_) change(database, ignored);
}

void Transaction::tell(Model& model) const {
  for (const auto& event : events_) event(model);
}

void Transaction::forget_reads_of(int table) {
  std::erase_if(reads_, [table](const ReadRange& read) { return read.table == table; });
}

// To write a document is to read it by its id.
void Transaction::read_again(int table, const Bytes& key, std::int64_t size) {
  reads_.push_back({table, 0, {key, after(key)}});
  spend({size, 1, 0, 0});
}

void Transaction::change(Change change) {
  change(database_, touched_);
  changes_.push_back(std::move(change));
}

}  // namespace convex_kv::simulation
