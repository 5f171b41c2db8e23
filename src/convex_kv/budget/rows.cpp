#include "convex_kv/budget/rows.hpp"

#include <cmath>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"

namespace convex_kv {

namespace {

std::optional<Row> take_row(ByteView& in) {
  const auto expires_at = take_u64(in);
  const auto creation_time = take_u64(in);
  const auto epoch = take_u32(in);
  const auto size = take_u32(in);
  const auto value_bytes = take_u32(in);
  const auto value_documents = take_u32(in);
  const auto path_length = take_u32(in);
  if (!expires_at || !creation_time || !epoch || !size || !value_bytes || !value_documents ||
      !path_length) {
    return std::nullopt;
  }
  if (*path_length > in.size()) return std::nullopt;
  const ByteView path = in.first(*path_length);
  in = in.subspan(path.size());
  std::optional<double> expiry = double_from_bits(*expires_at);
  if (std::isnan(*expiry)) expiry.reset();
  return Row{expiry,          double_from_bits(*creation_time), *epoch,
             *size,           Bytes(path.begin(), path.end()),  *value_bytes,
             *value_documents};
}

}  // namespace

std::int64_t Rows::bytes() const {
  std::int64_t sum = 0;
  for (const Row& row : rows) sum += row.size;
  return sum;
}

std::optional<Rows> rows_from_wire(ByteView wire) {
  if (wire.empty() || wire.front() > 1) return std::nullopt;
  Rows rows{{}, wire.front() == 1};
  wire = wire.subspan(1);
  while (!wire.empty()) {
    auto row = take_row(wire);
    if (!row) return std::nullopt;
    rows.rows.push_back(std::move(*row));
  }
  return rows;
}

}  // namespace convex_kv
