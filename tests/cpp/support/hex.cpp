#include "hex.hpp"

#include <doctest/doctest.h>

namespace convex_kv::test {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::string hex(ByteView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

Bytes from_hex(std::string_view text) {
  Bytes bytes;
  bool half = false;
  for (const char c : text) {
    if (c == ' ') continue;
    const auto digit = kDigits.find(c);
    REQUIRE(digit != std::string_view::npos);
    if (half) {
      bytes.back() = static_cast<std::uint8_t>(bytes.back() << 4 | digit);
    } else {
      bytes.push_back(static_cast<std::uint8_t>(digit));
    }
    half = !half;
  }
  REQUIRE_FALSE(half);
  return bytes;
}

}  // namespace convex_kv::test
