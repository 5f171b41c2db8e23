// Bytes fall into the parts of a key: each has a length, and is a part by itself, and no less of it
// is one.
#include "convex_kv/keys/sort_key.hpp"
#include "feed.hpp"
#include "target.hpp"

using namespace convex_kv;

FUZZ_TARGET(sort_key) {
  // An end of its own for each, so that the sanitizer sees what is read beyond it.
  Bytes rest(data, data + size);
  while (const std::size_t length = first_part_length(rest)) {
    fuzz::require(length <= rest.size());
    Bytes part(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length));
    fuzz::require(first_part_length(part) == length);
    part.pop_back();
    fuzz::require(first_part_length(part) == 0);
    rest = Bytes(rest.begin() + static_cast<std::ptrdiff_t>(length), rest.end());
  }
  return 0;
}
