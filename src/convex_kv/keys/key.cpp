#include "convex_kv/keys/key.hpp"

#include "convex_kv/base/float_bits.hpp"

namespace convex_kv {

namespace {

bool same_part(const KeyPart& a, const KeyPart& b) {
  const auto* x = std::get_if<double>(&a);
  const auto* y = std::get_if<double>(&b);
  if (x && y) return bits_from_double(*x) == bits_from_double(*y);
  return a == b;
}

struct PartTeller {
  KeySink& sink;

  void operator()(Null) const { sink.null(); }
  void operator()(std::int64_t value) const { sink.int64(value); }
  void operator()(double value) const { sink.float64(value); }
  void operator()(bool value) const { sink.boolean(value); }
  void operator()(const std::string& value) const { sink.string(value); }
  void operator()(const Bytes& value) const { sink.bytes(value); }
};

}  // namespace

void tell_key(const Key& key, KeySink& sink) {
  for (const KeyPart& part : key) std::visit(PartTeller{sink}, part);
}

void KeyBuilder::null() { key_.emplace_back(Null{}); }
void KeyBuilder::int64(std::int64_t value) { key_.emplace_back(value); }
void KeyBuilder::float64(double value) { key_.emplace_back(value); }
void KeyBuilder::boolean(bool value) { key_.emplace_back(value); }
void KeyBuilder::string(std::string_view utf8) { key_.emplace_back(std::string(utf8)); }
void KeyBuilder::bytes(ByteView value) { key_.emplace_back(Bytes(value.begin(), value.end())); }

bool same_key(const Key& a, const Key& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same_part(a[i], b[i])) return false;
  }
  return true;
}

}  // namespace convex_kv
