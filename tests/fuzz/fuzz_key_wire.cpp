// A key in wire form becomes a sort key of as many parts, or is refused.
#include "convex_kv/keys/key_wire.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "feed.hpp"
#include "target.hpp"

using namespace convex_kv;

FUZZ_TARGET(key_wire) {
  Bytes sort_key;
  if (sort_key_from_wire(Bytes(data, data + size), sort_key)) return 0;
  ByteView rest = sort_key;
  while (!rest.empty()) {
    const std::size_t length = first_part_length(rest);
    fuzz::require(length > 0);
    rest = rest.subspan(length);
  }
  return 0;
}
