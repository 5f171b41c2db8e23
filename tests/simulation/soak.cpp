// Runs seeds, as many as asked for: convex_kv_soak FIRST COUNT. The first that fails ends it, with
// the shortest history that still fails in the same way.
#include <cstdlib>
#include <iostream>
#include <string>

#include "shrink.hpp"
#include "world.hpp"

using namespace convex_kv::simulation;

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "Usage: convex_kv_soak FIRST COUNT\n";
    return 2;
  }
  const std::uint64_t first = std::strtoull(argv[1], nullptr, 10);
  const std::uint64_t count = std::strtoull(argv[2], nullptr, 10);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const auto report = failure_of(seed, Mutant{});
    if (!report) continue;
    std::cout << *report;
    return 1;
  }
  std::cout << count << " seeds from " << first << "\n";
  return 0;
}
