#include "random_key.hpp"
#include "key.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "convex_kv/base/float_bits.hpp"

namespace convex_kv::test {

namespace {

using Int = std::numeric_limits<std::int64_t>;
using Float = std::numeric_limits<double>;

std::int64_t random_int(Random& random) {
  static const std::vector<std::int64_t> edges{
      0, 127, -128, 255, 32767, -32768, 65535, 2147483647, -2147483648LL, 4294967295LL};
  switch (random.below(4)) {
    case 0:
      return random.between(-3, 3);
    case 1:
      return random.pick(edges) + random.between(-1, 1);
    case 2:
      return random.chance(50) ? Int::max() - random.between(0, 2)
                               : Int::min() + random.between(0, 2);
    default:
      return static_cast<std::int64_t>(random.bits()) >> random.below(64);
  }
}

double random_float(Random& random) {
  static const std::vector<double> edges{0.0,
                                         -0.0,
                                         1.0,
                                         -1.0,
                                         Float::infinity(),
                                         -Float::infinity(),
                                         Float::quiet_NaN(),
                                         Float::denorm_min(),
                                         -Float::denorm_min(),
                                         Float::min(),
                                         Float::max(),
                                         Float::lowest()};
  switch (random.below(3)) {
    case 0:
      return random.pick(edges);
    case 1:
      return static_cast<double>(random.between(-20, 20)) / 4;
    default: {
      const double value = double_from_bits(random.bits());
      return std::isnan(value) ? Float::quiet_NaN() : value;
    }
  }
}

std::string random_string(Random& random) {
  static const std::vector<std::string> letters{std::string(1, '\0'),
                                                "\x01",
                                                "a",
                                                "b",
                                                "\x7F",
                                                "\xC2\x80",
                                                "\xDF\xBF",
                                                "\xE0\xA0\x80",
                                                "\xED\x9F\xBF",
                                                "\xEE\x80\x80",
                                                "\xEF\xBB\xBF",
                                                "\xEF\xBF\xBF",
                                                "\xF0\x90\x80\x80",
                                                "\xF4\x8F\xBF\xBF"};
  std::string text;
  for (std::uint64_t n = random.below(5); n > 0; --n) text += random.pick(letters);
  return text;
}

Bytes random_bytes(Random& random) {
  static const std::vector<std::uint8_t> edges{0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF};
  Bytes bytes;
  for (std::uint64_t n = random.below(5); n > 0; --n) bytes.push_back(random.pick(edges));
  return bytes;
}

std::string random_name(Random& random) {
  static const std::vector<std::string> names{"", "a", "b", "aa", std::string("a\0b", 3), "z"};
  return random.pick(names);
}

}  // namespace

KeyPart random_part(Random& random) {
  switch (random.below(8)) {
    case 0:
      return Null{};
    case 1:
      return random.chance(50);
    case 2:
    case 3:
      return random_int(random);
    case 4:
    case 5:
      return random_float(random);
    case 6:
      return random_string(random);
    default:
      return random_bytes(random);
  }
}

Key random_key(Random& random, std::size_t most_parts) {
  Key key;
  for (std::uint64_t n = random.below(most_parts + 1); n > 0; --n) {
    key.push_back(random_part(random));
  }
  return key;
}

Key random_path(Random& random, std::size_t most_parts) {
  Key key;
  for (std::uint64_t n = random.below(most_parts + 1); n > 0; --n)
    key.emplace_back(random_name(random));
  return key;
}

Bytes random_beginning(Random& random) { return *encode_sort_key({random_name(random)}); }

}  // namespace convex_kv::test
