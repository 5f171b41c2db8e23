// The sum of any numbers, exactly: in whatever order they are added and taken away, it is the same.
//
// It is a fixed-point number that holds every float64 without rounding, in units of the smallest
// one, 2^-1074. Only its value is rounded.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

class ExactSum {
 public:
  void add(double number) { add(number, false); }
  // A number that was added before.
  void subtract(double number) { add(number, true); }
  void add(const ExactSum& other);

  // The float64 that is nearest, of two the even one; an infinity if it is beyond all of them. With
  // a NaN, or with both infinities, it is NaN; with one infinity, that. Of nothing it is 0.
  double value() const;

  bool operator==(const ExactSum& other) const;

  // Each sum has one form.
  void put(Bytes& out) const;
  // Reads one off the front of `in`; nullopt if there is none. Safe for any input.
  static std::optional<ExactSum> take(ByteView& in);

 private:
  // Of 32 bits: 2,098 for a float64, and 110 for how many there are.
  static constexpr std::size_t kLimbs = 69;
  using Limbs = std::array<std::uint32_t, kLimbs>;

  static void negate(Limbs& limbs);
  void add(double number, bool is_taken);
  void add_at(std::size_t limb, std::uint64_t low, std::uint32_t high, bool is_taken);
  bool is_negative() const { return limbs_.back() >> 31 != 0; }
  // Without its sign.
  Limbs magnitude() const;

  Limbs limbs_{};  // two's complement, the lowest first
  // How many are no finite numbers.
  std::uint64_t nans_ = 0;
  std::uint64_t infinities_ = 0;
  std::uint64_t negative_infinities_ = 0;
};

}  // namespace convex_kv
