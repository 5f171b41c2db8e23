// That failing histories become short, and stay failing.
#include "shrink.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "mutants.hpp"
#include "world.hpp"

using namespace convex_kv::simulation;

namespace shrink_test {

namespace {

using Kind = Step::Kind;

std::size_t count(const History& history, Kind kind) {
  return static_cast<std::size_t>(std::count_if(
      history.begin(), history.end(), [kind](const Step& step) { return step.kind == kind; }));
}

History without(History history, std::size_t step) {
  history.erase(history.begin() + static_cast<std::ptrdiff_t>(step));
  return history;
}

}  // namespace

TEST_SUITE("shrink") {
  TEST_CASE("what a failure does not need is left out") {
    const History history = history_of(5);
    REQUIRE(count(history, Kind::kQuery) > 2);
    REQUIRE(count(history, Kind::kTick) > 1);
    const auto fails = [](const History& shorter) {
      return count(shorter, Kind::kQuery) >= 2 && count(shorter, Kind::kTick) >= 1;
    };
    CHECK(shrink(history, fails).size() == 3);
  }

  TEST_CASE("calls of a mutation are left out too") {
    History history{{Kind::kMutation, 1, {}}};
    for (int i = 0; i < 5; ++i) {
      history[0].calls.push_back({i == 3 ? &kVacuum : &kSet, {}, 0, false});
    }
    const History shortest = shrink(history, [](const History& shorter) {
      return !shorter.empty() &&
             std::any_of(shorter[0].calls.begin(), shorter[0].calls.end(),
                         [](const Call& call) { return call.operation == &kVacuum; });
    });
    REQUIRE(shortest.size() == 1);
    REQUIRE(shortest[0].calls.size() == 1);
    CHECK(shortest[0].calls[0].operation == &kVacuum);
  }

  TEST_CASE("a mutant's history has no step that could be left out") {
    for (const Mutant& mutant : mutants()) {
      CAPTURE(std::string(mutant.name));
      const auto fails = [&mutant](const History& history) {
        const auto violation = run(history, mutant);
        return violation && violation->invariant == mutant.found_by;
      };
      std::uint64_t seed = 1;
      while (seed < 600 && !fails(history_of(seed))) ++seed;
      const History shortest = shrink(history_of(seed), fails);
      CHECK(fails(shortest));
      CHECK(shortest.size() < 40);
      for (std::size_t step = 0; step < shortest.size(); ++step) {
        CHECK_FALSE(fails(without(shortest, step)));
      }
    }
  }
}

}  // namespace shrink_test
