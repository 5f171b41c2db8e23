// The plans in a simulated deployment: whatever happens beside them, what users rely on holds.
#include <doctest/doctest.h>

#include "shrink.hpp"
#include "world.hpp"

using namespace convex_kv::simulation;

namespace simulation_test {

namespace {

// As many as take some seconds. `npm run soak` runs others.
constexpr std::uint64_t kSeeds = 3000;

}  // namespace

TEST_SUITE("simulation") {
  TEST_CASE("all invariants hold") {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      const auto failure = failure_of(seed, Mutant{});
      if (failure) FAIL(*failure);
    }
  }

  TEST_CASE("a seed is a run, the same each time") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
      const Tally first = tally_of(history_of(seed));
      CHECK(first.commits > 0);
      CHECK(first == tally_of(history_of(seed)));
    }
  }

  // It tests nothing if little happens.
  TEST_CASE("much happens") {
    Tally sum;
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
      const Tally tally = tally_of(history_of(seed));
      sum.commits += tally.commits;
      sum.conflicts += tally.conflicts;
      sum.batches += tally.batches;
      sum.failures += tally.failures;
      sum.next_pages += tally.next_pages;
      sum.survivors += tally.survivors;
      sum.transferred += tally.transferred;
      sum.counted += tally.counted;
      sum.tallied += tally.tallied;
    }
    CHECK(sum.commits > 20'000);
    CHECK(sum.conflicts > 1000);
    CHECK(sum.batches > 2000);
    CHECK(sum.failures > 100);
    CHECK(sum.next_pages > 500);
    CHECK(sum.survivors > 500);
    CHECK(sum.transferred > 250);
    CHECK(sum.counted > 1000);
    CHECK(sum.tallied > 500);
  }
}

}  // namespace simulation_test
