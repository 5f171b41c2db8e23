#include "mutator.hpp"

#include <algorithm>
#include <array>

namespace convex_kv::fuzz {

namespace {

// Ends and tags of the formats that inputs are in, and the edges of numbers.
constexpr std::array<std::uint8_t, 16> kTelling{0x00, 0x01, 0x02, 0x03, 0x05, 0x08, 0x0D, 0x10,
                                                0x11, 0x22, 0x7F, 0x80, 0xC0, 0xF4, 0xFE, 0xFF};
constexpr std::uint64_t kMostChanges = 8;

std::ptrdiff_t signed_of(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

}  // namespace

Bytes Mutator::next() {
  Bytes input = random_.pick(corpus_);
  // Mostly one or two: many leave little of what makes an input mean something.
  std::uint64_t changes = 1;
  while (changes < kMostChanges && random_.chance(50)) ++changes;
  for (; changes > 0; --changes) change(input);
  if (input.size() > kMostInputBytes) input.resize(kMostInputBytes);
  return input;
}

void Mutator::change(Bytes& input) {
  const std::size_t at = position_in(input);
  const bool has_byte = at < input.size();
  switch (random_.below(8)) {
    case 0:
      if (has_byte) input[at] = some_byte();
      return;
    case 1:
      if (has_byte) input[at] ^= static_cast<std::uint8_t>(1U << random_.below(8));
      return;
    case 2:
      if (has_byte) input[at] = static_cast<std::uint8_t>(input[at] + random_.between(-3, 3));
      return;
    case 3:
      return insert(input, at, {some_byte()});
    case 4: {
      const std::size_t length = std::min(piece_of(input).size(), input.size() - at);
      input.erase(input.begin() + signed_of(at), input.begin() + signed_of(at + length));
      return;
    }
    case 5:
      return insert(input, at, piece_of(input));
    case 6:
      return insert(input, at, piece_of(random_.pick(corpus_)));
    default: {
      // The beginning of this one, and the end of another.
      const Bytes& other = random_.pick(corpus_);
      input.resize(at);
      input.insert(input.end(), other.begin() + signed_of(position_in(other)), other.end());
      return;
    }
  }
}

std::uint8_t Mutator::some_byte() {
  return random_.chance(50) ? kTelling[random_.below(kTelling.size())]
                            : static_cast<std::uint8_t>(random_.below(256));
}

Bytes Mutator::piece_of(const Bytes& from) {
  const std::size_t start = position_in(from);
  const std::size_t most = random_.chance(70) ? 12 : from.size();
  const std::size_t length = std::min(random_.below(most + 1), from.size() - start);
  return {from.begin() + signed_of(start), from.begin() + signed_of(start + length)};
}

void Mutator::insert(Bytes& input, std::size_t at, const Bytes& piece) {
  input.insert(input.begin() + signed_of(at), piece.begin(), piece.end());
}

}  // namespace convex_kv::fuzz
