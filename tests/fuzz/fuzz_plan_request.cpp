// Whatever opens a plan: the plan ends where it is told the truth, and takes whatever it is told.
#include "feed.hpp"
#include "plan_driver.hpp"
#include "plan_request.hpp"

using namespace convex_kv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Feed feed({data, size});
  const std::string request = feed.text();
  const bool is_truthful = feed.byte() % 2 == 0;
  auto plan = plan_over_range(range_below(feed.bytes()), request, kAllPlans);
  if (!plan) return 0;
  if (is_truthful) {
    fuzz::drive_truthfully(**plan, feed);
  } else {
    fuzz::drive_wildly(**plan, feed);
  }
  return 0;
}
