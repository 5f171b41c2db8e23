// Each path gets the position of the first that is equal.
#include "convex_kv/keys/first_of_each.hpp"

#include <map>

#include "convex_kv/base/little_endian.hpp"
#include "feed.hpp"

using namespace convex_kv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView wire(data, size);
  const auto answer = first_of_each(wire);
  if (!answer) return 0;
  ByteView told(*answer);
  std::map<Bytes, std::uint32_t> first;
  for (std::uint32_t i = 0; !wire.empty(); ++i) {
    const std::size_t length = *take_u32(wire);
    const auto place =
        first.emplace(Bytes(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(length)), i);
    wire = wire.subspan(length);
    const auto position = take_u32(told);
    fuzz::require(position && *position == place.first->second);
  }
  fuzz::require(told.empty());
  return 0;
}
