// Whatever decodes encodes to the same bytes: as a key, and told part by part.
#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/keys/key_wire.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "feed.hpp"

using namespace convex_kv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  Bytes told;
  SortKeyWriter writer(told);
  const bool is_told = !tell_sort_key(input, writer);
  const auto key = decode_sort_key(input);
  fuzz::require(key.ok() == is_told);
  if (!key) return 0;
  fuzz::require(std::equal(told.begin(), told.end(), input.begin(), input.end()));
  const auto encoded = encode_sort_key(*key);
  if (encoded) fuzz::require(*encoded == told);
  const auto wired = key_from_wire(key_to_wire(*key));
  fuzz::require(wired && same_key(*wired, *key));
  const auto range = prefix_range(*key);
  fuzz::require(range.ok() == encoded.ok());
  if (range) fuzz::require(range->contains(told));
  return 0;
}
