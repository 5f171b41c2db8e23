// For what tests and fuzz targets share.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace convex_kv::test {

// Ends the program, which fails the test and makes a fuzzer keep its input, unless `holds`.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace convex_kv::test
