#include "convex_kv/counted/exact_sum.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "convex_kv/base/float_bits.hpp"
#include "support/random.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace exact_sum_test {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMost = std::numeric_limits<double>::max();
constexpr double kLeast = std::numeric_limits<double>::denorm_min();

ExactSum sum_of(const std::vector<double>& numbers) {
  ExactSum sum;
  for (const double number : numbers) sum.add(number);
  return sum;
}

Bytes wire_of(const ExactSum& sum) {
  Bytes wire;
  sum.put(wire);
  return wire;
}

// The same bits, or both NaN.
bool is_same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || bits_from_double(a) == bits_from_double(b);
}

// Of any size, many of the same.
double random_number(Random& random) {
  switch (random.below(6)) {
    case 0:
      return static_cast<double>(random.between(-1000, 1000));
    case 1:
      return std::ldexp(static_cast<double>(random.between(-9, 9)),
                        static_cast<int>(random.between(-1074, 1020)));
    case 2:
      return random.pick(std::vector<double>{0.1, -0.1, kLeast, -kLeast, kMost, -kMost, 0, -0.0});
    case 3:
      return random.chance(90) ? 1 : random.pick(std::vector<double>{kInfinity, -kInfinity});
    default: {
      const double number = double_from_bits(random.bits());
      return std::isnan(number) && random.chance(95) ? 0.5 : number;
    }
  }
}

}  // namespace

TEST_CASE("exact sum: a number alone is itself") {
  Random random(1);
  CHECK(is_same(ExactSum().value(), 0));
  for (int i = 0; i < 3000; ++i) {
    const double number = random_number(random);
    INFO(number);
    const double expected = number == 0 ? 0 : number;
    CHECK(is_same(sum_of({number}).value(), expected));
  }
}

TEST_CASE("exact sum: of two numbers it is what the machine makes of them") {
  Random random(2);
  for (int i = 0; i < 5000; ++i) {
    const double a = random_number(random);
    const double b = random_number(random);
    INFO(a, " ", b);
    const double expected = a + b;
    CHECK(is_same(sum_of({a, b}).value(), expected == 0 ? 0 : expected));
  }
}

TEST_CASE("exact sum: nothing is lost on the way, and it is rounded once") {
  CHECK(sum_of({1e100, 1, -1e100}).value() == 1);
  CHECK(sum_of({kMost, kMost, -kMost}).value() == kMost);
  CHECK(sum_of({kMost, kMost}).value() == kInfinity);
  CHECK(sum_of({-kMost, -kMost}).value() == -kInfinity);
  CHECK(sum_of(std::vector<double>(10, 0.1)).value() == 1);
  // Half-way between two: to the even one, unless there is more.
  const double two53 = 9007199254740992.0;
  CHECK(sum_of({two53, 1}).value() == two53);
  CHECK(sum_of({two53, 1, kLeast}).value() == two53 + 2);
  CHECK(sum_of({two53, 2, 1}).value() == two53 + 4);
  CHECK(sum_of({-two53, -1, -kLeast}).value() == -two53 - 2);
  // The largest, and half of its last bit: to infinity.
  const double half = std::ldexp(1.0, 970);
  CHECK(sum_of({kMost, half}).value() == kInfinity);
  CHECK(sum_of({kMost, half, -kLeast}).value() == kMost);
}

TEST_CASE("exact sum: what is no finite number counts while it is there") {
  ExactSum sum = sum_of({1, kInfinity});
  CHECK(sum.value() == kInfinity);
  sum.add(-kInfinity);
  CHECK(std::isnan(sum.value()));
  sum.subtract(kInfinity);
  CHECK(sum.value() == -kInfinity);
  sum.subtract(-kInfinity);
  CHECK(sum.value() == 1);
  sum.add(std::nan(""));
  CHECK(std::isnan(sum.value()));
  sum.subtract(-std::nan(""));
  CHECK(sum == sum_of({1}));
}

TEST_CASE("exact sum: the order of what comes and goes does not matter, nor does the grouping") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    INFO("seed ", seed);
    Random random(seed);
    std::vector<double> numbers;
    for (std::uint64_t left = random.below(30); left > 0; --left) {
      numbers.push_back(random_number(random));
    }
    const ExactSum expected = sum_of(numbers);
    // Some come and go, others are in a part of their own.
    std::vector<double> gone;
    for (std::uint64_t left = random.below(10); left > 0; --left) {
      gone.push_back(random_number(random));
    }
    std::shuffle(numbers.begin(), numbers.end(), std::mt19937_64(seed));
    ExactSum one = sum_of(gone);
    ExactSum other;
    for (const double number : numbers) (random.chance(50) ? one : other).add(number);
    for (const double number : gone) one.subtract(number);
    one.add(other);
    CHECK(one == expected);
    CHECK(wire_of(one) == wire_of(expected));
    CHECK(is_same(one.value(), expected.value()));

    const Bytes wire = wire_of(expected);
    ByteView in = wire;
    const auto again = ExactSum::take(in);
    REQUIRE(again.has_value());
    CHECK(in.empty());
    CHECK(*again == expected);
    // Nor is any beginning of it a sum.
    for (std::size_t length = 0; length < wire.size(); ++length) {
      ByteView part = ByteView(wire).first(length);
      CHECK(!ExactSum::take(part));
    }
  }
}

TEST_CASE("exact sum: whole numbers take few bytes") {
  CHECK(wire_of(ExactSum()).size() == 1);
  CHECK(wire_of(sum_of({1})).size() == 6);
  CHECK(wire_of(sum_of({123456, 7})).size() <= 10);
}

TEST_CASE("exact sum: each sum has one form") {
  const auto is_none = [](const Bytes& wire) {
    ByteView in = wire;
    return !ExactSum::take(in) && in.size() == wire.size();
  };
  CHECK(is_none({0x02}));                                // minus zero
  CHECK(is_none({0x04, 0x05, 0, 0, 0, 0}));              // a limb of nothing
  CHECK(is_none({0x08, 0x05, 1, 0, 0, 0, 0, 0, 0, 0}));  // one behind
  CHECK(is_none({0x08, 0x05, 0, 0, 0, 0, 1, 0, 0, 0}));  // one in front
  CHECK(is_none({0x04, 0x45, 1, 0, 0, 0}));              // a limb that there is not
  CHECK(is_none({0x04, 0x44, 0, 0, 0, 0x80}));           // the sign's bit
  CHECK(is_none({0x01, 0, 0, 0}));                       // no infinity
  CHECK(!is_none({0x04, 0x44, 0, 0, 0, 0x40}));
}

}  // namespace exact_sum_test
