// What a store with the option `counted` does: it has its prefix counted, or no more.
#include "../counted/counting.hpp"

#include "../operation.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "support/random.hpp"

namespace convex_kv::simulation {

namespace {

void start(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  const SumKind sum = random.chance(50) ? SumKind::kValue : SumKind::kNone;
  start_counting(transaction, *test::encode_sort_key(call.key), sum);
}

void stop(Transaction& transaction, const Call& call) {
  stop_counting(transaction, *test::encode_sort_key(call.key));
}

}  // namespace

const Operation kStartCounting{"startCounting", 4, true, start};
const Operation kStopCounting{"stopCounting", 2, true, stop};

}  // namespace convex_kv::simulation
