// How entries are written one by one, as js/component/rows/writes.ts does it.
#pragma once

#include <vector>

#include "convex_kv/counted/counted_tree.hpp"
#include "support/random.hpp"
#include "transaction.hpp"

namespace convex_kv::simulation {

// What counted prefixes are to be told.
using Told = std::vector<CountedChange>;

// Writes something at `path`, or deletes what is there, and adds what there is to tell.
void write_entry(Transaction& transaction, const Bytes& path, test::Random& random, Told& told);
void delete_entry(Transaction& transaction, const Bytes& path, Told& told);

}  // namespace convex_kv::simulation
