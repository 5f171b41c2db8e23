// Rows in wire form (rows.hpp), as js/core/rowsWire.ts writes them.
#pragma once

#include "convex_kv/budget/rows.hpp"

namespace convex_kv::test {

Bytes rows_to_wire(const Rows& rows);

}  // namespace convex_kv::test
