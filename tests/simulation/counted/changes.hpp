// What becomes of counted prefixes when entries are written and deleted, as
// js/component/counted/changes.ts does it.
#pragma once

#include <vector>

#include "../transaction.hpp"
#include "convex_kv/counted/counted_tree.hpp"

namespace convex_kv::simulation {

// That an entry is there now, and that none is.
// With what there was, if that is known.
using KnownBefore = std::optional<CountedChange::Before>;
CountedChange present(const Entry& entry, KnownBefore before = {});
CountedChange absent(const Bytes& path, KnownBefore before = {});

// Tells all counted prefixes above these paths what became of the entries there, of several for
// one path the last.
void note_changes(Transaction& transaction, std::vector<CountedChange> changes);

// Tells them that all is gone in a range below `prefix`.
void note_removed(Transaction& transaction, const Bytes& prefix, const KeyRange& range);

}  // namespace convex_kv::simulation
