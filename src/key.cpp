#include "key.hpp"

#include "float_bits.hpp"

namespace convex_kv {

namespace {

bool same_part(const KeyPart& a, const KeyPart& b) {
  const auto* x = std::get_if<double>(&a);
  const auto* y = std::get_if<double>(&b);
  if (x && y) return bits_from_double(*x) == bits_from_double(*y);
  return a == b;
}

}  // namespace

bool same_key(const Key& a, const Key& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same_part(a[i], b[i])) return false;
  }
  return true;
}

}  // namespace convex_kv
