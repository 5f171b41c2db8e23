#include "convex_kv/plans/cursor.hpp"

#include "convex_kv/base/base64.hpp"

namespace convex_kv {

namespace {

// FNV-1a, 64 bits (RFC 9923), with a mark after each field so that none runs into the next.
class Fingerprint {
 public:
  void add(ByteView field) {
    for (const std::uint8_t byte : field) add_byte(byte);
    for (std::size_t rest = field.size() + 1; rest != 0; rest >>= 8) {
      add_byte(static_cast<std::uint8_t>(rest));
    }
  }

  std::string text() const {
    Bytes bytes;
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::uint8_t>(hash_ >> shift));
    }
    return base64_encode(bytes, Base64::kUrl);
  }

 private:
  void add_byte(std::uint8_t byte) { hash_ = (hash_ ^ byte) * 0x100000001B3U; }

  std::uint64_t hash_ = 0xCBF29CE484222325U;
};

std::string fingerprint(const KeyRange& range, ByteView position, Walk walk) {
  Fingerprint fingerprint;
  fingerprint.add(range.lower);
  fingerprint.add(range.upper);
  fingerprint.add(position);
  // Forward scans add no mark, so their fingerprints predate the other walks.
  const int mark = (walk.order == Order::kDescending ? 1 : 0) + (walk.children_behind ? 2 : 0);
  if (mark != 0) fingerprint.add(Bytes{static_cast<std::uint8_t>(mark)});
  if (walk.children_behind) {
    // A sort key has at most 2,048 bytes.
    const std::size_t length = *walk.children_behind;
    fingerprint.add(
        Bytes{static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  }
  return fingerprint.text();
}

KvError invalid() {
  return KvError{ErrorCode::kInvalidCursor,
                 "The cursor is not one that this prefix gave: pass the continueCursor of the page "
                 "before, with the same prefix, start, end and reverse, or none to start at "
                 "the beginning."};
}

KvError at_end() {
  return KvError{ErrorCode::kInvalidCursor,
                 "The cursor is empty, which is what the last page returns: nothing is after "
                 "it. Stop where isDone is true, or pass none to start at the beginning."};
}

}  // namespace

std::string encode_cursor(const KeyRange& range, ByteView position, Walk walk) {
  // Nothing of it needs an escape.
  std::string text = "[1,\"";
  text += fingerprint(range, position, walk);
  text += "\",\"";
  text += base64_encode(position, Base64::kUrl);
  text += "\"]";
  return base64_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()},
                       Base64::kUrl);
}

Result<Bytes> decode_cursor(std::string_view text, const KeyRange& range, Walk walk) {
  if (text.empty()) return at_end();
  const auto bytes = base64_decode(text, Base64::kUrl);
  if (!bytes) return invalid();
  // What is between the last two quotes, whatever is before: all of it is compared below.
  const std::string_view json(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  const std::size_t end = json.rfind('"');
  if (end == json.npos || end == 0) return invalid();
  const std::size_t begin = json.rfind('"', end - 1) + 1;
  auto position = base64_decode(json.substr(begin, end - begin), Base64::kUrl);
  if (!position || !range.contains(*position)) return invalid();
  // Compare exactly: base64 allows several spellings of one cursor.
  if (encode_cursor(range, *position, walk) != text) return invalid();
  return std::move(*position);
}

}  // namespace convex_kv
