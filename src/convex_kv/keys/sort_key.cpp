#include "convex_kv/keys/sort_key.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/limits.hpp"

namespace convex_kv {

namespace {

constexpr std::uint8_t kTagNull = 0x03;
constexpr std::uint8_t kTagIntZero = 0x08;
constexpr std::uint8_t kTagFloat = 0x0D;
constexpr std::uint8_t kTagFalse = 0x0E;
constexpr std::uint8_t kTagTrue = 0x0F;
constexpr std::uint8_t kTagString = 0x10;
constexpr std::uint8_t kTagBytes = 0x11;
constexpr std::uint8_t kEnd = 0x00;
constexpr std::uint8_t kEscape = 0xFF;  // after a 00 that belongs to the text
constexpr std::array<std::uint8_t, 2> kEscapedEnd = {kEnd, kEscape};
constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

void put_big_endian(Bytes& out, std::uint64_t bits, int width) {
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
}

// How many bytes hold `value` signed, as a power of two: 0 for one byte, 3 for eight.
int int_width_log2(std::int64_t value) {
  if (value == static_cast<std::int8_t>(value)) return 0;
  if (value == static_cast<std::int16_t>(value)) return 1;
  if (value == static_cast<std::int32_t>(value)) return 2;
  return 3;
}

// Zeros are rare, so this goes from one to the next.
void put_escaped(Bytes& out, ByteView text) {
  while (!text.empty()) {
    const auto zero = std::find(text.begin(), text.end(), kEnd);
    const auto length = static_cast<std::size_t>(zero - text.begin());
    append(out, text.first(length));
    if (zero == text.end()) break;
    append(out, kEscapedEnd);
    text = text.subspan(length + 1);
  }
  out.push_back(kEnd);
}

}  // namespace

void SortKeyWriter::null() { out_.push_back(kTagNull); }

void SortKeyWriter::int64(std::int64_t value) {
  if (value == 0) return out_.push_back(kTagIntZero);
  const int log2 = int_width_log2(value);
  const int tag = value > 0 ? kTagIntZero + 1 + log2 : kTagIntZero - 1 - log2;
  out_.push_back(static_cast<std::uint8_t>(tag));
  put_big_endian(out_, static_cast<std::uint64_t>(value), 1 << log2);
}

void SortKeyWriter::float64(double value) {
  const auto bits = bits_from_double(value);
  out_.push_back(kTagFloat);
  put_big_endian(out_, (bits & kSignBit) ? ~bits : bits ^ kSignBit, 8);
}

void SortKeyWriter::boolean(bool value) { out_.push_back(value ? kTagTrue : kTagFalse); }

void SortKeyWriter::string(std::string_view utf8) {
  out_.push_back(kTagString);
  put_escaped(out_, {reinterpret_cast<const std::uint8_t*>(utf8.data()), utf8.size()});
}

void SortKeyWriter::bytes(ByteView value) {
  out_.push_back(kTagBytes);
  put_escaped(out_, value);
}

std::optional<KvError> check_prefix(ByteView sort_key) {
  if (sort_key.size() <= kMaxKeyBytes) return std::nullopt;
  return KvError{ErrorCode::kInvalidKey, "The key is too long: its encoded form may take at most " +
                                             std::to_string(kMaxKeyBytes) + " bytes."};
}

std::optional<KvError> check_entry(ByteView sort_key) {
  if (!sort_key.empty()) return check_prefix(sort_key);
  return KvError{ErrorCode::kInvalidKey,
                 "The key is empty: an entry needs at least one key part, as in [\"settings\"]."};
}

std::size_t first_part_length(ByteView sort_key) {
  if (sort_key.empty()) return 0;
  const int tag = sort_key.front();
  std::size_t length = 1;
  if (tag == kTagString || tag == kTagBytes) {
    for (;; ++length) {
      if (length >= sort_key.size()) return 0;
      if (sort_key[length] != kEnd) continue;
      if (length + 1 == sort_key.size() || sort_key[length + 1] != kEscape) return length + 1;
      ++length;
    }
  }
  if (tag == kTagFloat) {
    length += 8;
  } else if (tag > kTagIntZero && tag <= kTagIntZero + 4) {
    length += std::size_t{1} << (tag - kTagIntZero - 1);
  } else if (tag < kTagIntZero && tag >= kTagIntZero - 4) {
    length += std::size_t{1} << (kTagIntZero - 1 - tag);
  } else if (tag != kTagNull && tag != kTagIntZero && tag != kTagFalse && tag != kTagTrue) {
    return 0;
  }
  return length <= sort_key.size() ? length : 0;
}

}  // namespace convex_kv
