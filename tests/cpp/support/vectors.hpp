// The vectors below tests/vectors, which the tests of every language read.
#pragma once

#include <string>
#include <vector>

#include "convex_kv/keys/key.hpp"

namespace convex_kv::test {

// keys.json: a key and exactly the bytes that it encodes to.
struct KeyVector {
  std::string name;
  Key key;
  Bytes bytes;
};
const std::vector<KeyVector>& key_vectors();

// hostile.json: bytes that no key encodes to.
struct HostileVector {
  std::string name;
  Bytes bytes;
};
const std::vector<HostileVector>& hostile_vectors();

// ranges.json: whether a prefix covers a key.
struct RangeVector {
  std::string name;
  Key prefix;
  Key key;
  bool covered;
};
const std::vector<RangeVector>& range_vectors();

}  // namespace convex_kv::test
