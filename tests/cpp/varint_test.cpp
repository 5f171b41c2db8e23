#include "convex_kv/base/varint.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using namespace convex_kv;

namespace varint_test {

TEST_CASE("varint: numbers come back, in as few bytes as they need") {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  for (int bits = 0; bits < 64; ++bits) {
    for (const std::uint64_t value : {std::uint64_t{1} << bits, most >> bits}) {
      Bytes wire;
      put_varint(wire, value);
      std::size_t length = 1;
      for (std::uint64_t rest = value >> 7; rest > 0; rest >>= 7) ++length;
      CHECK(wire.size() == length);
      wire.push_back(0x55);
      ByteView in = wire;
      CHECK(take_varint(in) == value);
      CHECK(in.size() == 1);
    }
  }
}

TEST_CASE("varint: what is short, too long or beyond 64 bits is none, and stays") {
  Bytes eleven(10, 0x80);
  eleven.push_back(0x01);
  Bytes beyond(9, 0xFF);
  beyond.push_back(0x02);
  for (const Bytes& wire : {Bytes{}, Bytes{0x80}, Bytes{0xFF, 0xFF}, Bytes{0x80, 0x00},
                            Bytes{0x81, 0x80, 0x00}, eleven, beyond}) {
    ByteView in = wire;
    CHECK(!take_varint(in));
    CHECK(in.size() == wire.size());
  }
}

}  // namespace varint_test
