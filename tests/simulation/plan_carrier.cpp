#include "plan_carrier.hpp"

#include <algorithm>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/messages/plan_request.hpp"
#include "counted/changes.hpp"
#include "mutant.hpp"
#include "support/plan_loop.hpp"

namespace convex_kv::simulation {

namespace {

// No run needs as many: a plan that takes more goes round in circles.
constexpr int kMostSteps = 5000;

Json limits_to_json(const TransactionLimits& limits) {
  const auto remaining = [](std::int64_t amount) { return Json{{"remaining", amount}}; };
  return Json{{"bytesRead", remaining(limits.bytes_read)},
              {"documentsRead", remaining(limits.documents_read)},
              {"documentsWritten", remaining(limits.documents_written)},
              {"databaseQueries", remaining(limits.queries)},
              {"bytesWritten", remaining(limits.bytes_written)}};
}

class Carrier {
 public:
  Carrier(Transaction& transaction, bool uses_values, const Transferring* transfer,
          Deletions deletions)
      : transaction_(transaction),
        uses_values_(uses_values),
        transfer_(transfer),
        deletions_(std::move(deletions)) {}

  Carried run(Plan& plan) {
    auto step = test::run_steps(plan, *this, kMostSteps);
    check(step.has_value(), Invariant::kProtocol, "the plan does not end");
    end(std::move(*step));
    return std::move(carried_);
  }

  void see(const Step&) {}

  Rows read(const Read& read) {
    carried_.has_read = true;
    check(read.max_rows >= 1 && read.max_bytes >= 1, Invariant::kProtocol, "a read of nothing");
    const std::size_t index = index_of(read.index);
    Rows rows{{}, false};
    const auto value_bytes = [](const Entry& entry) { return std::int64_t{entry.value_bytes}; };
    const auto found = transaction_.read<Entry>(
        index, range_of(read), read.max_rows, read.max_bytes, rows.exhausted, read.order,
        uses_values_ ? +value_bytes : nullptr, read.max_value_bytes);
    for (const auto& row : found) {
      const Entry& entry = row->document;
      check(index != Entry::kByExpiry ||
                (entry.expires_at && *entry.expires_at <= transaction_.model().now),
            Invariant::kSwept, "a sweep read an entry that has not expired");
      rows.rows.push_back({entry.expires_at, row->creation_time, entry.epoch, entry.size,
                           entry.path, uses_values_ ? entry.value_bytes : 0,
                           uses_values_ ? entry.value_documents : 0});
    }
    if (!carried_.first_path && !found.empty()) {
      carried_.first_path = found.front()->document.path;
    }
    carried_.read.insert(carried_.read.end(), found.begin(), found.end());
    return rows;
  }

  double clock() const { return transaction_.now(); }

  void write(const Write& write) {
    check(!write.deleted.empty() || !write.transferred.empty(), Invariant::kProtocol,
          "a write of nothing");
    check(write.transferred.empty() || transfer_ != nullptr, Invariant::kProtocol,
          "a transfer by another plan");
    remove(picked(write.deleted));
    for (const auto& row : picked(write.transferred)) {
      const Entry& before = row->document;
      check(before.path.size() >= transfer_->source.lower.size(), Invariant::kRange,
            "a transfer of what is not below the prefix");
      Entry entry = before;
      entry.path = transfer_->to;
      entry.path.insert(
          entry.path.end(),
          before.path.begin() + static_cast<std::ptrdiff_t>(transfer_->source.lower.size()),
          before.path.end());
      entry.epoch = transfer_->stamp;
      entry.fresh =
          deletions_.is_dead(entry.path, 0) && transaction_.mutant().lapse != Lapse::kFreshTransfer;
      entry.version = transaction_.new_id();
      carried_.transferred.push_back({{before.path, before.version}, entry.path, entry.version});
      tell_transfer(before, entry);
      if (transfer_->kind == TransferKind::kMove) {
        transaction_.replace<Entry>(row, entry);
      } else {
        transaction_.spend({entry.value_bytes, entry.value_documents, entry.value_documents,
                            entry.value_documents, entry.value_bytes});
        transaction_.insert<Entry>(entry);
      }
    }
  }

 private:
  void tell_transfer(const Entry& before, const Entry& entry) {
    const Lapse lapse = transaction_.mutant().lapse;
    if (transfer_->kind == TransferKind::kMove && lapse != Lapse::kMoveTellsTarget) {
      carried_.told.push_back(absent(before.path));
    }
    if (lapse != Lapse::kMoveTellsSource) carried_.told.push_back(present(entry));
  }

  void remove(const Transaction::Rows<Entry>& rows) {
    for (const auto& row : rows) {
      const Entry& entry = row->document;
      transaction_.remove<Entry>(row);
      transaction_.spend({entry.value_bytes, entry.value_documents, entry.value_documents, 0});
      carried_.deleted.push_back({entry.path, entry.version});
      const bool tells = transaction_.mutant().lapse != Lapse::kMoveDeletes;
      if (transfer_ && tells) carried_.told.push_back(absent(entry.path));
    }
  }

