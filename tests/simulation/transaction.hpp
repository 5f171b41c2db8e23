// A transaction as the platform runs it: on a snapshot, with limits, and with a record of the index
// ranges that it read. It commits if nobody has written into these since; else it runs again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "convex_kv/budget/budget.hpp"
#include "database.hpp"

namespace convex_kv::simulation {

struct Model;
struct Mutant;

// The calls that are still to come.
using Scheduler = std::map<Id, ScheduledCall>;

// Thrown if a transaction does more than its limits admit.
struct LimitExceeded {};

// Thrown if an operation refuses to run, which its caller has to handle: the whole mutation is
// undone.
struct Refused {};

// What a transaction runs under.
struct Conditions {
  double now;                // by its machine's clock, which may be late
  TransactionLimits limits;  // what its caller has left of the limits
  bool tells_limits;         // whether the platform tells
};

class Transaction {
 public:
  // `next_id` is shared by all transactions; `scheduler` is the deployment's, as it continues.
  Transaction(const Database& snapshot, const Scheduler& scheduler, std::size_t version,
              Conditions conditions, Id& next_id, const Model& model, const Mutant& mutant)
      : database_(snapshot),
        scheduler_(scheduler),
        version_(version),
        conditions_(conditions),
        left_(conditions.limits),
        next_id_(next_id),
        model_(model),
        mutant_(mutant) {}

  double now() const { return conditions_.now; }
  bool tells_limits() const { return conditions_.tells_limits; }
  const TransactionLimits& left() const { return left_; }
  const Mutant& mutant() const { return mutant_; }
  // What was committed when it began; for paged scans that are under way.
  const Model& model() const { return model_; }
  Id new_id() { return ++next_id_; }

  template <typename Document>
  using Rows = std::vector<typename Table<Document>::Row>;

  // Reads an index in this order until `max_rows` are read, or one brings their sizes to
  // `max_bytes` or what `beside` tells of them to `max_beside`, or the range ends (`exhausted`).
  template <typename Document>
  Rows<Document> read(std::size_t index, const KeyRange& range, std::int64_t max_rows,
                      std::int64_t max_bytes, bool& exhausted, Order order = Order::kAscending,
                      std::int64_t (*beside)(const Document&) = nullptr,
                      std::int64_t max_beside = 0) {
    const auto& entries = database_.table<Document>().index(index);
    Rows<Document> rows;
    std::int64_t bytes = 0;
    std::int64_t bytes_beside = 0;
    exhausted = true;
    KeyRange seen = range;
    const auto take = [&](const auto& entry) {
      rows.push_back(entry.second);
      bytes += size_of(entry.second->document);
      if (beside) bytes_beside += beside(entry.second->document);
      exhausted = std::ssize(rows) < max_rows && bytes < max_bytes &&
                  (!beside || bytes_beside < max_beside);
      return exhausted;
    };
    const auto begin = entries.lower_bound(range.lower);
    const auto end = range.lower < range.upper ? entries.lower_bound(range.upper) : begin;
    if (order == Order::kAscending) {
      for (auto entry = begin; entry != end; ++entry) {
        if (take(*entry)) continue;
        seen.upper = after(entry->first);
        break;
      }
    } else {
      for (auto entry = end; entry != begin;) {
        --entry;
        if (take(*entry)) continue;
        seen.lower = entry->first;
        break;
      }
    }
    reads_.push_back({Document::kTable, index, std::move(seen)});
    spend({bytes, std::ssize(rows), 0, 1});
    return rows;
  }

  template <typename Document>
  Rows<Document> read(std::size_t index, const KeyRange& range, std::int64_t max_rows) {
    bool exhausted = false;
    return read<Document>(index, range, max_rows, kUnlimited, exhausted);
  }

  template <typename Document>
  typename Table<Document>::Row first(std::size_t index, const KeyRange& range) {
    const auto rows = read<Document>(index, range, 1);
    return rows.empty() ? nullptr : rows.front();
  }

  // The last of an index.
  template <typename Document>
  typename Table<Document>::Row last(std::size_t index) {
    const auto& entries = database_.table<Document>().index(index);
    KeyRange seen = everything();
    if (!entries.empty()) seen.lower = entries.rbegin()->first;
    reads_.push_back({Document::kTable, index, std::move(seen)});
    spend({entries.empty() ? 0 : kSmallDocument, entries.empty() ? 0 : 1, 0, 1});
    return entries.empty() ? nullptr : entries.rbegin()->second;
  }

