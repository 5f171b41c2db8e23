// The core's whole interface: any calls, in any order, with any input. Only the input's size and
// the handles are true, and these only at times.
#include "convex_kv/core.hpp"

#include <cstring>
#include <vector>

#include "convex_kv/base/little_endian.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "feed.hpp"
#include "target.hpp"

using namespace convex_kv;

namespace {

std::size_t give(const Bytes& bytes) {
  void* const input = reinterpret_cast<void*>(core::reserve_input(bytes.size()));
  if (!bytes.empty()) std::memcpy(input, bytes.data(), bytes.size());
  return bytes.size();
}

void require_output(std::uintptr_t address) {
  if (address == 0) return;
  const auto* output = reinterpret_cast<const std::uint8_t*>(address);
  ByteView length(output, 4);
  const std::uint32_t bytes = *take_u32(length);
  volatile std::uint8_t read = output[3 + bytes];
  static_cast<void>(read);
}

void require_step(const std::string& step) {
  const auto json = parse_json(step.substr(0, step.find('\n')));
  fuzz::require(json && string_member(*json, "step"));
}

void call(fuzz::Feed& feed, std::vector<int>& handles) {
  const int handle = handles.empty() || feed.byte() % 8 == 0
                         ? feed.byte() - 2
                         : handles[feed.byte() % handles.size()];
  switch (feed.byte() % 16) {
    case 0:
      return require_output(core::encode_key(give(feed.bytes())));
    case 1:
      core::give_deletions(handle, give(feed.bytes()));
      return;
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return;  // Free: the inputs of the corpus know the other calls by number.
    case 7: {
      const std::string error = core::last_error();
      fuzz::require(error.find('\n') != std::string::npos);
      return require_output(core::put_output(error));
    }
    case 8: {
      const std::size_t start = feed.byte();
      const std::string text(core::input_text(start, feed.byte()));
      return require_output(core::put_output(text));
    }
    case 9:
    case 10: {
      const std::string request = feed.text();
      const Bytes prefix = feed.bytes();
      const int start = feed.byte() - 128;
      const int end = feed.byte() - 128;
      const int to = feed.byte() - 128;
      const int after = feed.byte() - 128;
      const int starts_with = feed.byte() - 128;
      const std::size_t given = give(prefix);
      const std::size_t length = feed.byte() % 4 == 0 ? feed.byte() : given;
      const int opened = core::open_plan({length, start, after, end, starts_with, to}, request);
      if (opened > 0 && handles.size() < 8) {
        handles.push_back(opened);
      } else if (opened > 0) {
        core::close_plan(opened);
      }
      return;
    }
    case 11:
      return require_step(core::start_plan(handle));
    case 12:
      return require_step(core::give_rows(handle, give(feed.bytes())));
    case 13:
      return require_step(core::give_clock(handle, feed.time()));
    case 14:
      return require_step(core::give_written(handle));
    default:
      core::close_plan(handle);
      std::erase(handles, handle);
      return;
  }
}

}  // namespace

FUZZ_TARGET(core) {
  fuzz::Feed feed({data, size});
  std::vector<int> handles;
  while (!feed.is_empty()) call(feed, handles);
  for (const int handle : handles) core::close_plan(handle);
  return 0;
}
