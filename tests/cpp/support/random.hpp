// Random choices that a seed repeats, on any machine. Tests name the seed in an INFO, so that a
// failure says how to see it again.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace convex_kv::test {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }

  // 0 up to n - 1. The small bias of a remainder does not matter here.
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }

  // low up to high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }

  bool chance(int percent) { return below(100) < static_cast<std::uint64_t>(percent); }

  template <typename T>
  const T& pick(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace convex_kv::test
