// set, and setMany: several at once, of which counted prefixes are told in the end.
#include "../counted/changes.hpp"
#include "../entry_writes.hpp"
#include "../operation.hpp"
#include "../row_at.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "support/random_key.hpp"

namespace convex_kv::simulation {

namespace {

void set(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  Told told;
  write_entry(transaction, path_of(call.key), random, told);
  if (!told.empty()) note_changes(transaction, std::move(told));
}

// Below one prefix, so that many are side by side.
void set_many(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  Told told;
  for (std::uint64_t n = random.between(2, 9); n > 0; --n) {
    const test::Key key = key_below(call.key, random);
    write_entry(transaction, path_of(key), random, told);
  }
  if (!told.empty()) note_changes(transaction, std::move(told));
}

}  // namespace

const Operation kSet{"set", 40, true, set};
const Operation kSetMany{"setMany", 5, true, set_many};

}  // namespace convex_kv::simulation
