#include "open_plan.hpp"
#include "key.hpp"

#include <utility>

namespace convex_kv::test {

Result<std::unique_ptr<Plan>> open_plan(const Key& prefix, std::string_view request,
                                        const std::optional<Key>& to) {
  auto range = prefix_range(prefix);
  if (!range) return range.error();
  const std::size_t prefix_length = range->lower.size();
  PlanKeys keys{std::move(*range), prefix_length, std::nullopt};
  if (to) keys.to = *encode_sort_key(*to);
  return plan_from_request(std::move(keys), request);
}

}  // namespace convex_kv::test
