// A key in wire form comes back from its sort key, and from a Key, as it was.
#include "convex_kv/keys/key_wire.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "feed.hpp"

using namespace convex_kv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto key = key_from_wire(input);
  Bytes sort_key;
  SortKeyWriter writer(sort_key);
  fuzz::require(key.ok() == !tell_key_wire(input, writer));
  if (!key) return 0;
  const Bytes wire = key_to_wire(*key);
  fuzz::require(std::equal(wire.begin(), wire.end(), input.begin(), input.end()));
  Bytes back;
  KeyWireWriter wire_writer(back);
  fuzz::require(!tell_sort_key(sort_key, wire_writer) && back == wire);
  return 0;
}
