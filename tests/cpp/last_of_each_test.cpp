#include "last_of_each.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "little_endian.hpp"
#include "support/hex.hpp"
#include "support/random.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

TEST_SUITE("last_of_each") {
  TEST_CASE("exact bytes") {
    CHECK(hex(*marks_of_last({})) == "");
    CHECK(hex(*marks_of_last(from_hex("00000000"))) == "01");
    const Bytes wire = from_hex("01000000 07 00000000 01000000 07 02000000 0707 01000000 08");
    CHECK(hex(*marks_of_last(wire)) == "0001010101");
  }

  TEST_CASE("each path's last one is marked, and no other") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      std::vector<Bytes> paths(random.below(60));
      Bytes wire;
      for (Bytes& path : paths) {
        for (std::uint64_t n = random.below(4); n > 0; --n) {
          path.push_back(static_cast<std::uint8_t>(random.chance(50) ? 0 : 255));
        }
        put_u32(wire, static_cast<std::uint32_t>(path.size()));
        append(wire, path);
      }
      const auto marks = marks_of_last(wire);
      REQUIRE(marks.has_value());
      REQUIRE(marks->size() == paths.size());
      for (std::size_t i = 0; i < paths.size(); ++i) {
        bool is_last = true;
        for (std::size_t j = i + 1; j < paths.size(); ++j) is_last &= paths[j] != paths[i];
        REQUIRE((*marks)[i] == (is_last ? 1 : 0));
      }
    }
  }

  TEST_CASE("malformed wires") {
    for (const char* wire :
         {"00", "000000", "01000000", "02000000 07", "ffffffff 07", "01000000 07 01"}) {
      CAPTURE(wire);
      CHECK_FALSE(marks_of_last(from_hex(wire)).has_value());
    }
  }
}
