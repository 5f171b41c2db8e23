#include "convex_kv/counted/exact_sum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"
#include "convex_kv/base/varint.hpp"

namespace convex_kv {

namespace {

constexpr int kMantissaBits = 52;
constexpr std::uint64_t kMantissa = (std::uint64_t{1} << kMantissaBits) - 1;
constexpr std::uint64_t kMaxExponent = 0x7FF;

// The place of the highest bit that is set; 0 is the lowest.
int highest_bit(std::uint32_t limb) {
  int bit = 31;
  while (limb >> bit == 0) --bit;
  return bit;
}

}  // namespace

void ExactSum::add(double number, bool is_taken) {
  const std::uint64_t one = is_taken ? ~std::uint64_t{0} : 1;  // or minus one
  if (std::isnan(number)) {
    nans_ += one;
    return;
  }
  if (std::isinf(number)) {
    (number > 0 ? infinities_ : negative_infinities_) += one;
    return;
  }
  const std::uint64_t bits = bits_from_double(number);
  const std::uint64_t exponent = bits >> kMantissaBits & kMaxExponent;
  // A subnormal has the exponent of the smallest normal number, without the bit in front.
  const std::uint64_t mantissa =
      exponent == 0 ? bits & kMantissa : (bits & kMantissa) | (kMantissa + 1);
  const std::uint64_t place = exponent == 0 ? 0 : exponent - 1;
  const unsigned shift = place % 32;
  const std::uint64_t low = mantissa << shift;
  const auto high = shift == 0 ? 0 : static_cast<std::uint32_t>(mantissa >> (64 - shift));
  add_at(place / 32, low, high, std::signbit(number) != is_taken);
}

void ExactSum::add_at(std::size_t limb, std::uint64_t low, std::uint32_t high, bool is_taken) {
  const std::array parts{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(low >> 32),
                         high};
  std::uint64_t carry = 0;
  for (std::size_t i = limb; i < kLimbs; ++i) {
    const std::uint64_t part = i - limb < 3 ? parts[i - limb] : 0;
    if (i - limb >= 3 && carry == 0) return;
    if (is_taken) {
      const std::uint64_t difference = std::uint64_t{limbs_[i]} - part - carry;
      limbs_[i] = static_cast<std::uint32_t>(difference);
      carry = difference >> 63;
    } else {
      const std::uint64_t sum = std::uint64_t{limbs_[i]} + part + carry;
      limbs_[i] = static_cast<std::uint32_t>(sum);
      carry = sum >> 32;
    }
  }
}

void ExactSum::add(const ExactSum& other) {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    carry += std::uint64_t{limbs_[i]} + other.limbs_[i];
    limbs_[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  nans_ += other.nans_;
  infinities_ += other.infinities_;
  negative_infinities_ += other.negative_infinities_;
}

double ExactSum::value() const {
  if (nans_ > 0 || (infinities_ > 0 && negative_infinities_ > 0)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double infinity = std::numeric_limits<double>::infinity();
  if (infinities_ > 0) return infinity;
  if (negative_infinities_ > 0) return -infinity;
  const Limbs limbs = magnitude();
  std::size_t top = kLimbs;
  while (top > 0 && limbs[top - 1] == 0) --top;
  if (top == 0) return 0;
  const std::size_t highest = (top - 1) * 32 + highest_bit(limbs[top - 1]);
  const auto bit = [&limbs](std::size_t place) { return limbs[place / 32] >> place % 32 & 1; };
  // The 53 bits from the highest on, or all of them: a sum is a multiple of the smallest float64.
  const std::size_t lowest = highest > kMantissaBits ? highest - kMantissaBits : 0;
  std::uint64_t mantissa = 0;
  for (std::size_t place = highest + 1; place-- > lowest;) mantissa = mantissa << 1 | bit(place);
  // As float64 bits, a mantissa that is rounded up to the next power of two carries into the
  // exponent, which is then right; up to infinity.
  std::uint64_t bits = mantissa;
  if (highest >= kMantissaBits) {
    bits = (mantissa & kMantissa) | std::uint64_t{lowest + 1} << kMantissaBits;
  }
  if (lowest > 0 && bit(lowest - 1) != 0) {
    bool is_tie = true;
    for (std::size_t place = 0; place + 1 < lowest && is_tie; ++place) is_tie = bit(place) == 0;
    if (!is_tie || mantissa % 2 == 1) ++bits;
  }
  const double size = lowest + 1 >= kMaxExponent ? infinity : double_from_bits(bits);
  return is_negative() ? -size : size;
}

bool ExactSum::operator==(const ExactSum& other) const {
  return limbs_ == other.limbs_ && nans_ == other.nans_ && infinities_ == other.infinities_ &&
         negative_infinities_ == other.negative_infinities_;
}

void ExactSum::negate(Limbs& limbs) {
  std::uint64_t carry = 1;
  for (std::uint32_t& limb : limbs) {
    carry += static_cast<std::uint32_t>(~limb);
    limb = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
}

ExactSum::Limbs ExactSum::magnitude() const {
  Limbs limbs = limbs_;
  if (is_negative()) negate(limbs);
  return limbs;
}

// How many limbs there are from the first to the last that are not zero, times four, and 2 if it is
// negative, and 1 if anything is not finite. Then the place of the first limb, and the limbs. Then
// how many NaNs and infinities there are, if there are any.
void ExactSum::put(Bytes& out) const {
  const Limbs limbs = magnitude();
  std::size_t end = kLimbs;
  while (end > 0 && limbs[end - 1] == 0) --end;
  std::size_t begin = 0;
  while (begin < end && limbs[begin] == 0) ++begin;
  const bool is_finite = nans_ == 0 && infinities_ == 0 && negative_infinities_ == 0;
  put_varint(out, (end - begin) * 4 + (is_negative() ? 2 : 0) + (is_finite ? 0 : 1));
  if (end > begin) put_varint(out, begin);
  for (std::size_t i = begin; i < end; ++i) put_u32(out, limbs[i]);
  if (is_finite) return;
  for (const std::uint64_t count : {nans_, infinities_, negative_infinities_}) {
    put_varint(out, count);
  }
}

std::optional<ExactSum> ExactSum::take(ByteView& in) {
  ByteView rest = in;
  const auto head = take_varint(rest);
  if (!head) return std::nullopt;
  const std::uint64_t count = *head / 4;
  const bool is_negative = (*head & 2) != 0;
  const bool is_finite = (*head & 1) == 0;
  ExactSum sum;
  if (count == 0) {
    if (is_negative) return std::nullopt;
  } else {
    const auto begin = take_varint(rest);
    if (!begin || *begin >= kLimbs || count > kLimbs - *begin) return std::nullopt;
    for (std::size_t i = *begin; i < *begin + count; ++i) {
      const auto limb = take_u32(rest);
      if (!limb) return std::nullopt;
      sum.limbs_[i] = *limb;
    }
    // The highest bit is the sign's.
    if (sum.limbs_[*begin] == 0 || sum.limbs_[*begin + count - 1] == 0 || sum.is_negative()) {
      return std::nullopt;
    }
    if (is_negative) negate(sum.limbs_);
  }
  if (!is_finite) {
    for (std::uint64_t* number : {&sum.nans_, &sum.infinities_, &sum.negative_infinities_}) {
      const auto taken = take_varint(rest);
      if (!taken) return std::nullopt;
      *number = *taken;
    }
    if (sum.nans_ == 0 && sum.infinities_ == 0 && sum.negative_infinities_ == 0) {
      return std::nullopt;
    }
  }
  in = rest;
  return sum;
}

}  // namespace convex_kv
