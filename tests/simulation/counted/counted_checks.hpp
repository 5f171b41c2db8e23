// What has to hold of the nodes of counted prefixes, whatever is committed.
#pragma once

#include "../model.hpp"

namespace convex_kv::simulation {

// kNodes: each branch tells of its leaves what is so, and each leaf is of one branch, or dropped.
// kCounted: up to where its job has come, what a prefix has is the live entries below it.
void check_counted(const Database& database, const Model& model);

// Once all work is done, and everything has expired: nothing of it is left.
void check_counted_clean(const Database& database, const Model& model);

}  // namespace convex_kv::simulation