  void end(Step step) {
    if (const auto* page = std::get_if<PageDone>(&step)) {
      carried_.page = picked(page->rows);
      for (const auto& row : carried_.page) {
        if (!uses_values_) break;
        const Entry& entry = row->document;
        transaction_.spend({entry.value_bytes, entry.value_documents, 0, entry.value_documents});
      }
    }
    if (const auto* batch = std::get_if<BatchDone>(&step)) carried_.rest = batch->rest;
    carried_.end = std::move(step);
  }

  Transaction::Rows<Entry> picked(const RowSpans& spans) const {
    auto rows = test::pick(carried_.read, spans);
    check(rows.has_value(), Invariant::kProtocol, "spans that are no spans of the rows");
    return std::move(*rows);
  }

  static std::size_t index_of(Index index) {
    switch (index) {
      case Index::kPath:
        return Entry::kByPath;
      case Index::kExpiresAt:
        return Entry::kByExpiry;
      case Index::kFresh:
        return Entry::kFresh;
    }
    return Entry::kByPath;
  }

  Transaction& transaction_;
  bool uses_values_;
  const Transferring* transfer_;
  Deletions deletions_;
  Carried carried_{};
};

// Those whose ranges begin before an index key, with the marker for who writes.
DeletionsSeen deletions_up_to(Transaction& transaction, const Bytes& upper, bool writes) {
  const KeyRange range{index_key({writes ? Field(Deletion::kMarkerLower) : Field(Bytes{})}), upper};
  DeletionsSeen seen;
  for (const auto& row : transaction.read<Deletion>(Deletion::kByLower, range, 1000)) {
    const Deletion& deletion = row->document;
    if (deletion.roots) seen.roots = deletion.roots;
    if (deletion.taken) seen.under_way.push_back({*deletion.taken, deletion.epoch});
  }
  return seen;
}

bool writes(const std::string& plan) {
  return plan == "delete" || plan == "sweep" || plan == "move" || plan == "copy" ||
         plan == "resume";
}

Carried carry_with(Transaction& transaction, const KeyRange& range, Json request, bool uses_values,
                   std::size_t prefix_length, const Transferring* transfer,
                   bool sees_deletions = true) {
  const std::string plan_name = *string_member(request, "plan");
  auto [deletions, roots] =
      sees_deletions ? all_deletions(transaction, writes(plan_name)) : DeletionsSeen();
  if (transaction.tells_limits()) request["transactionLimits"] = limits_to_json(transaction.left());
  const Mutant& mutant = transaction.mutant();
  if (mutant.change_request) mutant.change_request(request);
  if (mutant.change_deletions) mutant.change_deletions(deletions, plan_name);
  PlanKeys keys{range, prefix_length, std::nullopt};
  if (transfer) keys.to = transfer->to;
  auto plan = plan_from_request(std::move(keys), dump_json(request));
  check(plan.ok(), Invariant::kProtocol, "a plan that cannot be opened");
  (*plan)->set_deletions(Deletions(deletions));
  if (mutant.wrap) {
    const Order order = order_when(flag_member(request, "reverse"));
    *plan = mutant.wrap(std::move(*plan), {plan_name, range, order});
  }
  try {
    Carried carried = Carrier(transaction, uses_values, transfer, Deletions(deletions)).run(**plan);
    const bool looks = carried.has_read || mutant.lapse != Lapse::kLooksWithRead;
    if (looks) carried.roots = std::move(roots);
    return carried;
  } catch (const LimitExceeded&) {
    throw Violation{Invariant::kLimits, "a plan did more than its transaction admits"};
  }
}

}  // namespace

DeletionsSeen deletions_over(Transaction& transaction, const Bytes& path, bool writes) {
  DeletionsSeen seen = deletions_up_to(transaction, equal_to({path}).upper, writes);
  std::erase_if(seen.under_way, [&path](const convex_kv::Deletion& deletion) {
    return !deletion.range.contains(path);
  });
  return seen;
}

DeletionsSeen all_deletions(Transaction& transaction, bool writes) {
  return deletions_up_to(transaction, everything().upper, writes);
}

Carried carry(Transaction& transaction, const KeyRange& range, Json request, bool uses_values,
              std::size_t prefix_length) {
  return carry_with(transaction, range, std::move(request), uses_values, prefix_length, nullptr);
}

Carried carry_resumed(Transaction& transaction, Json request, bool is_deletion) {
  return carry_with(transaction, everything(), std::move(request), true, 0, nullptr, !is_deletion);
}

Carried carry_transfer(Transaction& transaction, const Transferring& transfer, Json request) {
  return carry_with(transaction, transfer.source, std::move(request), true,
                    transfer.source.lower.size(), &transfer);
}

}  // namespace convex_kv::simulation
