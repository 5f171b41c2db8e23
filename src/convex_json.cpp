#include "convex_json.hpp"

#include <cmath>

#include "base64.hpp"
#include "float_bits.hpp"
#include "little_endian.hpp"

namespace convex_kv {

namespace {

// Builds a Json from the parser's events. Json::parse would do the same, but brings a second parser
// with it, for a callback that is never there: a tenth of the whole wasm.
class JsonBuilder final : public nlohmann::json_sax<Json> {
 public:
  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t, const string_t&) override { return false; }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& name) override {
    name_ = std::move(name);
    return true;
  }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool add(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json container) {
    open_.push_back(place(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  // Puts `value` where it belongs and tells where that is. Only the innermost open container grows,
  // so the places of those around it hold.
  Json* place(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    Json& parent = *open_.back();
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[name_] = std::move(value));
  }

  Json root_;
  std::vector<Json*> open_;
  std::string name_;
};

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  JsonBuilder builder;
  if (!Json::sax_parse(text, &builder)) return std::nullopt;
  return builder.take();
}

std::string dump_json(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

std::optional<std::int64_t> whole_number(double number) {
  constexpr double kLargest = 9007199254740991;
  if (!(std::fabs(number) <= kLargest) || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

const Json* member(const Json& json, const char* name) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(name);
  return found == json.end() ? nullptr : &*found;
}

std::optional<double> number_from_json(const Json& json) {
  if (json.is_number_unsigned()) return static_cast<double>(json.get<std::uint64_t>());
  if (json.is_number_integer()) return static_cast<double>(json.get<std::int64_t>());
  const auto text = string_member(json, "$float");
  if (!text) return std::nullopt;
  const auto bytes = base64_decode(*text, Base64::kStandard);
  if (!bytes || bytes->size() != 8) return std::nullopt;
  ByteView in(*bytes);
  return double_from_bits(*take_u64(in));
}

Json json_from_number(double value) {
  const auto whole = whole_number(value);
  if (whole && !std::signbit(value) == (*whole >= 0)) return *whole;
  Bytes bytes;
  put_u64(bytes, bits_from_double(value));
  Json json;
  json["$float"] = base64_encode(bytes, Base64::kStandard);
  return json;
}

std::optional<Bytes> bytes_from_json(const Json& json) {
  const auto text = string_member(json, "$bytes");
  if (!text) return std::nullopt;
  return base64_decode(*text, Base64::kStandard);
}

Json json_from_bytes(ByteView bytes) {
  Json json;
  json["$bytes"] = base64_encode(bytes, Base64::kStandard);
  return json;
}

std::optional<double> number_member(const Json& json, const char* name) {
  const Json* found = member(json, name);
  if (!found) return std::nullopt;
  return number_from_json(*found);
}

std::optional<Bytes> bytes_member(const Json& json, const char* name) {
  const Json* found = member(json, name);
  if (!found) return std::nullopt;
  return bytes_from_json(*found);
}

std::optional<std::string> string_member(const Json& json, const char* name) {
  const Json* found = member(json, name);
  if (!found || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

}  // namespace convex_kv
