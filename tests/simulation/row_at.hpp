// Single entries, as js/component/rows/rows.ts finds and deletes them.
#pragma once

#include "support/key.hpp"
#include "support/random.hpp"
#include "transaction.hpp"

namespace convex_kv::simulation {

// The sort key of `key`, which is not the root.
Bytes path_of(const test::Key& key);

// One to three parts that begin with those of `prefix`, or some of them.
test::Key key_below(const test::Key& prefix, test::Random& random);

// The row at `path`, expired or not.
Table<Entry>::Row row_at(Transaction& transaction, const Bytes& path);

// Deletes a row and what its value lives in.
void remove_row(Transaction& transaction, const Table<Entry>::Row& row);

}  // namespace convex_kv::simulation
