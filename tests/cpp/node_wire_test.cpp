// The tests of the tree, and its fuzz target, encode and decode many nodes. Here is what is none.
#include "convex_kv/counted/node_wire.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "support/hex.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace node_wire_test {

namespace {

Leaf a_leaf() {
  return {{.path = {0x10, 0x61}, .expires_at = 5, .number = 0},
          {.path = {0x10, 0x62}, .number = -0.5},
          {.path = {0x10, 0x62, 0x00}}};
}

Branch a_branch() {
  Branch branch;
  branch.share = 300;
  Summary summary;
  for (const CountedEntry& entry : a_leaf()) summary.add(entry);
  branch.children.push_back({.start = {}, .id = "one", .summary = summary, .buffer = {}});
  branch.children.push_back({.start = {0x10, 0x63}, .id = "", .summary = {}, .buffer = {}});
  branch.children.back().summary.add(CountedEntry{.path = {0x10, 0x63}});
  branch.children.back().buffer = {{.path = {0x10, 0x63}, .entry = {}, .before = {}},
                                   {.path = {0x10, 0x64},
                                    .entry = CountedEntry{.path = {0x10, 0x64}, .expires_at = 7},
                                    .before = {}}};
  return branch;
}

}  // namespace

TEST_CASE("node wire: nodes come back, and no part of one is a node") {
  const Bytes leaf = encode_leaf(a_leaf());
  REQUIRE(decode_leaf(leaf).has_value());
  CHECK(encode_leaf(*decode_leaf(leaf)) == leaf);
  CHECK(decode_leaf(leaf)->at(1).number == -0.5);
  const Bytes branch = encode_branch(a_branch());
  CHECK(decode_branch(branch) == a_branch());
  for (std::size_t length = 0; length < leaf.size(); ++length) {
    CHECK(!decode_leaf(ByteView(leaf).first(length)));
  }
  for (std::size_t length = 0; length < branch.size(); ++length) {
    CHECK(!decode_branch(ByteView(branch).first(length)));
  }
  CHECK(!decode_leaf(branch));
  CHECK(!decode_branch(leaf));
}

TEST_CASE("node wire: what is out of order, or in another form, is no leaf") {
  for (const char* wire : {
           "",
           "03 00",                                      // another kind
           "01 00 00",                                   // more behind it
           "01 01 00 00 04",                             // an unknown flag
           "01 02 00 01 61 00 00 01 62 00 00",           // more behind it
           "01 02 00 01 62 00 00 01 61 00",              // descending
           "01 02 00 01 61 00 01 00 00",                 // twice
           "01 02 00 02 61 61 00 00 02 61 62 00",        // shares more than it tells
           "01 02 00 01 61 00 02 01 62 00",              // shares more than there is
           "01 01 00 01 61 01 00 00 00 00 00 00 f0 7f",  // expires never
           "01 01 00 01 61 01 00 00 00 00 00 00 00 80",  // at minus zero
           "01 01 00 01 61 01 00 00 00 00 00 00 f8 7f",  // at no time
           "01 01 00 01 61 02 00 00 00 00 00 00 00 00",  // a zero that is told
           "01 ff ff ff ff 0f 00",                       // so many there cannot be
       }) {
    INFO(wire);
    CHECK(!decode_leaf(from_hex(wire)));
  }
  CHECK(decode_leaf(from_hex("01 00")).has_value());
  CHECK(decode_leaf(from_hex("01 02 00 01 61 00 00 01 62 00")).has_value());
}

TEST_CASE("node wire: what is out of order, or in another form, is no branch") {
  for (const char* wire : {
           "02 00 00 00",                                         // more behind it
           "02 00 01 00 00 00 01 00 02",                          // a buffer that is not there
           "02 00 01 00 00 00 80 80 80 80 20 00 00",              // more entries than there can be
           "02 80 80 80 80 20 00",                                // a larger share
           "02 00 02 00 01 62 00 01 00 00 00 01 61 00 01 00 00",  // descending
           "02 00 01 00 00 00 00 00 00",                          // a leaf of no entries
           "02 00 01 00 00 00 01 00 02 00",                       // no changes, which are told
           "02 00 01 00 01 62 00 01 00 02 01 00 01 61 04",        // before the leaf
           "02 00 01 00 00 00 01 00 02 01 00 01 61 05",           // gone, and yet it expires
           "02 00 01 00 00 00 01 00 02 02 00 01 61 04 01 00 04",  // twice
           "02 00 01 00 00 00 01 00 04",                          // an unknown flag
           // It expires first at 2 and last at 1; at minus zero.
           "02 00 01 00 00 00 01 00 01 00 00 00 00 00 00 00 40 00 00 00 00 00 00 f0 3f",
           "02 00 01 00 00 00 01 00 01 00 00 00 00 00 00 00 80 00 00 00 00 00 00 f0 3f",
       }) {
    INFO(wire);
    CHECK(!decode_branch(from_hex(wire)));
  }
  CHECK(decode_branch(from_hex("02 00 00")).has_value());
  CHECK(decode_branch(from_hex("02 00 01 00 00 00 01 00 00")).has_value());
  CHECK(decode_branch(from_hex("02 00 01 00 00 00 00 00 02 01 00 01 61 04")).has_value());
}

}  // namespace node_wire_test
