#include "sort_key.hpp"

#include <optional>
#include <string>

#include "float_bits.hpp"
#include "limits.hpp"
#include "utf8.hpp"

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

void put_escaped(Bytes& out, ByteView text) {
  for (const std::uint8_t byte : text) {
    out.push_back(byte);
    if (byte == kEnd) out.push_back(kEscape);
  }
  out.push_back(kEnd);
}

struct PartEncoder {
  Bytes& out;

  void operator()(Null) const { out.push_back(kTagNull); }
  void operator()(std::int64_t value) const {
    if (value == 0) return out.push_back(kTagIntZero);
    const int log2 = int_width_log2(value);
    const int tag = value > 0 ? kTagIntZero + 1 + log2 : kTagIntZero - 1 - log2;
    out.push_back(static_cast<std::uint8_t>(tag));
    put_big_endian(out, static_cast<std::uint64_t>(value), 1 << log2);
  }
  void operator()(double value) const {
    const auto bits = bits_from_double(value);
    out.push_back(kTagFloat);
    put_big_endian(out, (bits & kSignBit) ? ~bits : bits ^ kSignBit, 8);
  }
  void operator()(bool value) const { out.push_back(value ? kTagTrue : kTagFalse); }
  void operator()(const std::string& value) const {
    out.push_back(kTagString);
    put_escaped(out, {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
  }
  void operator()(const Bytes& value) const {
    out.push_back(kTagBytes);
    put_escaped(out, value);
  }
};

// The take_ functions read off the front of `in`, and answer nothing where it holds no such thing.

std::optional<std::uint64_t> take_big_endian(ByteView& in, std::size_t width) {
  if (in.size() < width) return std::nullopt;
  std::uint64_t bits = 0;
  for (const std::uint8_t byte : in.first(width)) bits = (bits << 8) | byte;
  in = in.subspan(width);
  return bits;
}

std::optional<std::int64_t> take_int(ByteView& in, int tag) {
  const bool positive = tag > kTagIntZero;
  const int log2 = positive ? tag - kTagIntZero - 1 : kTagIntZero - 1 - tag;
  const int width = 1 << log2;
  const auto bits = take_big_endian(in, width);
  if (!bits) return std::nullopt;
  const int unused = 64 - 8 * width;
  const auto value = static_cast<std::int64_t>(*bits << unused) >> unused;
  // Only the shortest form is a key's: anything else would be a second spelling of the same key.
  if (value == 0 || (value > 0) != positive || int_width_log2(value) != log2) return std::nullopt;
  return value;
}

std::optional<double> take_float(ByteView& in) {
  const auto bits = take_big_endian(in, 8);
  if (!bits) return std::nullopt;
  return double_from_bits((*bits & kSignBit) ? *bits ^ kSignBit : ~*bits);
}

std::optional<Bytes> take_escaped(ByteView& in) {
  Bytes text;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (in[i] != kEnd) {
      text.push_back(in[i]);
    } else if (i + 1 < in.size() && in[i + 1] == kEscape) {
      text.push_back(kEnd);
      ++i;
    } else {
      in = in.subspan(i + 1);
      return text;
    }
  }
  return std::nullopt;
}

std::optional<std::string> take_string(ByteView& in) {
  const auto text = take_escaped(in);
  if (!text) return std::nullopt;
  std::string utf8(text->begin(), text->end());
  if (!is_utf8(utf8)) return std::nullopt;
  return utf8;
}

template <typename T>
std::optional<KeyPart> as_part(std::optional<T> value) {
  if (!value) return std::nullopt;
  return KeyPart(std::move(*value));
}

std::optional<KeyPart> take_part(ByteView& in) {
  const std::uint8_t tag = in.front();
  in = in.subspan(1);
  switch (tag) {
    case kTagNull:
      return Null{};
    case kTagIntZero:
      return std::int64_t{0};
    case kTagFloat:
      return as_part(take_float(in));
    case kTagFalse:
      return false;
    case kTagTrue:
      return true;
    case kTagString:
      return as_part(take_string(in));
    case kTagBytes:
      return as_part(take_escaped(in));
    default:
      if (tag >= kTagIntZero - 4 && tag <= kTagIntZero + 4) return as_part(take_int(in, tag));
      return std::nullopt;
  }
}

}  // namespace

Result<Bytes> encode_sort_key(const Key& key) {
  Bytes out;
  out.reserve(64);
  for (const KeyPart& part : key) {
    std::visit(PartEncoder{out}, part);
    if (out.size() > kMaxKeyBytes) {
      return KvError{ErrorCode::kInvalidKey,
                     "The key is too long: its encoded form may take at most " +
                         std::to_string(kMaxKeyBytes) + " bytes."};
    }
  }
  return out;
}

Result<Bytes> encode_entry_key(const Key& key) {
  if (key.empty()) {
    return KvError{ErrorCode::kInvalidKey,
                   "The key is empty: an entry needs at least one key part, as in [\"settings\"]."};
  }
  return encode_sort_key(key);
}

Result<Key> decode_sort_key(ByteView bytes) {
  Key key;
  if (bytes.size() > kMaxKeyBytes) {
    return KvError{ErrorCode::kInvalidKey, "These bytes are too long for an encoded key."};
  }
  while (!bytes.empty()) {
    auto part = take_part(bytes);
    if (!part) return KvError{ErrorCode::kInvalidKey, "These bytes are not an encoded key."};
    key.push_back(std::move(*part));
  }
  return key;
}

}  // namespace convex_kv
