// set, as js/component/rows/writes.ts does it.
#include "../background.hpp"
#include "../mutant.hpp"
#include "../operation.hpp"
#include "../row_at.hpp"
#include "convex_kv/base/limits.hpp"
#include "convex_kv/rules/expiry.hpp"
#include "support/random.hpp"

namespace convex_kv::simulation {

namespace {

// What a document of a value's holds at most, all told.
constexpr std::uint32_t kPart = 1'000'000 + 112;

Entry random_entry(test::Random& random, double now) {
  Entry entry;
  if (random.chance(55)) {
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
  return entry;
}

void set(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  Entry entry = random_entry(random, transaction.now());
  entry.path = path_of(call.key);
  const auto existing = row_at(transaction, entry.path);
  entry.epoch = current_epoch(transaction);
  entry.fresh = entry.epoch > 0 && !deletions_over(transaction, entry.path).empty() &&
                transaction.mutant().lapse != Lapse::kFresh;
  if (entry.expires_at && is_expired(*entry.expires_at, transaction.now())) {
    if (existing) remove_row(transaction, existing);
    transaction.at_commit([path = entry.path](Model& model) { model.remove(path); });
    return;
  }
  entry.version = transaction.new_id();
  if (existing) {
    transaction.replace<Entry>(existing, entry);
  } else {
    transaction.insert<Entry>(entry);
  }
  if (entry.exact && entry.expires_at) set_timer(transaction, *entry.expires_at);
  transaction.at_commit([entry](Model& model) {
    model.set(entry.path, {entry.version, entry.expires_at, entry.exact});
  });
}

}  // namespace

const Operation kSet{"set", 40, true, set};

}  // namespace convex_kv::simulation
