// A key: a path of Convex scalars, from the root down.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/keys/key_sink.hpp"

namespace convex_kv {

struct Null {
  friend bool operator==(Null, Null) = default;
};

// One step of a key. The alternatives are in the order in which Convex sorts types. Strings hold
// valid UTF-8, and so never a lone surrogate; int64 is a JS bigint; double keeps -0 and the bits of
// NaN.
using KeyPart = std::variant<Null, std::int64_t, double, bool, std::string, Bytes>;

// The empty key is the root: a prefix of everything, but no place for an entry.
using Key = std::vector<KeyPart>;

// Passes the parts of `key` to `sink`.
void tell_key(const Key& key, KeySink& sink);

// The sink that makes a Key.
class KeyBuilder final : public KeySink {
 public:
  void null() override;
  void int64(std::int64_t value) override;
  void float64(double value) override;
  void boolean(bool value) override;
  void string(std::string_view utf8) override;
  void bytes(ByteView value) override;

  Key take() { return std::move(key_); }

 private:
  Key key_;
};

// Whether two keys encode to the same bytes: -0 and 0 differ, a NaN equals itself.
bool same_key(const Key& a, const Key& b);

}  // namespace convex_kv
