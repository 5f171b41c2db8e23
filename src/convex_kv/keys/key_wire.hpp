// The flat form in which keys cross between JavaScript and the core: cheap to write from either
// side, with no order and no life beyond a call. js/core/keyWire.ts is its other half.
//
// Each part is a tag byte and a payload, numbers little-endian:
//   0 null   1 int64, 8 bytes   2 float64, 8 bytes   3 false   4 true
//   5 string: u32 count of UTF-16 units, the units   6 bytes: u32 count, the bytes
//
// Text crosses as UTF-16, JavaScript's own form, since TextDecoder drops a leading U+FEFF and
// TextEncoder replaces lone surrogates when that should be an error.
#pragma once

#include <optional>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"
#include "convex_kv/keys/key.hpp"
#include "convex_kv/keys/key_sink.hpp"

namespace convex_kv {

// invalid_key for a string with a lone surrogate, invalid_request for malformed bytes. Safe for any
// input.
Result<Key> key_from_wire(ByteView wire);

Bytes key_to_wire(const Key& key);

// Passes the parts of the key in `wire` to `sink`. The errors are those of key_from_wire, and may
// come after some parts were passed.
std::optional<KvError> tell_key_wire(ByteView wire, KeySink& sink);

// The sink that appends a key's wire form to `out`.
class KeyWireWriter final : public KeySink {
 public:
  explicit KeyWireWriter(Bytes& out) : out_(out) {}

  void null() override;
  void int64(std::int64_t value) override;
  void float64(double value) override;
  void boolean(bool value) override;
  void string(std::string_view utf8) override;
  void bytes(ByteView value) override;

 private:
  Bytes& out_;
};

}  // namespace convex_kv
