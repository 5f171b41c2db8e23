#include "rows_wire.hpp"

#include <limits>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"

namespace convex_kv::test {

Bytes rows_to_wire(const Rows& rows) {
  Bytes wire{static_cast<std::uint8_t>(rows.exhausted ? 1 : 0)};
  for (const Row& row : rows.rows) {
    put_u64(wire,
            bits_from_double(row.expires_at.value_or(std::numeric_limits<double>::quiet_NaN())));
    put_u64(wire, bits_from_double(row.creation_time));
    put_u32(wire, row.epoch);
    put_u32(wire, row.size);
    put_u32(wire, row.value_bytes);
    put_u32(wire, row.value_documents);
    put_u32(wire, static_cast<std::uint32_t>(row.path.size()));
    append(wire, row.path);
  }
  return wire;
}

}  // namespace convex_kv::test
