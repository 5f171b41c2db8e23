// Makes inputs for a fuzz target out of those that are known, without looking at what they cover:
// the same inputs on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "support/random.hpp"

namespace convex_kv::fuzz {

// Longest input that is made, in bytes.
inline constexpr std::size_t kMostInputBytes = 1024;

class Mutator {
 public:
  // `corpus` are the inputs to set out from; not empty.
  Mutator(std::vector<Bytes> corpus, std::uint64_t seed)
      : corpus_(std::move(corpus)), random_(seed) {}

  // One of them with up to eight changes: bytes set, flipped, inserted, left out or repeated, and
  // pieces of others put in.
  Bytes next();

 private:
  void change(Bytes& input);
  std::uint8_t some_byte();
  std::size_t position_in(const Bytes& input) { return random_.below(input.size() + 1); }
  // A piece of `from`, mostly short.
  Bytes piece_of(const Bytes& from);
  static void insert(Bytes& input, std::size_t at, const Bytes& piece);

  std::vector<Bytes> corpus_;
  test::Random random_;
};

}  // namespace convex_kv::fuzz
