#include "key_wire.hpp"

#include <optional>

#include "float_bits.hpp"
#include "little_endian.hpp"
#include "utf8.hpp"

namespace convex_kv {

namespace {

enum Tag : std::uint8_t { kNull, kInt64, kFloat64, kFalse, kTrue, kString, kBytes };

std::optional<ByteView> take_counted(ByteView& in, std::size_t unit_size) {
  const auto count = take_u32(in);
  if (!count || *count > in.size() / unit_size) return std::nullopt;
  const ByteView payload = in.first(*count * unit_size);
  in = in.subspan(payload.size());
  return payload;
}

std::u16string utf16_units(ByteView payload) {
  std::u16string text;
  text.reserve(payload.size() / 2);
  for (std::size_t i = 0; i + 1 < payload.size(); i += 2) {
    text.push_back(static_cast<char16_t>(payload[i] | payload[i + 1] << 8));
  }
  return text;
}

KvError malformed() {
  return KvError{ErrorCode::kInvalidRequest, "The key did not cross into the core in one piece."};
}

Result<KeyPart> take_part(ByteView& in, std::size_t position) {
  const std::uint8_t tag = in.front();
  in = in.subspan(1);
  switch (tag) {
    case kNull:
      return KeyPart(Null{});
    case kInt64:
      if (const auto bits = take_u64(in)) return KeyPart(static_cast<std::int64_t>(*bits));
      return malformed();
    case kFloat64:
      if (const auto bits = take_u64(in)) return KeyPart(double_from_bits(*bits));
      return malformed();
    case kFalse:
      return KeyPart(false);
    case kTrue:
      return KeyPart(true);
    case kString: {
      const auto payload = take_counted(in, 2);
      if (!payload) return malformed();
      auto text = utf8_from_utf16(utf16_units(*payload));
      if (text) return KeyPart(std::move(*text));
      return KvError{ErrorCode::kInvalidKey,
                     "Part " + std::to_string(position) +
                         " of the key (counted from 0) holds a lone surrogate: strings must be "
                         "well-formed Unicode."};
    }
    case kBytes: {
      const auto payload = take_counted(in, 1);
      if (!payload) return malformed();
      return KeyPart(Bytes(payload->begin(), payload->end()));
    }
    default:
      return malformed();
  }
}

struct PartWriter {
  Bytes& out;

  void operator()(Null) const { out.push_back(kNull); }
  void operator()(std::int64_t value) const {
    out.push_back(kInt64);
    put_u64(out, static_cast<std::uint64_t>(value));
  }
  void operator()(double value) const {
    out.push_back(kFloat64);
    put_u64(out, bits_from_double(value));
  }
  void operator()(bool value) const { out.push_back(value ? kTrue : kFalse); }
  void operator()(const std::string& value) const {
    // A Key's strings are valid UTF-8, so there always is a UTF-16 form.
    const std::u16string text = utf16_from_utf8(value).value_or(std::u16string());
    out.push_back(kString);
    put_u32(out, static_cast<std::uint32_t>(text.size()));
    for (const char16_t unit : text) {
      out.push_back(static_cast<std::uint8_t>(unit));
      out.push_back(static_cast<std::uint8_t>(unit >> 8));
    }
  }
  void operator()(const Bytes& value) const {
    out.push_back(kBytes);
    put_u32(out, static_cast<std::uint32_t>(value.size()));
    append(out, value);
  }
};

}  // namespace

Result<Key> key_from_wire(ByteView wire) {
  Key key;
  while (!wire.empty()) {
    auto part = take_part(wire, key.size());
    if (!part) return part.error();
    key.push_back(std::move(*part));
  }
  return key;
}

Bytes key_to_wire(const Key& key) {
  Bytes out;
  for (const KeyPart& part : key) std::visit(PartWriter{out}, part);
  return out;
}

}  // namespace convex_kv
