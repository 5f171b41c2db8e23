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
// Of a buffered change: there is no entry.
constexpr std::uint8_t kIsGone = 4;
// Of a child: it has a buffer.
constexpr std::uint8_t kIsBuffered = 2;

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

// An entry, without its path.
void put_entry(Bytes& out, const CountedEntry& entry) {
  const bool expires = entry.expires_at != kNever;
  const bool has_number = bits_from_double(entry.number) != 0;
  out.push_back(
      static_cast<std::uint8_t>((expires ? kExpires : 0) | (has_number ? kHasNumber : 0)));
  if (expires) put_double(out, entry.expires_at);
  if (has_number) put_double(out, entry.number);
}

std::optional<CountedEntry> take_entry(ByteView& in, const Bytes& path) {
  if (in.empty()) return std::nullopt;
  CountedEntry entry{.path = path};
  const std::uint8_t flags = in[0];
  in = in.subspan(1);
  if (flags > (kExpires | kHasNumber)) return std::nullopt;
  if ((flags & kExpires) != 0) {
    const auto time = take_time(in);
    if (!time || *time == kNever) return std::nullopt;
    entry.expires_at = *time;
  }
  if ((flags & kHasNumber) != 0) {
    const auto number = take_double(in);
    if (!number || bits_from_double(*number) == 0) return std::nullopt;
    entry.number = *number;
  }
  return entry;
}

// Takes a list in the order of its paths off the front of `in`, path by path: what else an element
// has is taken by the caller.
class SortedReader {
 public:
  // Each element takes `least_bytes` or more.
  SortedReader(ByteView& in, std::size_t least_bytes) : in_(in) {
    const auto count = take_count(in, least_bytes);
    is_whole_ = count.has_value();
    left_ = count.value_or(0);
  }

  // False behind the last one, or if what follows is none.
  bool next() {
    if (left_ == 0) return false;
    --left_;
    auto path = take_path(in_, path_);
    is_whole_ = path && (is_first_ || path_ < *path);
    if (is_whole_) path_ = std::move(*path);
    is_first_ = false;
    return is_whole_;
  }

  const Bytes& path() const { return path_; }
  // Whether all was in order so far.
  bool is_whole() const { return is_whole_; }

 private:
  ByteView& in_;
  std::size_t left_ = 0;
  bool is_whole_ = false;
  bool is_first_ = true;
  Bytes path_;
};

void put_buffer(Bytes& out, const std::vector<CountedChange>& buffer) {
  put_varint(out, buffer.size());
  const Bytes none;
  const Bytes* last = &none;
  for (const CountedChange& change : buffer) {
    put_path(out, change.path, *last);
    last = &change.path;
    if (change.entry) {
      put_entry(out, *change.entry);
    } else {
      out.push_back(kIsGone);
    }
  }
}

bool take_buffer(ByteView& in, CountedChild& child) {
  SortedReader reader(in, 3);
  while (reader.next()) {
    CountedChange change{.path = reader.path(), .entry = {}, .before = {}};
    if (!in.empty() && in[0] == kIsGone) {
      in = in.subspan(1);
    } else {
      change.entry = take_entry(in, change.path);
      if (!change.entry) return false;
    }
    child.buffer.push_back(std::move(change));
  }
  return reader.is_whole() && !child.buffer.empty() && !(child.buffer.front().path < child.start);
}

// A child, without its start and id.
void put_rest(Bytes& out, const CountedChild& child) {
  put_varint(out, child.summary.count);
  child.summary.sum.put(out);
  const bool expires = child.summary.first_expiry != kNever;
  out.push_back(static_cast<std::uint8_t>((expires ? kExpires : 0) |
                                          (child.buffer.empty() ? 0 : kIsBuffered)));
  if (expires) {
    put_double(out, child.summary.first_expiry);
    put_double(out, child.summary.last_expiry);
  }
  if (!child.buffer.empty()) put_buffer(out, child.buffer);
}

bool take_rest(ByteView& in, CountedChild& child) {
  Summary& summary = child.summary;
  const auto count = take_varint(in);
  if (!count || *count > kMostEntries) return false;
  summary.count = *count;
  const auto sum = ExactSum::take(in);
  if (!sum || in.empty()) return false;
  summary.sum = *sum;
  const std::uint8_t flags = in[0];
  in = in.subspan(1);
  summary.last_expiry = kNever;
  if ((flags & kExpires) != 0) {
    const auto first = take_time(in);
    const auto last = take_time(in);
    if (!first || !last || *first == kNever || *first > *last) return false;
    summary.first_expiry = *first;
    summary.last_expiry = *last;
  }
  if (flags > (kExpires | kIsBuffered)) return false;
  // Only deletions that are still to be made leave nothing of a leaf.
  if ((flags & kIsBuffered) == 0) return *count > 0;
  return take_buffer(in, child);
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
    put_entry(out, entry);
  }
  return out;
}

std::optional<Leaf> decode_leaf(ByteView wire) {
  if (wire.empty() || wire[0] != kLeaf) return std::nullopt;
  wire = wire.subspan(1);
  Leaf leaf;
  SortedReader reader(wire, 3);
  while (reader.next()) {
    auto entry = take_entry(wire, reader.path());
    if (!entry) return std::nullopt;
    leaf.push_back(std::move(*entry));
  }
  if (!reader.is_whole() || !wire.empty()) return std::nullopt;
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
    put_rest(out, child);
  }
  return out;
}

std::optional<Branch> decode_branch(ByteView wire) {
  if (wire.empty() || wire[0] != kBranch) return std::nullopt;
  wire = wire.subspan(1);
  const auto share = take_varint(wire);
  if (!share || *share > kMostEntries) return std::nullopt;
  Branch branch;
  branch.share = *share;
  SortedReader reader(wire, 6);
  while (reader.next()) {
    const auto id = take_bytes(wire);
    if (!id) return std::nullopt;
    CountedChild child{.start = reader.path(),
                       .id = std::string(id->begin(), id->end()),
                       .summary = {},
                       .buffer = {}};
    if (!take_rest(wire, child)) return std::nullopt;
    branch.children.push_back(std::move(child));
  }
  if (!reader.is_whole() || !wire.empty()) return std::nullopt;
  return branch;
}

}  // namespace convex_kv
