// Single entries, as js/component/rows/rows.ts finds and deletes them.
#pragma once

#include "support/key.hpp"
#include "transaction.hpp"

namespace convex_kv::simulation {

// The sort key of `key`, which is not the root.
Bytes path_of(const test::Key& key);

// The row at `path`, expired or not.
Table<Entry>::Row row_at(Transaction& transaction, const Bytes& path);

// Deletes a row and what its value lives in.
void remove_row(Transaction& transaction, const Table<Entry>::Row& row);

}  // namespace convex_kv::simulation
