#include "random_rows.hpp"
#include "key.hpp"

#include <doctest/doctest.h>

#include "convex_kv/keys/sort_key.hpp"
#include "random_key.hpp"

namespace convex_kv::test {

namespace {

// What a document of a value's holds at most with all that belongs to it.
constexpr std::uint32_t kDocument = 1'000'000 + 112;

void put_external(Row& row, std::uint32_t value_bytes) {
  row.value_bytes = value_bytes;
  row.value_documents = (value_bytes + kDocument - 1) / kDocument;
}

}  // namespace

Row random_row(Random& random, const Key& key, const RowChoices& choices) {
  Row row = plain_row(key, 0);
  const int kind = static_cast<int>(random.below(100));
  if (kind < choices.expired) {
    row.expires_at = kNow - static_cast<double>(random.chance(30) ? 0 : random.below(100'000));
  } else if (kind < choices.expired + choices.expiring) {
    row.expires_at = kNow + static_cast<double>(random.chance(30) ? 1 : random.below(100'000) + 1);
  }
  // Few different ones, so that many rows share theirs.
  row.creation_time = kNow - static_cast<double>(random.below(20)) / 4;
  row.epoch = static_cast<std::uint32_t>(random.below(choices.epochs));
  row.size = static_cast<std::uint32_t>(
      random.chance(choices.large) ? random.between(1, choices.largest) : random.between(100, 400));
  if (random.chance(choices.large / 8)) row.size = choices.largest;
  if (choices.external > 0 && random.chance(choices.external)) {
    const std::int64_t most = random.chance(60) ? 20'000 : choices.largest_value;
    put_external(row, static_cast<std::uint32_t>(random.chance(10) ? choices.largest_value
                                                                   : random.between(2049, most)));
  }
  return row;
}

Row external_row(const Key& key, std::uint32_t size, std::uint32_t value_bytes) {
  Row row = plain_row(key, size);
  put_external(row, value_bytes);
  return row;
}

Row plain_row(const Key& key, std::uint32_t size) {
  auto path = encode_entry_key(key);
  REQUIRE(path.ok());
  return Row{std::nullopt, kNow, 0, size, std::move(*path)};
}

void fill(SimulatedTable& table, Random& random, std::uint64_t most, const RowChoices& choices) {
  for (std::uint64_t n = random.below(most + 1); n > 0; --n) {
    const Key key = random_path(random, 4);
    if (!key.empty()) table.put(random_row(random, key, choices));
  }
}

std::vector<Row> live_rows(const SimulatedTable& table, const KeyRange& range, double now) {
  std::vector<Row> live;
  for (const auto& [path, row] : table.rows()) {
    if (path < range.lower || path >= range.upper) continue;
    if (row.expires_at && *row.expires_at <= now) continue;
    live.push_back(row);
  }
  return live;
}

std::int64_t bytes_in(const SimulatedTable& table) {
  std::int64_t sum = 0;
  for (const auto& [path, row] : table.rows()) sum += std::int64_t{row.size} + row.value_bytes;
  return sum;
}

}  // namespace convex_kv::test
