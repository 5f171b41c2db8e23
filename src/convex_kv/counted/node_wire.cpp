#include "convex_kv/counted/node_wire.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "convex_kv/base/framing.hpp"

namespace convex_kv {

namespace {

// What a node begins with: its kind, and the version of its form.
constexpr std::uint8_t kLeaf = 0x01;
constexpr std::uint8_t kBranch = 0x02;

// What there is of an entry beside its path.
constexpr std::uint8_t kExpires = 1;
constexpr std::uint8_t kHasNumber = 2;

// More than there can be, and so few that the sums of all that fits a document do not overflow.
constexpr std::uint64_t kMostEntries = std::uint64_t{1} << 32;

constexpr double kNever = std::numeric_limits<double>::infinity();

// A time that something expires at, which is no NaN, nor minus zero.
std::optional<double> take_time(ByteView& in) {
  const auto time = take_double(in);
  if (!time || std::isnan(*time) || (*time == 0 && std::signbit(*time))) return std::nullopt;
  return time;
}

std::size_t shared_length(ByteView a, ByteView b) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t length = 0;
  while (length < most && a[length] == b[length]) ++length;
  return length;
}

// How much of the one before it a path has in common, and the rest.
void put_path(Bytes& out, ByteView path, ByteView last) {
  const std::size_t shared = shared_length(path, last);
  put_varint(out, shared);
  put_bytes(out, path.subspan(shared));
}

std::optional<Bytes> take_path(ByteView& in, const Bytes& last) {
  const auto shared = take_varint(in);
  if (!shared || *shared > last.size()) return std::nullopt;
  const auto rest = take_bytes(in);
  if (!rest) return std::nullopt;
  Bytes path(last.begin(), last.begin() + static_cast<std::ptrdiff_t>(*shared));
  append(path, *rest);
  if (shared_length(path, last) != *shared) return std::nullopt;
  return path;
}

void put_summary(Bytes& out, const Summary& summary) {
  put_varint(out, summary.count);
  summary.sum.put(out);
  const bool expires = summary.first_expiry != kNever;
  out.push_back(expires ? kExpires : 0);
  if (!expires) return;
  put_double(out, summary.first_expiry);
  put_double(out, summary.last_expiry);
}

std::optional<Summary> take_summary(ByteView& in) {
  Summary summary;
  const auto count = take_varint(in);
  if (!count || *count == 0 || *count > kMostEntries) return std::nullopt;
  summary.count = *count;
  const auto sum = ExactSum::take(in);
  if (!sum || in.empty()) return std::nullopt;
  summary.sum = *sum;
  const std::uint8_t flags = in[0];
  in = in.subspan(1);
  summary.last_expiry = kNever;
  if (flags == 0) return summary;
  const auto first = take_time(in);
  const auto last = take_time(in);
  if (flags != kExpires || !first || !last || *first == kNever || *first > *last) {
    return std::nullopt;
  }
  summary.first_expiry = *first;
  summary.last_expiry = *last;
  return summary;
}

}  // namespace

Bytes encode_leaf(const Leaf& leaf) {
  Bytes out{kLeaf};
  put_varint(out, leaf.size());
  const Bytes none;
  const Bytes* last = &none;
  for (const CountedEntry& entry : leaf) {
    put_path(out, entry.path, *last);
    last = &entry.path;
    const bool expires = entry.expires_at != kNever;
    const bool has_number = bits_from_double(entry.number) != 0;
    out.push_back(
        static_cast<std::uint8_t>((expires ? kExpires : 0) | (has_number ? kHasNumber : 0)));
    if (expires) put_double(out, entry.expires_at);
    if (has_number) put_double(out, entry.number);
  }
  return out;
}

std::optional<Leaf> decode_leaf(ByteView wire) {
  if (wire.empty() || wire[0] != kLeaf) return std::nullopt;
  wire = wire.subspan(1);
  const auto count = take_count(wire, 3);
  if (!count) return std::nullopt;
  Leaf leaf;
  leaf.reserve(*count);
  Bytes last;
  for (std::size_t i = 0; i < *count; ++i) {
    auto path = take_path(wire, last);
    if (!path || wire.empty() || (i > 0 && !(last < *path))) return std::nullopt;
    last = *path;
    CountedEntry entry;
    entry.path = std::move(*path);
    const std::uint8_t flags = wire[0];
    wire = wire.subspan(1);
    if (flags > (kExpires | kHasNumber)) return std::nullopt;
    if ((flags & kExpires) != 0) {
      const auto time = take_time(wire);
      if (!time || *time == kNever) return std::nullopt;
      entry.expires_at = *time;
    }
    if ((flags & kHasNumber) != 0) {
      const auto number = take_double(wire);
      if (!number || bits_from_double(*number) == 0) return std::nullopt;
      entry.number = *number;
    }
    leaf.push_back(std::move(entry));
  }
  if (!wire.empty()) return std::nullopt;
  return leaf;
}

Bytes encode_branch(const Branch& branch) {
  Bytes out{kBranch};
  put_varint(out, branch.share);
  put_varint(out, branch.children.size());
  const Bytes none;
  const Bytes* last = &none;
  for (const CountedChild& child : branch.children) {
    put_path(out, child.start, *last);
    last = &child.start;
    put_varint(out, child.id.size());
    out.insert(out.end(), child.id.begin(), child.id.end());
    put_summary(out, child.summary);
  }
  return out;
}

std::optional<Branch> decode_branch(ByteView wire) {
  if (wire.empty() || wire[0] != kBranch) return std::nullopt;
  wire = wire.subspan(1);
  const auto share = take_varint(wire);
  if (!share || *share > kMostEntries) return std::nullopt;
  const auto count = take_count(wire, 6);
  if (!count) return std::nullopt;
  Branch branch;
  branch.share = *share;
  branch.children.reserve(*count);
  Bytes last;
  for (std::size_t i = 0; i < *count; ++i) {
    auto start = take_path(wire, last);
    if (!start || (i > 0 && !(last < *start))) return std::nullopt;
    last = *start;
    const auto id = take_bytes(wire);
    if (!id) return std::nullopt;
    const auto summary = take_summary(wire);
    if (!summary) return std::nullopt;
    branch.children.push_back({.start = std::move(*start),
                               .id = std::string(id->begin(), id->end()),
                               .summary = *summary});
  }
  if (!wire.empty()) return std::nullopt;
  return branch;
}

}  // namespace convex_kv
