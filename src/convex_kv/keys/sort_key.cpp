#include "convex_kv/keys/sort_key.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/limits.hpp"
#include "convex_kv/base/utf8.hpp"

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

// The take_ functions read off the front of `in`, and return nullopt if it holds no such thing.

std::optional<std::uint64_t> take_big_endian(ByteView& in, std::size_t width) {
  if (in.size() < width) return std::nullopt;
  std::uint64_t bits = 0;
  for (const std::uint8_t byte : in.first(width)) bits = (bits << 8) | byte;
  in = in.subspan(width);
  return bits;
}

std::optional<std::int64_t> take_int(ByteView& in, int tag) {
  if (tag == kTagIntZero) return 0;
  if (tag < kTagIntZero - 4 || tag > kTagIntZero + 4) return std::nullopt;
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

// Takes one part, and passes it to `sink`; false if there is none.
bool take_part(ByteView& in, KeySink& sink) {
  const std::uint8_t tag = in.front();
  in = in.subspan(1);
  switch (tag) {
    case kTagNull:
      sink.null();
      return true;
    case kTagFloat: {
      const auto value = take_float(in);
      if (value) sink.float64(*value);
      return value.has_value();
    }
    case kTagFalse:
    case kTagTrue:
      sink.boolean(tag == kTagTrue);
      return true;
    case kTagString: {
      const auto text = take_escaped(in);
      if (!text) return false;
      const std::string_view utf8(reinterpret_cast<const char*>(text->data()), text->size());
      if (!is_utf8(utf8)) return false;
      sink.string(utf8);
      return true;
    }
    case kTagBytes: {
      const auto value = take_escaped(in);
      if (value) sink.bytes(*value);
      return value.has_value();
    }
    default: {
      const auto value = take_int(in, tag);
      if (value) sink.int64(*value);
      return value.has_value();
    }
  }
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

std::optional<KvError> tell_sort_key(ByteView bytes, KeySink& sink) {
  if (bytes.size() > kMaxKeyBytes) {
    return KvError{ErrorCode::kInvalidKey, "These bytes are too long for an encoded key."};
  }
  while (!bytes.empty()) {
    if (!take_part(bytes, sink)) {
      return KvError{ErrorCode::kInvalidKey, "These bytes are not an encoded key."};
    }
  }
  return std::nullopt;
}

Result<Bytes> encode_sort_key(const Key& key) {
  Bytes out;
  SortKeyWriter writer(out);
  tell_key(key, writer);
  if (auto error = check_prefix(out)) return std::move(*error);
  return out;
}

Result<Bytes> encode_entry_key(const Key& key) {
  auto out = encode_sort_key(key);
  if (!out) return out;
  if (auto error = check_entry(*out)) return std::move(*error);
  return out;
}

Result<Key> decode_sort_key(ByteView bytes) {
  KeyBuilder builder;
  if (auto error = tell_sort_key(bytes, builder)) return std::move(*error);
  return builder.take();
}

}  // namespace convex_kv
