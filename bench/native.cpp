// Times the same keys as bench/warm.mjs in the core as a native program: from the form in which
// they cross to the sort key. Prints JSON: microseconds for each key.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "convex_kv/keys/key_wire.hpp"
#include "support/key.hpp"

namespace {

using namespace convex_kv;
using namespace convex_kv::test;

constexpr int kRounds = 15;
constexpr int kPerRound = 20000;

std::size_t sink = 0;  // what the operations return goes here, so that they are not optimized away

template <typename Operation>
double median_microseconds(Operation operation) {
  std::array<double, kRounds> samples{};
  for (double& sample : samples) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kPerRound; ++i) sink += operation();
    const std::chrono::duration<double, std::micro> taken =
        std::chrono::steady_clock::now() - begin;
    sample = taken.count() / kPerRound;
  }
  std::sort(samples.begin(), samples.end());
  return samples[kRounds / 2];
}

Key key_of(std::initializer_list<const char*> parts) { return Key(parts.begin(), parts.end()); }

void print_times(const char* name, const Key& key, const char* end) {
  const Bytes wire = key_to_wire(key);
  Bytes out;
  const double encode = median_microseconds([&] {
    out.clear();
    return sort_key_from_wire(wire, out) ? 0 : out.size();
  });
  std::printf("\"%s\":%.4f%s", name, encode, end);
}

}  // namespace

int main() {
  std::printf("{");
  print_times("1 part", key_of({"users"}), ",");
  print_times("2 parts", key_of({"users", "0001"}), ",");
  print_times("3 parts", key_of({"users", "0001", "profile"}), ",");
  print_times("8 parts",
              key_of({"org", "0001", "team", "0002", "users", "0003", "settings", "theme"}), "}\n");
  return sink == 0 ? 1 : 0;
}
