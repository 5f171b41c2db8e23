// The bugs that the simulation has to find.
#pragma once

#include <vector>

#include "mutant.hpp"

namespace convex_kv::simulation {

const std::vector<Mutant>& mutants();

}  // namespace convex_kv::simulation
