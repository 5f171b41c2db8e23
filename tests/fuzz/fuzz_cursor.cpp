// A cursor leads to a place within the range that it is for, and is refused for any other.
#include "convex_kv/plans/cursor.hpp"
#include "feed.hpp"
#include "target.hpp"

using namespace convex_kv;

FUZZ_TARGET(cursor) {
  fuzz::Feed feed({data, size});
  const KeyRange range = range_below(feed.bytes());
  const KeyRange other{feed.bytes(), feed.bytes()};
  const std::string text = feed.text();
  for (const KeyRange& asked : {range, other}) {
    const auto position = decode_cursor(text, asked);
    if (!position) continue;
    fuzz::require(asked.contains(*position));
    const auto again = decode_cursor(encode_cursor(asked, *position), asked);
    fuzz::require(again && *again == *position);
  }
  Bytes below = range.lower;
  append(below, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  for (const Bytes& position : {below, feed.bytes()}) {
    const std::string cursor = encode_cursor(range, position);
    const auto back = decode_cursor(cursor, range);
    fuzz::require(back.ok() == range.contains(position));
    if (back) fuzz::require(*back == position);
    if (other.lower != range.lower || other.upper != range.upper) {
      fuzz::require(!decode_cursor(cursor, other));
    }
  }
  return 0;
}
