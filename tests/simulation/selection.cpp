#include "selection.hpp"

#include "convex_kv/keys/sort_key.hpp"
#include "support/key.hpp"
#include "support/random_key.hpp"

namespace convex_kv::simulation {

Selection random_selection(const test::Key& prefix, test::Random& random) {
  const Bytes below = *test::encode_sort_key(prefix);
  const auto bound = [&random]() -> std::optional<Bytes> {
    if (random.chance(70)) return std::nullopt;
    return *test::encode_sort_key(test::random_path(random, 2));
  };
  const auto start = bound();
  const auto end = bound();
  const Order order = random.chance(40) ? Order::kDescending : Order::kAscending;
  return {range_between(below, start, end), below.size(), order};
}

}  // namespace convex_kv::simulation
