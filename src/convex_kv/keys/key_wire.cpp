#include "convex_kv/keys/key_wire.hpp"

#include <string>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"
#include "convex_kv/base/utf8.hpp"

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

KvError malformed_wire() {
  return KvError{ErrorCode::kInvalidRequest, "The key did not cross into the core in one piece."};
}

KvError lone_surrogate(std::size_t position) {
  return KvError{ErrorCode::kInvalidKey,
                 "Part " + std::to_string(position) +
                     " of the key (counted from 0) holds a lone surrogate: strings must be "
                     "well-formed Unicode."};
}

}  // namespace

std::optional<KvError> tell_key_wire(ByteView wire, KeySink& sink) {
  std::string text;
  for (std::size_t position = 0; !wire.empty(); ++position) {
    const std::uint8_t tag = wire.front();
    wire = wire.subspan(1);
    switch (tag) {
      case kNull:
        sink.null();
        break;
      case kInt64:
      case kFloat64: {
        const auto bits = take_u64(wire);
        if (!bits) return malformed_wire();
        if (tag == kInt64) {
          sink.int64(static_cast<std::int64_t>(*bits));
        } else {
          sink.float64(double_from_bits(*bits));
        }
        break;
      }
      case kFalse:
      case kTrue:
        sink.boolean(tag == kTrue);
        break;
      case kString: {
        const auto units = take_counted(wire, 2);
        if (!units) return malformed_wire();
        text.clear();
        if (!append_utf8(text, *units)) return lone_surrogate(position);
        sink.string(text);
        break;
      }
      case kBytes: {
        const auto value = take_counted(wire, 1);
        if (!value) return malformed_wire();
        sink.bytes(*value);
        break;
      }
      default:
        return malformed_wire();
    }
  }
  return std::nullopt;
}

void KeyWireWriter::null() { out_.push_back(kNull); }

void KeyWireWriter::int64(std::int64_t value) {
  out_.push_back(kInt64);
  put_u64(out_, static_cast<std::uint64_t>(value));
}

void KeyWireWriter::float64(double value) {
  out_.push_back(kFloat64);
  put_u64(out_, bits_from_double(value));
}

void KeyWireWriter::boolean(bool value) { out_.push_back(value ? kTrue : kFalse); }

void KeyWireWriter::string(std::string_view utf8) {
  out_.push_back(kString);
  const std::size_t count_at = out_.size();
  put_u32(out_, 0);
  append_utf16(out_, utf8);
  const std::size_t units = (out_.size() - count_at - 4) / 2;
  set_u32(out_, count_at, static_cast<std::uint32_t>(units));
}

void KeyWireWriter::bytes(ByteView value) {
  out_.push_back(kBytes);
  put_u32(out_, static_cast<std::uint32_t>(value.size()));
  append(out_, value);
}

Result<Key> key_from_wire(ByteView wire) {
  KeyBuilder builder;
  if (auto error = tell_key_wire(wire, builder)) return std::move(*error);
  return builder.take();
}

Bytes key_to_wire(const Key& key) {
  Bytes out;
  KeyWireWriter writer(out);
  tell_key(key, writer);
  return out;
}

}  // namespace convex_kv
