#include "convex_kv/rules/number_operation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <variant>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"
#include "support/hex.hpp"
#include "support/random.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace number_operation_test {

namespace {

using Float = std::numeric_limits<double>;
using Int = std::numeric_limits<std::int64_t>;
using enum NumberOperation;

struct None {};
struct Other {};
using Value = std::variant<None, std::int64_t, double, Other>;

constexpr double kNaN = Float::quiet_NaN();
constexpr double kInfinity = Float::infinity();

void put(Bytes& wire, const Value& value) {
  wire.push_back(static_cast<std::uint8_t>(value.index()));
  std::uint64_t bits = 0x5A5A5A5A5A5A5A5A;  // which nobody is to look at
  if (const auto* n = std::get_if<std::int64_t>(&value)) bits = static_cast<std::uint64_t>(*n);
  if (const auto* n = std::get_if<double>(&value)) bits = bits_from_double(*n);
  put_u64(wire, bits);
}

Bytes wire_of(const Value& stored, const Value& operand, std::string_view key = R"(["a", 1])") {
  Bytes wire;
  put(wire, stored);
  put(wire, operand);
  append(wire, bytes_of(key));
  return wire;
}

// The result's bytes: of floats, -0 and 0 are to be told apart.
std::string result(NumberOperation operation, const Value& stored, const Value& operand) {
  Bytes result = from_hex("0102030405060708090a");  // of an earlier call
  const auto error = apply_operation(operation, wire_of(stored, operand), result);
  REQUIRE_FALSE(error.has_value());
  return hex(result);
}

std::optional<KvError> error_of(NumberOperation operation, ByteView wire) {
  Bytes result;
  return apply_operation(operation, wire, result);
}

std::string tagged(const Value& value) {
  Bytes wire;
  put(wire, value);
  return hex(wire);
}

std::string refusal(NumberOperation operation, const Value& stored, const Value& operand) {
  const auto error = error_of(operation, wire_of(stored, operand));
  REQUIRE(error.has_value());
  CHECK(error->code == ErrorCode::kInvalidValue);
  const std::string start = " cannot be done on the entry at [\"a\", 1]: ";
  REQUIRE(error->message.find(start) == 3);
  return error->message.substr(3 + start.size());
}

std::int64_t i(std::int64_t n) { return n; }

}  // namespace

