// set, and setMany: several at once, of which counted prefixes are told in the end.
#include <optional>

#include "../counted/changes.hpp"
#include "../entry_writes.hpp"
#include "../model.hpp"
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

// Where a move that is under way is to put something, if one is.
std::optional<Bytes> path_in_way(const Model& model, test::Random& random) {
  std::vector<Bytes> paths;
  for (const auto& [id, job] : model.jobs) {
    if (job.kind != JobKind::kMove || job.on_conflict != OnConflict::kOverwrite) continue;
    for (const auto& [path, version] : job.due) {
      if (model.entries.contains(path)) paths.push_back(job.image_of(path));
    }
  }
  return paths.empty() ? std::nullopt : std::optional(random.pick(paths));
}

// Below one prefix, so that many are side by side.
void set_many(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  Told told;
  for (std::uint64_t n = random.between(2, 9); n > 0; --n) {
    const auto in_way = random.chance(50) ? path_in_way(transaction.model(), random) : std::nullopt;
    const Bytes path = in_way ? *in_way : path_of(key_below(call.key, random));
    write_entry(transaction, path, random, told);
  }
  if (!told.empty()) note_changes(transaction, std::move(told));
}

}  // namespace

const Operation kSet{"set", 30, true, set};
const Operation kSetMany{"setMany", 8, true, set_many};

}  // namespace convex_kv::simulation
