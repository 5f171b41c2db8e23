#include "key.hpp"

#include <utility>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"
#include "convex_kv/keys/key_wire.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "utf16.hpp"

namespace convex_kv::test {

namespace {

// Appends a part in wire form: its tag, and what follows it.
struct WireWriter {
  Bytes& out;

  void operator()(Null) const { out.push_back(0); }

  void operator()(std::int64_t value) const {
    out.push_back(1);
    put_u64(out, static_cast<std::uint64_t>(value));
  }

  void operator()(double value) const {
    out.push_back(2);
    put_u64(out, bits_from_double(value));
  }

  void operator()(bool value) const { out.push_back(value ? 4 : 3); }

  void operator()(const std::string& value) const {
    Bytes units;
    append_utf16(units, value);
    out.push_back(5);
    put_u32(out, static_cast<std::uint32_t>(units.size() / 2));
    append(out, units);
  }

  void operator()(const Bytes& value) const {
    out.push_back(6);
    put_u32(out, static_cast<std::uint32_t>(value.size()));
    append(out, value);
  }
};

Result<Bytes> encode(const Key& key, std::optional<KvError> (*check)(ByteView)) {
  Bytes sort_key;
  if (auto error = sort_key_from_wire(key_to_wire(key), sort_key)) return std::move(*error);
  if (auto error = check(sort_key)) return std::move(*error);
  return sort_key;
}

}  // namespace

bool same_key(const Key& a, const Key& b) { return key_to_wire(a) == key_to_wire(b); }

Bytes key_to_wire(const Key& key) {
  Bytes wire;
  for (const KeyPart& part : key) std::visit(WireWriter{wire}, part);
  return wire;
}

Result<Bytes> encode_sort_key(const Key& key) { return encode(key, check_prefix); }

Result<Bytes> encode_entry_key(const Key& key) { return encode(key, check_entry); }

Result<KeyRange> prefix_range(const Key& prefix) {
  auto sort_key = encode_sort_key(prefix);
  if (!sort_key) return sort_key.error();
  return range_below(std::move(*sort_key));
}

KeyRange range_between(const Bytes& prefix, const Bounds& bounds) {
  KeyRange range = range_below(prefix);
  const auto narrow = [&](const std::optional<Bytes>& bound, void (*to)(KeyRange&, Bytes)) {
    if (!bound) return;
    Bytes key = prefix;
    append(key, *bound);
    to(range, std::move(key));
  };
  narrow(bounds.start, begin_at);
  narrow(bounds.after, begin_after);
  narrow(bounds.end, end_before);
  narrow(bounds.starts_with, start_with);
  return range;
}

std::vector<Bytes> parts_of(ByteView sort_key) {
  std::vector<Bytes> parts;
  Bytes part;
  for (std::size_t i = 0; i < sort_key.size(); ++i) {
    part.push_back(sort_key[i]);
    const bool is_escaped = i + 1 < sort_key.size() && sort_key[i + 1] == 0xFF;
    if (sort_key[i] == 0 && !is_escaped) parts.push_back(std::exchange(part, {}));
  }
  return parts;
}

}  // namespace convex_kv::test
