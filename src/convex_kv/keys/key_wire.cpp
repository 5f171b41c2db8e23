#include "convex_kv/keys/key_wire.hpp"

#include <string>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"
#include "convex_kv/base/utf8.hpp"
#include "convex_kv/keys/sort_key.hpp"

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

std::optional<KvError> sort_key_from_wire(ByteView wire, Bytes& out) {
  SortKeyWriter writer(out);
  std::string text;
  for (std::size_t position = 0; !wire.empty(); ++position) {
    const std::uint8_t tag = wire.front();
    wire = wire.subspan(1);
    switch (tag) {
      case kNull:
        writer.null();
        break;
      case kInt64:
      case kFloat64: {
        const auto bits = take_u64(wire);
        if (!bits) return malformed_wire();
        if (tag == kInt64) {
          writer.int64(static_cast<std::int64_t>(*bits));
        } else {
          writer.float64(double_from_bits(*bits));
        }
        break;
      }
      case kFalse:
      case kTrue:
        writer.boolean(tag == kTrue);
        break;
      case kString: {
        const auto units = take_counted(wire, 2);
        if (!units) return malformed_wire();
        text.clear();
        if (!append_utf8(text, *units)) return lone_surrogate(position);
        writer.string(text);
        break;
      }
      case kBytes: {
        const auto value = take_counted(wire, 1);
        if (!value) return malformed_wire();
        writer.bytes(*value);
        break;
      }
      default:
        return malformed_wire();
    }
  }
  return std::nullopt;
}

}  // namespace convex_kv
