#include "convex_kv/base/base64.hpp"

namespace convex_kv {

namespace {

constexpr std::string_view kShared =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

char digit(std::uint32_t value, Base64 kind) {
  value &= 63;
  if (value < kShared.size()) return kShared[value];
  if (kind == Base64::kUrl) return value == 62 ? '-' : '_';
  return value == 62 ? '+' : '/';
}

// The value of a digit, or -1.
int digit_value(char c, Base64 kind) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == digit(62, kind)) return 62;
  if (c == digit(63, kind)) return 63;
  return -1;
}

}  // namespace

std::string base64_encode(ByteView bytes, Base64 kind) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  int held = 0;  // how many low bits of `bits` are still to be written
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= 6; held -= 6) text.push_back(digit(bits >> (held - 6), kind));
  }
  if (held > 0) text.push_back(digit(bits << (6 - held), kind));
  if (kind == Base64::kStandard) text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

std::optional<Bytes> base64_decode(std::string_view text, Base64 kind) {
  if (kind == Base64::kStandard) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = digit_value(c, kind);
    if (value < 0) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<std::uint8_t>(bits >> held));
    }
  }
  // A single left-over digit holds no byte; left-over bits must be zero.
  if (held == 6 || (bits & ((1U << held) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace convex_kv
