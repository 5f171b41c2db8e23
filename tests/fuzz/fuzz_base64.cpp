// Text that is base64 is spelled in one way; and all bytes have a spelling.
#include "convex_kv/base/base64.hpp"
#include "feed.hpp"
#include "target.hpp"

using namespace convex_kv;

FUZZ_TARGET(base64) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Base64 kind : {Base64::kStandard, Base64::kUrl}) {
    if (const auto bytes = base64_decode(text, kind)) {
      fuzz::require(base64_encode(*bytes, kind) == text);
    }
    const auto back = base64_decode(base64_encode({data, size}, kind), kind);
    fuzz::require(back && std::equal(back->begin(), back->end(), data, data + size));
  }
  return 0;
}
