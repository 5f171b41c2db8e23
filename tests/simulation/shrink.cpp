#include "shrink.hpp"

#include <algorithm>

#include "world.hpp"

namespace convex_kv::simulation {

namespace {

History without(const History& history, std::size_t first, std::size_t last) {
  History rest(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(first));
  rest.insert(rest.end(), history.begin() + static_cast<std::ptrdiff_t>(last), history.end());
  return rest;
}

// Leaves out runs of `length` steps as long as that still fails. Whether it left out any.
bool drop_runs(History& history, std::size_t length,
               const std::function<bool(const History&)>& fails) {
  bool dropped = false;
  for (std::size_t first = 0; first < history.size();) {
    History shorter = without(history, first, std::min(first + length, history.size()));
    if (fails(shorter)) {
      history = std::move(shorter);
      dropped = true;
    } else {
      first += length;
    }
  }
  return dropped;
}

bool drop_calls(History& history, const std::function<bool(const History&)>& fails) {
  bool dropped = false;
  for (std::size_t i = 0; i < history.size(); ++i) {
    for (std::size_t call = 0; history[i].calls.size() > 1 && call < history[i].calls.size();) {
      History shorter = history;
      auto& calls = shorter[i].calls;
      calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(call));
      if (fails(shorter)) {
        history = std::move(shorter);
        dropped = true;
      } else {
        ++call;
      }
    }
  }
  return dropped;
}

}  // namespace

History shrink(History history, const std::function<bool(const History&)>& fails) {
  for (std::size_t length = history.size() / 2; length > 1; length /= 2) {
    drop_runs(history, length, fails);
  }
  while (drop_runs(history, 1, fails) || drop_calls(history, fails)) {
  }
  return history;
}

std::optional<std::string> failure_of(std::uint64_t seed, const Mutant& mutant) {
  const History history = history_of(seed);
  const auto violation = run(history, mutant);
  if (!violation) return std::nullopt;
  const History shortest = shrink(history, [&](const History& shorter) {
    const auto other = run(shorter, mutant);
    return other && other->invariant == violation->invariant;
  });
  return "seed " + std::to_string(seed) + " violates `" + invariant_name(violation->invariant) +
         "`: " + violation->what + "\n" + std::to_string(shortest.size()) + " of its " +
         std::to_string(history.size()) + " steps do:\n" + to_text(shortest);
}

}  // namespace convex_kv::simulation
