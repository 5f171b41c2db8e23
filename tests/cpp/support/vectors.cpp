#include "vectors.hpp"
#include "key.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "convex_kv/base/base64.hpp"
#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"
#include "hex.hpp"

namespace convex_kv::test {

namespace {

using nlohmann::json;

json load(const std::string& file) {
  const std::string path = std::string(CONVEX_KV_VECTORS) + "/" + file;
  INFO("reading ", path);
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  json list = json::parse(text, nullptr, /*allow_exceptions=*/false);
  REQUIRE(list.is_array());
  REQUIRE_FALSE(list.empty());
  return list;
}

std::uint64_t eight_bytes(const Bytes& bytes) {
  ByteView in(bytes);
  const auto bits = take_u64(in);
  REQUIRE(bits.has_value());
  REQUIRE(in.empty());
  return *bits;
}

// Convex's JSON form of a scalar, as convexToJson in convex/values writes it.
KeyPart part_from_json(const json& part) {
  if (part.is_null()) return Null{};
  if (part.is_boolean()) return part.get<bool>();
  if (part.is_number()) return part.get<double>();
  if (part.is_string()) return part.get<std::string>();
  REQUIRE(part.is_object());
  REQUIRE(part.size() == 1);
  const auto member = part.begin();
  const auto bytes = base64_decode(member->get<std::string>(), Base64::kStandard);
  REQUIRE(bytes.has_value());
  if (member.key() == "$bytes") return *bytes;
  const std::uint64_t bits = eight_bytes(*bytes);
  if (member.key() == "$integer") return static_cast<std::int64_t>(bits);
  REQUIRE(member.key() == "$float");
  return double_from_bits(bits);
}

Key key_from_json(const json& parts) {
  Key key;
  for (const json& part : parts) key.push_back(part_from_json(part));
  return key;
}

template <typename Vector>
std::vector<Vector> load_all(const std::string& file, Vector (*from_json)(const json&)) {
  std::vector<Vector> vectors;
  for (const json& entry : load(file)) vectors.push_back(from_json(entry));
  return vectors;
}

}  // namespace

const std::vector<KeyVector>& key_vectors() {
  static const auto vectors = load_all<KeyVector>("keys.json", [](const json& entry) {
    return KeyVector{entry["name"].get<std::string>(), key_from_json(entry["key"]),
                     from_hex(entry["bytes"].get<std::string>())};
  });
  return vectors;
}

const std::vector<RangeVector>& range_vectors() {
  static const auto vectors = load_all<RangeVector>("ranges.json", [](const json& entry) {
    return RangeVector{entry["prefix"].dump() + " and " + entry["key"].dump(),
                       key_from_json(entry["prefix"]), key_from_json(entry["key"]),
                       entry["covered"].get<bool>()};
  });
  return vectors;
}

}  // namespace convex_kv::test
