// UTF-16 that is well-formed comes back from UTF-8 as it was.
#include "convex_kv/base/utf8.hpp"
#include "feed.hpp"
#include "support/utf16.hpp"
#include "target.hpp"

using namespace convex_kv;

FUZZ_TARGET(utf8) {
  const Bytes utf16(data, data + size - size % 2);
  std::string utf8;
  if (!append_utf8(utf8, utf16)) return 0;
  Bytes back;
  fuzz::require(test::append_utf16(back, utf8) && back == utf16);
  return 0;
}
