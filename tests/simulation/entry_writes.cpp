#include "entry_writes.hpp"

#include "background.hpp"
#include "convex_kv/base/limits.hpp"
#include "convex_kv/rules/expiry.hpp"
#include "counted/changes.hpp"
#include "mutant.hpp"
#include "row_at.hpp"

namespace convex_kv::simulation {

namespace {

// What a document of a value's holds at most, all told.
constexpr std::uint32_t kPart = 1'000'000 + 112;

// Half of the keys have entries that never expire, side by side: the leaves of counted prefixes
// know of no expiry there.
bool may_expire(const Bytes& path) { return path[1] < 'b'; }

Entry random_entry(test::Random& random, const Bytes& path, double now) {
  Entry entry;
  entry.path = path;
  if (random.chance(55) && may_expire(path)) {
    // Round times, so that many share theirs, and now and then a fraction of a millisecond.
    const double ttl = static_cast<double>(random.below(random.chance(50) ? 8 : 400)) * 500;
    entry.expires_at = now + ttl + (random.chance(5) ? 0.25 : 0);
  }
  entry.exact = random.chance(30);
  entry.size = static_cast<std::uint32_t>(random.between(100, 400));
  if (random.chance(8)) entry.size = static_cast<std::uint32_t>(random.between(1000, 1 << 20));
  if (random.chance(15)) {
    const std::int64_t most = random.chance(70) ? 20'000 : kMaxStoredValueBytes;
    entry.value_bytes = static_cast<std::uint32_t>(random.between(2049, most));
    entry.value_documents = (entry.value_bytes + kPart - 1) / kPart;
  }
  // Some are so far from each other that sums in another order would be rounded in another way.
  entry.number = static_cast<double>(entry.size % 7) / 10 - 0.2;
  if (entry.size % 11 == 0) entry.number = entry.size % 2 == 0 ? 1e17 : -1e17;
  return entry;
}

// What a row was to counted prefixes: that is not known of one that nobody saw any more.
KnownBefore before_of(const Transaction& transaction, const Table<Entry>::Row& row,
                      const WriteAround& around) {
  const Lapse lapse = transaction.mutant().lapse;
  if (row == nullptr || lapse == Lapse::kNothingBefore) return CountedChange::Before{};
  const Entry& entry = row->document;
  const Deletions under_way(around.deletions.under_way);
  const bool is_seen =
      !under_way.is_dead(entry.path, entry.epoch) && is_live(entry.expires_at, transaction.now());
  if (!is_seen && lapse != Lapse::kUnseenBefore) return std::nullopt;
  return CountedChange::Before{present(entry).entry};
}

}  // namespace

void write_entry(Transaction& transaction, const Bytes& path, test::Random& random, Told& told) {
  Entry entry = random_entry(random, path, transaction.now());
  const auto existing = row_at(transaction, path);
  const WriteAround around = around_write(transaction, path);
  const bool tells = may_count(path, around.deletions.roots) &&
                     transaction.mutant().lapse != Lapse::kSetTellsNothing;
  const KnownBefore before = before_of(transaction, existing, around);
  entry.epoch = around.epoch;
  entry.fresh = entry.epoch > 0 && !around.deletions.under_way.empty() &&
                transaction.mutant().lapse != Lapse::kFresh;
  if (entry.expires_at && is_expired(*entry.expires_at, transaction.now())) {
    if (existing) remove_row(transaction, existing);
    if (existing && tells) told.push_back(absent(path, before));
    transaction.at_commit([path](Model& model) { model.remove(path); });
    return;
  }
  entry.version = transaction.new_id();
  if (existing) {
    transaction.replace<Entry>(existing, entry);
  } else {
    transaction.insert<Entry>(entry);
  }
  if (entry.exact && entry.expires_at) set_timer(transaction, *entry.expires_at);
  if (tells) told.push_back(present(entry, before));
  transaction.at_commit([entry](Model& model) {
    model.set(entry.path, {entry.version, entry.expires_at, entry.exact, entry.number});
  });
}

void delete_entry(Transaction& transaction, const Bytes& path, Told& told) {
  const auto row = row_at(transaction, path);
  const WriteAround around = around_write(transaction, path);
  if (row) {
    const KnownBefore before = before_of(transaction, row, around);
    remove_row(transaction, row);
    const bool tells = transaction.mutant().lapse != Lapse::kRemoveTellsNothing;
    if (tells && may_count(path, around.deletions.roots)) told.push_back(absent(path, before));
  }
  transaction.at_commit([path](Model& model) { model.remove(path); });
}

}  // namespace convex_kv::simulation
