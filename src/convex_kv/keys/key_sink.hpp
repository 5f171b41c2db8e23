// A visitor of a key's parts. A reader of any form of keys passes the parts to a sink, and there is
// a sink that writes each form. So a key goes from one form into another without a Key in between.
#pragma once

#include <cstdint>
#include <string_view>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

// Takes a key's parts in order. Its arguments live no longer than the call.
class KeySink {
 public:
  virtual void null() = 0;
  virtual void int64(std::int64_t value) = 0;
  virtual void float64(double value) = 0;
  virtual void boolean(bool value) = 0;
  virtual void string(std::string_view utf8) = 0;  // well-formed
  virtual void bytes(ByteView value) = 0;

 protected:
  ~KeySink() = default;  // nobody owns a sink by this type
};

}  // namespace convex_kv
