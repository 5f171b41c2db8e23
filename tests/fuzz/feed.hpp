// Choices made by the fuzzer: bytes of its input one after another, zeros once they are used up.
#pragma once

#include <cstdint>
#include <string>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/budget/rows.hpp"

namespace convex_kv::fuzz {

class Feed {
 public:
  explicit Feed(ByteView input) : rest_(input) {}

  bool is_empty() const { return rest_.empty(); }
  std::uint8_t byte();
  std::uint32_t number();
  double time();
  // Up to the next FF, or to the end.
  Bytes bytes();
  std::string text();
  ByteView rest() const { return rest_; }

  Row row();

 private:
  ByteView rest_;
};

// Ends the program, for the fuzzer to keep the input, unless `holds`.
void require(bool holds);

}  // namespace convex_kv::fuzz
