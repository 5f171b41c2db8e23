// get and has.
#include "../model.hpp"
#include "../mutant.hpp"
#include "../operation.hpp"
#include "../plan_carrier.hpp"
#include "../row_at.hpp"
#include "convex_kv/rules/expiry.hpp"

namespace convex_kv::simulation {

namespace {

void get(Transaction& transaction, const Call& call) {
  const Bytes path = path_of(call.key);
  const auto row = row_at(transaction, path);
  const double now = transaction.now();
  const bool looks = transaction.mutant().lapse != Lapse::kGet;
  const Deletions deletions(looks ? deletions_over(transaction, path, /*writes=*/false).under_way
                                  : std::vector<convex_kv::Deletion>());
  const bool is_live = row && !deletions.is_dead(path, row->document.epoch) &&
                       (!row->document.expires_at || !is_expired(*row->document.expires_at, now));
  const std::uint64_t version = is_live ? row->document.version : 0;
  transaction.at_commit([path, version, now](Model& model) {
    const auto entry = model.entries.find(path);
    const bool is_there = entry != model.entries.end() && model.is_live(entry->second, now);
    check(version == (is_there ? entry->second.version : 0), Invariant::kReads,
          "get returned something else than what is there");
  });
}

}  // namespace

const Operation kGet{"get", 6, false, get};

}  // namespace convex_kv::simulation
