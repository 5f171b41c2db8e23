// That the simulation finds bugs: each of these, within so many seeds, by the invariant that it
// violates.
#include "mutants.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "shrink.hpp"
#include "world.hpp"

using namespace convex_kv::simulation;

namespace mutants_test {

namespace {

constexpr std::uint64_t kSeeds = 600;

// The invariants that the first seeds violate, up to the one that is looked for.
std::set<std::string> violated(const Mutant& mutant) {
  std::set<std::string> names;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const auto violation = run(history_of(seed), mutant);
    if (!violation) continue;
    names.insert(invariant_name(violation->invariant));
    if (violation->invariant == mutant.found_by) break;
  }
  return names;
}

}  // namespace

TEST_SUITE("mutants") {
  TEST_CASE("each is found by its invariant") {
    for (const Mutant& mutant : mutants()) {
      CAPTURE(std::string(mutant.name));
      const auto names = violated(mutant);
      std::string all;
      for (const std::string& name : names) all += name + " ";
      INFO("violated: ", all);
      CHECK(names.contains(invariant_name(mutant.found_by)));
    }
  }
}

}  // namespace mutants_test
