// Text that is well-formed comes back from the other form as it was.
#include <cstring>

#include "convex_kv/base/utf8.hpp"
#include "feed.hpp"

using namespace convex_kv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto utf16 = utf16_from_utf8(text);
  fuzz::require(utf16.has_value() == is_utf8(text));
  if (utf16) fuzz::require(utf8_from_utf16(*utf16) == text);
  Bytes flat;
  fuzz::require(append_utf16(flat, text) == utf16.has_value());
  if (utf16) fuzz::require(flat.size() == 2 * utf16->size());

  const ByteView even(data, size - size % 2);
  std::string utf8;
  if (append_utf8(utf8, even)) {
    fuzz::require(is_utf8(utf8));
    Bytes back;
    fuzz::require(append_utf16(back, utf8) &&
                  std::equal(back.begin(), back.end(), even.begin(), even.end()));
  }
  std::u16string units(even.size() / 2, u'\0');
  if (!units.empty()) std::memcpy(units.data(), even.data(), even.size());
  const auto converted = utf8_from_utf16(units);
  if (converted) fuzz::require(*converted == utf8);
  return 0;
}
