// Which prefixes are counted, roughly, as js/component/counted/marker.ts says it.
#pragma once

#include <optional>
#include <vector>

#include "../transaction.hpp"

namespace convex_kv::simulation {

// The first parts of counted prefixes; nullopt: nothing is counted.
using Roots = std::optional<std::vector<Bytes>>;

// Whether a counted prefix may be at or above a path; and at, above or below it.
bool may_count(const Bytes& path, const Roots& roots);
bool may_count_below(const Bytes& path, const Roots& roots);

// The first part of a prefix, which has none if it is the root; and all prefixes of a path.
Bytes root_of(const Bytes& prefix);
std::vector<Bytes> prefixes_of(const Bytes& path);

void add_root(Transaction& transaction, const Bytes& root);
// Those of the prefixes that are left.
void forget_roots(Transaction& transaction);

}  // namespace convex_kv::simulation
