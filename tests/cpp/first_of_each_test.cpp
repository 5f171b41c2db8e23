#include "convex_kv/keys/first_of_each.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "convex_kv/base/little_endian.hpp"
#include "support/hex.hpp"
#include "support/random.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace first_of_each_test {

namespace {

Bytes wire_of(const std::vector<Bytes>& paths) {
  Bytes wire;
  for (const Bytes& path : paths) {
    put_u32(wire, static_cast<std::uint32_t>(path.size()));
    append(wire, path);
  }
  return wire;
}

void check_firsts(const std::vector<Bytes>& paths) {
  const auto firsts = first_of_each(wire_of(paths));
  REQUIRE(firsts.has_value());
  REQUIRE(firsts->size() == 4 * paths.size());
  ByteView rest = *firsts;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::size_t first = 0;
    while (paths[first] != paths[i]) ++first;
    REQUIRE(take_u32(rest) == first);
  }
}

}  // namespace

TEST_SUITE("first_of_each") {
  TEST_CASE("first of each: exact bytes") {
    CHECK(hex(*first_of_each({})) == "");
    CHECK(hex(*first_of_each(from_hex("00000000"))) == "00000000");
    const Bytes wire = from_hex("01000000 07 00000000 01000000 07 02000000 0707 00000000");
    CHECK(hex(*first_of_each(wire)) == "0000000001000000000000000300000001000000");
  }

  TEST_CASE("each path's first one, in few and in many") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      std::vector<Bytes> paths(random.below(60));
      for (Bytes& path : paths) {
        for (std::uint64_t n = random.below(4); n > 0; --n) {
          path.push_back(static_cast<std::uint8_t>(random.chance(50) ? 0 : 255));
        }
      }
      check_firsts(paths);
    }
  }

  TEST_CASE("as many as the table has a power of two of, all different and all the same") {
    for (const std::size_t count : {1U, 2U, 3U, 4U, 127U, 128U, 129U}) {
      CAPTURE(count);
      std::vector<Bytes> paths(count, Bytes{7});
      check_firsts(paths);
      for (std::size_t i = 0; i < count; ++i) put_u32(paths[i], static_cast<std::uint32_t>(i));
      check_firsts(paths);
    }
  }

  TEST_CASE("first of each: malformed wires") {
    for (const char* wire :
         {"00", "000000", "01000000", "02000000 07", "ffffffff 07", "01000000 07 01"}) {
      CAPTURE(wire);
      CHECK_FALSE(first_of_each(from_hex(wire)).has_value());
    }
  }
}

}  // namespace first_of_each_test
