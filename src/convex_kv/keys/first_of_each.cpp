#include "convex_kv/keys/first_of_each.hpp"

#include <cstdint>
#include <cstring>
#include <memory>

#include "convex_kv/base/little_endian.hpp"

namespace convex_kv {

namespace {

// FNV-1a.
std::uint32_t hash_of(ByteView path) {
  std::uint32_t hash = 2166136261U;
  for (const std::uint8_t byte : path) hash = (hash ^ byte) * 16777619U;
  return hash;
}

// Takes a path off the front of `wire`, after its length. nullopt if it is cut short.
std::optional<ByteView> take_path(ByteView& wire) {
  const auto length = take_u32(wire);
  if (!length || *length > wire.size()) return std::nullopt;
  const ByteView path = wire.first(*length);
  wire = wire.subspan(*length);
  return path;
}

// A place of the hash table: a path that was the first of its kind, and its position. No data:
// free.
struct First {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  std::uint32_t position = 0;

  bool is(ByteView path) const {
    return size == path.size() && std::memcmp(data, path.data(), size) == 0;
  }
};

}  // namespace

std::optional<Bytes> first_of_each(ByteView wire) {
  std::size_t count = 0;
  for (ByteView rest = wire; !rest.empty(); ++count) {
    if (!take_path(rest)) return std::nullopt;
  }
  // With open addressing, at least half of it free. (Sorting the paths would do as well, and take
  // twice the code.)
  std::size_t size = 2;
  while (size < 2 * count) size *= 2;
  // Not a vector, which takes more code. NOLINTNEXTLINE(modernize-avoid-c-arrays)
  const std::unique_ptr<First[]> table(new First[size]);
  Bytes firsts(sizeof(std::uint32_t) * count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const ByteView path = *take_path(wire);
    std::size_t place = hash_of(path);
    while (table[place &= size - 1].data && !table[place].is(path)) ++place;
    if (!table[place].data) table[place] = {path.data(), path.size(), i};
    set_u32(firsts, sizeof(std::uint32_t) * i, table[place].position);
  }
  return firsts;
}

}  // namespace convex_kv
