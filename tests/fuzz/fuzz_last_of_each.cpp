// One path of each is marked, and it is the last.
#include <map>

#include "feed.hpp"
#include "last_of_each.hpp"
#include "little_endian.hpp"

using namespace convex_kv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView wire(data, size);
  const auto marks = marks_of_last(wire);
  if (!marks) return 0;
  std::map<Bytes, std::size_t> last;
  std::size_t count = 0;
  for (; !wire.empty(); ++count) {
    const std::size_t length = *take_u32(wire);
    last[Bytes(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(length))] = count;
    wire = wire.subspan(length);
  }
  fuzz::require(marks->size() == count);
  Bytes expected(count, 0);
  for (const auto& [path, index] : last) expected[index] = 1;
  fuzz::require(*marks == expected);
  return 0;
}