TEST_SUITE("number_operation") {
  TEST_CASE("without an entry the operand is what is stored") {
    for (const auto operation : {kSum, kMin, kMax}) {
      for (const Value& operand : {Value(i(0)), Value(Int::min()), Value(Int::max()), Value(0.0),
                                   Value(-0.0), Value(1.5), Value(Float::max())}) {
        CHECK(result(operation, None(), operand) == tagged(operand));
      }
    }
  }

  TEST_CASE("int64") {
    CHECK(result(kSum, i(2), i(3)) == tagged(i(5)));
    CHECK(result(kSum, i(2), i(-3)) == tagged(i(-1)));
    CHECK(result(kMin, i(-2), i(3)) == tagged(i(-2)));
    CHECK(result(kMin, i(3), i(-2)) == tagged(i(-2)));
    CHECK(result(kMax, i(-2), i(3)) == tagged(i(3)));
    CHECK(result(kMax, i(3), i(-2)) == tagged(i(3)));
    CHECK(result(kMin, Int::min(), Int::max()) == tagged(Int::min()));
    CHECK(result(kMax, Int::min(), Int::max()) == tagged(Int::max()));
  }

  TEST_CASE("sums up to the ends of int64, and beyond") {
    CHECK(result(kSum, Int::max() - 1, i(1)) == tagged(Int::max()));
    CHECK(result(kSum, Int::min() + 1, i(-1)) == tagged(Int::min()));
    CHECK(result(kSum, Int::max(), Int::min()) == tagged(i(-1)));
    CHECK(result(kSum, Int::max(), i(0)) == tagged(Int::max()));
    for (const auto& [a, b] : {std::pair{Int::max(), i(1)},
                               {i(1), Int::max()},
                               {Int::min(), i(-1)},
                               {i(-1), Int::min()},
                               {Int::min(), Int::min()},
                               {Int::max(), Int::max()}}) {
      CHECK(refusal(kSum, a, b) == "the sum is beyond 64 bits. It must be from -2^63 to 2^63 - 1.");
    }
  }

  TEST_CASE("float64") {
    CHECK(result(kSum, 0.1, 0.2) == tagged(0.1 + 0.2));
    CHECK(result(kSum, 9007199254740992.0, 1.0) == tagged(9007199254740992.0));
    CHECK(result(kMin, 1.5, -2.5) == tagged(-2.5));
    CHECK(result(kMax, 1.5, -2.5) == tagged(1.5));
    CHECK(result(kSum, Float::denorm_min(), Float::denorm_min()) ==
          tagged(2 * Float::denorm_min()));
  }

  TEST_CASE("-0 is below 0, as for Math.min and Math.max") {
    CHECK(result(kMin, 0.0, -0.0) == tagged(-0.0));
    CHECK(result(kMin, -0.0, 0.0) == tagged(-0.0));
    CHECK(result(kMax, 0.0, -0.0) == tagged(0.0));
    CHECK(result(kMax, -0.0, 0.0) == tagged(0.0));
    CHECK(result(kMin, -0.0, -0.0) == tagged(-0.0));
    CHECK(result(kMax, -0.0, -0.0) == tagged(-0.0));
    CHECK(result(kSum, -0.0, -0.0) == tagged(-0.0));
    CHECK(result(kSum, 0.0, -0.0) == tagged(0.0));
  }

  TEST_CASE("infinities count, as long as the result is none") {
    CHECK(result(kMin, 5.0, kInfinity) == tagged(5.0));
    CHECK(result(kMax, 5.0, -kInfinity) == tagged(5.0));
    CHECK(result(kMin, kInfinity, 5.0) == tagged(5.0));
    const std::string not_finite = "the result is not finite.";
    CHECK(refusal(kMax, 5.0, kInfinity) == not_finite);
    CHECK(refusal(kMax, kInfinity, 5.0) == not_finite);
    CHECK(refusal(kSum, kInfinity, -kInfinity) == not_finite);
    CHECK(refusal(kSum, 1.0, kInfinity) == not_finite);
    CHECK(refusal(kSum, Float::max(), Float::max()) == not_finite);
    CHECK(refusal(kSum, Float::lowest(), Float::lowest()) == not_finite);
    CHECK(refusal(kMin, None(), -kInfinity) == not_finite);
  }

  TEST_CASE("NaN") {
    for (const auto operation : {kSum, kMin, kMax}) {
      for (const Value& stored : {Value(None()), Value(1.0), Value(kNaN)}) {
        CHECK(refusal(operation, stored, kNaN) == "the operand is NaN.");
      }
      CHECK(refusal(operation, kNaN, 1.0) == "the result is not finite.");
      CHECK(refusal(operation, kNaN, kInfinity) == "the result is not finite.");
    }
  }

  TEST_CASE("types that do not go together") {
    for (const auto operation : {kSum, kMin, kMax}) {
      const std::string not_one_type =
          "its value is a number and the operand a bigint, or the other way round. Both must be "
          "of one type.";
      CHECK(refusal(operation, i(1), 1.0) == not_one_type);
      CHECK(refusal(operation, 1.0, i(1)) == not_one_type);
      for (const Value& operand : {Value(i(1)), Value(1.0)}) {
        CHECK(refusal(operation, Other(), operand) ==
              "its value is neither a number nor a bigint.");
      }
      for (const Value& operand : {Value(Other()), Value(None())}) {
        for (const Value& stored : {Value(None()), Value(i(1)), Value(1.0), Value(Other())}) {
          CHECK(refusal(operation, stored, operand) == "the operand must be a number or a bigint.");
        }
      }
    }
  }

  TEST_CASE("messages name the operation and the key, of a long one the start") {
    const auto message = [](NumberOperation operation, std::string_view key) {
      return error_of(operation, wire_of(Other(), 1.0, key))->message;
    };
    CHECK(message(kSum, "k").find("sum cannot") == 0);
    CHECK(message(kMin, "k").find("min cannot") == 0);
    CHECK(message(kMax, "").find("max cannot be done on the entry at : ") == 0);
    CHECK(message(kSum, std::string(300, 'x')).find(" at " + std::string(300, 'x') + ": ") !=
          std::string::npos);
    CHECK(message(kSum, std::string(301, 'x')).find(" at " + std::string(300, 'x') + "...: ") !=
          std::string::npos);
  }

  TEST_CASE("numbers: malformed wires") {
    const Bytes whole = wire_of(i(1), i(2), "");
    for (std::size_t length = 0; length < whole.size(); ++length) {
      CAPTURE(length);
      const auto error = error_of(kSum, ByteView(whole).first(length));
      REQUIRE(error.has_value());
      CHECK(error->code == ErrorCode::kInvalidRequest);
    }
    CHECK_FALSE(error_of(kSum, whole).has_value());
  }

  TEST_CASE("tags that are none count as no number") {
    for (const std::size_t tag : {std::size_t{0}, kTaggedNumberBytes}) {
      for (const std::uint8_t unknown : {4, 255}) {
        Bytes wrong = wire_of(i(1), i(2), "");
        wrong[tag] = unknown;
        CHECK(error_of(kSum, wrong)->code == ErrorCode::kInvalidValue);
      }
    }
  }

  TEST_CASE("hostile bytes give a number or an error") {
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Bytes wire(random.below(40));
      for (auto& byte : wire) byte = static_cast<std::uint8_t>(random.bits());
      if (wire.size() > kTaggedNumberBytes) {
        wire[0] &= 3;
        wire[kTaggedNumberBytes] &= 3;
      }
      Bytes result;
      if (apply_operation(static_cast<NumberOperation>(random.below(5)), wire, result)) continue;
      REQUIRE(result.size() == kTaggedNumberBytes);
      REQUIRE((result[0] == 1 || result[0] == 2));
    }
  }
}

}  // namespace number_operation_test
