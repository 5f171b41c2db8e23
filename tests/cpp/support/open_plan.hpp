// Plans of all kinds, opened by requests.
#pragma once

#include <memory>
#include <string_view>

#include "convex_kv/messages/plan_request.hpp"
#include "key.hpp"

namespace convex_kv::test {

// The plan that `request` asks for, of what is at and below `prefix`; `to` is where a move or copy
// goes.
Result<std::unique_ptr<Plan>> open_plan(const Key& prefix, std::string_view request,
                                        const std::optional<Key>& to = std::nullopt);

}  // namespace convex_kv::test
