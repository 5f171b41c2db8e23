// What parses is written so that it parses to the same, in ASCII.
#include <algorithm>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "feed.hpp"
#include "target.hpp"

using namespace convex_kv;

FUZZ_TARGET(convex_json) {
  // Deeper nesting than any message of ours has would only try the stack of the sanitizers.
  if (std::count(data, data + size, '[') + std::count(data, data + size, '{') > 200) return 0;
  const auto json = parse_json({reinterpret_cast<const char*>(data), size});
  if (!json) return 0;
  const std::string text = dump_json(*json);
  fuzz::require(
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
  const auto again = parse_json(text);
  fuzz::require(again && dump_json(*again) == text);
  if (const auto number = number_from_json(*json)) {
    const auto back = number_from_json(json_from_number(*number));
    fuzz::require(back && bits_from_double(*back) == bits_from_double(*number));
  }
  if (const auto bytes = bytes_from_json(*json)) {
    fuzz::require(bytes_from_json(json_from_bytes(*bytes)) == bytes);
  }
  return 0;
}
