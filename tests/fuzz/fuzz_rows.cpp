// Rows that are well-formed cross back as they were.
#include "convex_kv/budget/rows.hpp"
#include "feed.hpp"
#include "support/rows_wire.hpp"
#include "target.hpp"

using namespace convex_kv;

FUZZ_TARGET(rows) {
  const auto rows = rows_from_wire({data, size});
  if (!rows) return 0;
  // No expiry is any NaN on the wire, and one of them from here on.
  const Bytes wire = test::rows_to_wire(*rows);
  fuzz::require(wire.size() == size);
  const auto again = rows_from_wire(wire);
  fuzz::require(again && again->rows.size() == rows->rows.size());
  fuzz::require(again->bytes() == rows->bytes() && test::rows_to_wire(*again) == wire);
  return 0;
}
