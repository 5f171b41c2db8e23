// Progress that is understood is written so that it is understood as the same; and a batch that
// sets out from it ends.
#include "convex_json.hpp"
#include "feed.hpp"
#include "plan_driver.hpp"
#include "plan_request.hpp"
#include "progress_message.hpp"

using namespace convex_kv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Feed feed({data, size});
  const std::string text = feed.text();
  const auto progress = progress_from_text(text);
  if (!progress) return 0;
  const std::string written = progress_to_text(*progress);
  const auto again = progress_from_text(written);
  fuzz::require(again && progress_to_text(*again) == written);
  const int failures = feed.byte();
  const std::string request = R"({"plan":"resume","epoch":1,"now":5,"failures":)" +
                              std::to_string(failures) + R"(,"from":)" + dump_json(Json(written)) +
                              "}";
  const auto plan = plan_from_request({}, request);
  fuzz::require(plan.ok());
  fuzz::drive_truthfully(**plan, feed);
  return 0;
}
