// FUZZ_TARGET(name) { ... } is what is done with an input, `data` and `size`, and returns 0. For
// libFuzzer a program has one target. The program that replays has them all, by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#ifdef CONVEX_KV_REPLAY

namespace convex_kv::fuzz {

using Target = int (*)(const std::uint8_t* data, std::size_t size);

std::map<std::string, Target>& targets();

struct Registration {
  Registration(const char* name, Target target) { targets().emplace(name, target); }
};

}  // namespace convex_kv::fuzz

#define FUZZ_TARGET(name)                                                                  \
  static int fuzz_##name(const std::uint8_t* data, std::size_t size);                      \
  static const convex_kv::fuzz::Registration fuzz_##name##_registered(#name, fuzz_##name); \
  static int fuzz_##name(const std::uint8_t* data, std::size_t size)

#else

#define FUZZ_TARGET(name) \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)

#endif
