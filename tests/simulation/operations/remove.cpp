// delete of one entry, and deleteMany.
#include "../counted/changes.hpp"
#include "../entry_writes.hpp"
#include "../operation.hpp"
#include "../row_at.hpp"

namespace convex_kv::simulation {

namespace {

void remove(Transaction& transaction, const Call& call) {
  Told told;
  delete_entry(transaction, path_of(call.key), told);
  if (!told.empty()) note_changes(transaction, std::move(told));
}

void remove_many(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  Told told;
  for (std::uint64_t n = random.between(2, 9); n > 0; --n) {
    delete_entry(transaction, path_of(key_below(call.key, random)), told);
  }
  if (!told.empty()) note_changes(transaction, std::move(told));
}

}  // namespace

const Operation kRemove{"delete", 7, true, remove};
const Operation kRemoveMany{"deleteMany", 2, true, remove_many};

}  // namespace convex_kv::simulation
