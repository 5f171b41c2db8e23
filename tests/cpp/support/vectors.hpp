// The vectors below tests/vectors, which the tests of every language read.
#include "key.hpp"
#pragma once

#include <string>
#include <vector>

namespace convex_kv::test {

// keys.json: a key and exactly the bytes that it encodes to.
struct KeyVector {
  std::string name;
  Key key;
  Bytes bytes;
};
const std::vector<KeyVector>& key_vectors();

// ranges.json: whether a prefix covers a key.
struct RangeVector {
  std::string name;
  Key prefix;
  Key key;
  bool covered;
};
const std::vector<RangeVector>& range_vectors();

}  // namespace convex_kv::test