  template <typename Document>
  typename Table<Document>::Row get(Id id) {
    const Bytes key = Table<Document>::id_key(id);
    return first<Document>(0, {key, after(key)});
  }

  template <typename Document>
  Id insert(Document document) {
    const Id id = new_id();
    // Few different ones, so that many share theirs.
    const double creation_time = now() + static_cast<double>(inserted_++ % 3) / 4;
    write<Document>({id, creation_time, std::move(document)});
    return id;
  }

  template <typename Document>
  void replace(const typename Table<Document>::Row& row, Document document) {
    read_again(Document::kTable, Table<Document>::id_key(row->id), size_of(row->document));
    write<Document>({row->id, row->creation_time, std::move(document)});
  }

  template <typename Document>
  void remove(const typename Table<Document>::Row& row) {
    read_again(Document::kTable, Table<Document>::id_key(row->id), size_of(row->document));
    spend({0, 0, 1, 0});
    const Id id = row->id;
    change([id](Database& database, std::vector<Touch>& touched) {
      database.table<Document>().remove(id, touched);
    });
  }

  // Documents beyond those of the tables: what values live in.
  void spend(TransactionLimits cost);
  // Whether what it does takes something of its limits.
  void set_charged(bool is_charged) { is_charged_ = is_charged; }

  Id schedule(ScheduledCall call);
  // Whether a scheduled call is still to come, or is being made.
  bool is_pending(Id scheduled);
  void cancel(Id scheduled) { cancelled_.push_back(scheduled); }

  // What this transaction means for the model, and what has to hold for it to be right: done if it
  // commits, in the order in which they were given.
  void at_commit(std::function<void(Model&)> event) { events_.push_back(std::move(event)); }

  // From here on, for whoever commits it.
  std::size_t version() const { return version_; }
  bool conflicts_with(const std::vector<Touch>& written) const;
  // Whether one of the calls that it asked about has come, or gone, since.
  bool conflicts_with_scheduler() const;
  const std::vector<Touch>& touched() const { return touched_; }
  const Database& database() const { return database_; }
  void apply_to(Database& database) const;
  void tell(Model& model) const;
  const Scheduler& scheduled() const { return scheduled_; }
  const std::vector<Id>& cancelled() const { return cancelled_; }

  // Forgets what it read of a table, for mutants.
  void forget_reads_of(int table);

 private:
  using Change = std::function<void(Database&, std::vector<Touch>&)>;

  struct ReadRange {
    int table;
    std::size_t index;
    KeyRange range;
  };

  static constexpr std::int64_t kUnlimited = std::int64_t{1} << 40;
  static constexpr std::int64_t kSmallDocument = 300;

  static std::int64_t size_of(const Entry& entry) { return entry.size; }
  template <typename Document>
  static std::int64_t size_of(const Document&) {
    return kSmallDocument;
  }

  static Bytes after(Bytes key) {
    key.push_back(0);
    return key;
  }

  void read_again(int table, const Bytes& key, std::int64_t size);
  void change(Change change);

  template <typename Document>
  void write(Stored<Document> row) {
    spend({.documents_written = 1, .bytes_written = size_of(row.document)});
    const auto shared = std::make_shared<const Stored<Document>>(std::move(row));
    change([shared](Database& database, std::vector<Touch>& touched) {
      database.table<Document>().put(shared, touched);
    });
  }

  Database database_;
  const Scheduler& scheduler_;
  std::size_t version_;
  Conditions conditions_;
  TransactionLimits left_;
  Id& next_id_;
  const Model& model_;
  const Mutant& mutant_;
  int inserted_ = 0;
  bool is_charged_ = true;

  std::vector<ReadRange> reads_;
  std::vector<Change> changes_;
  std::vector<Touch> touched_;
  Scheduler scheduled_;
  std::map<Id, bool> asked_about_;
  std::vector<Id> cancelled_;
  std::vector<std::function<void(Model&)>> events_;
};

// While there is one, a transaction's limits are not asked. For counted prefixes: limits are as if
// the platform's were lower, and what these take is not.
class Uncharged {
 public:
  explicit Uncharged(Transaction& transaction) : transaction_(transaction) {
    transaction.set_charged(false);
  }
  Uncharged(const Uncharged&) = delete;
  Uncharged& operator=(const Uncharged&) = delete;
  ~Uncharged() { transaction_.set_charged(true); }

 private:
  Transaction& transaction_;
};

}  // namespace convex_kv::simulation
