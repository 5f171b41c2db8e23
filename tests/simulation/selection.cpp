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
  test::Bounds bounds{.start = bound(), .after = bound(), .end = bound()};
  if (random.chance(20)) bounds.starts_with = test::random_beginning(random);
  const Order order = random.chance(40) ? Order::kDescending : Order::kAscending;
  return {test::range_between(below, bounds), below.size(), order};
}

}  // namespace convex_kv::simulation
