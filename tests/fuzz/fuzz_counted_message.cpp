// Any bytes get an answer, always the same, in its form.
#include "convex_kv/messages/counted_message.hpp"

#include "convex_kv/base/framing.hpp"
#include "feed.hpp"
#include "target.hpp"

using namespace convex_kv;

namespace {

enum : std::uint8_t { kMalformed, kMissing, kTally, kAt, kRank, kInserts, kChanged };

// Reads a list, with `take` for each element. Returns how many there were.
template <typename Take>
std::size_t take_list(ByteView& in, const Take& take) {
  const auto count = take_count(in, 1);
  fuzz::require(count.has_value());
  for (std::size_t i = 0; i < *count; ++i) take();
  return *count;
}

ByteView take_string(ByteView& in) {
  const auto bytes = take_bytes(in);
  fuzz::require(bytes.has_value());
  return *bytes;
}

void take_branch(ByteView& in) {
  (void)take_string(in);
  const ByteView node = take_string(in);
  fuzz::require(node.size() >= 3 && node[0] == 2);
  fuzz::require(take_double(in).has_value());
  fuzz::require(!in.empty() && in[0] < 16);
  in = in.subspan(1);
}

// Its entries may be out of order, if those of the leaves that were given are not in theirs.
void take_leaf(ByteView node) { fuzz::require(node.size() >= 3 && node[0] == 1 && node[1] > 0); }

}  // namespace

FUZZ_TARGET(counted_message) {
  const ByteView question(data, size);
  const Bytes answer = answer_counted_question(question);
  fuzz::require(answer == answer_counted_question(question));
  ByteView in(answer);
  fuzz::require(!in.empty());
  const std::uint8_t kind = in[0];
  in = in.subspan(1);
  if (kind == kMissing) {
    fuzz::require(take_list(in, [&] { (void)take_string(in); }) > 0);
  } else if (kind == kTally) {
    fuzz::require(take_varint(in) && take_double(in));
  } else if (kind == kAt) {
    (void)take_string(in);
  } else if (kind == kRank) {
    fuzz::require(!in.empty() && in[0] < 2);
    in = in.subspan(1);
    fuzz::require(take_varint(in).has_value());
  } else if (kind == kInserts) {
    fuzz::require(take_list(in, [&] { take_leaf(take_string(in)); }) > 0);
  } else if (kind == kChanged) {
    take_list(in, [&] { take_branch(in); });
    take_list(in, [&] {
      (void)take_string(in);
      take_leaf(take_string(in));
    });
    take_list(in, [&] { (void)take_string(in); });
  } else {
    fuzz::require(kind == kMalformed);
  }
  fuzz::require(in.empty());
  return 0;
}
