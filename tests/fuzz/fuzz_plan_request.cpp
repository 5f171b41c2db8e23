// Whatever opens a plan: the plan ends if it is given the truth, and accepts whatever it is given.
#include "convex_kv/messages/plan_request.hpp"

#include <utility>

#include "convex_kv/keys/key_range.hpp"
#include "feed.hpp"
#include "plan_driver.hpp"
#include "target.hpp"

using namespace convex_kv;

FUZZ_TARGET(plan_request) {
  fuzz::Feed feed({data, size});
  const std::string request = feed.text();
  const bool is_truthful = feed.byte() % 2 == 0;
  const Bytes prefix = feed.bytes();
  const bool is_narrowed = feed.byte() % 2 == 0;
  PlanKeys keys{range_below(prefix), prefix.size(), std::nullopt};
  if (is_narrowed) {
    for (const auto narrow : {begin_at, begin_after, end_before, start_with}) {
      if (feed.byte() % 2 == 0) narrow(keys.range, feed.bytes());
    }
  }
  if (feed.byte() % 2 == 0) keys.to = feed.bytes();
  auto plan = plan_from_request(std::move(keys), request);
  if (!plan) return 0;
  if (is_truthful) {
    fuzz::drive_truthfully(**plan, feed);
  } else {
    fuzz::drive_wildly(**plan, feed);
  }
  return 0;
}
