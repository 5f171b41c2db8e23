// Makes a failing history short.
#pragma once

#include <functional>

#include <cstdint>
#include <optional>
#include <string>

#include "history.hpp"
#include "mutant.hpp"

namespace convex_kv::simulation {

// A history that still fails, from which no single step, and no single call of a step, can be left
// out (delta debugging: Zeller and Hildebrandt, 2002). `fails` of `history` is true.
History shrink(History history, const std::function<bool(const History&)>& fails);

// What a seed violates, if it does: with the shortest history that violates the same.
std::optional<std::string> failure_of(std::uint64_t seed, const Mutant& mutant);

}  // namespace convex_kv::simulation
