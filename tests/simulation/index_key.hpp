// Index keys as the platform makes them: the sort keys of a document's fields, one after another.
#pragma once

#include <initializer_list>
#include <variant>
#include <vector>

#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/plans/plan.hpp"

namespace convex_kv::simulation {

// A field's value: missing (which sorts first), a number or bytes.
using Field = std::variant<std::monostate, double, Bytes>;

Bytes index_key(std::initializer_list<Field> fields);

// All index keys, and those whose first fields are these.
KeyRange everything();
KeyRange equal_to(std::initializer_list<Field> fields);

// Those that a plan's bounds admit. Violates kProtocol if the platform would refuse them.
KeyRange range_of(const Read& read);

}  // namespace convex_kv::simulation
