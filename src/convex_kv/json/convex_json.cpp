#include "convex_kv/json/convex_json.hpp"

#include <cmath>

#include "convex_kv/base/base64.hpp"
#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"

// Parts of nlohmann_json that nothing here uses are left out, for size: the conversion of fractions
// to decimal digits, since no Json of ours holds one (json_from_number, JsonBuilder), is 4 KB of
// wasm; the messages of parse errors, which JsonBuilder discards, are 2 KB.
namespace nlohmann::detail {

using TextAdapter = decltype(input_adapter(std::declval<std::string_view&>()));

template <>
void serializer<convex_kv::Json>::dump_float(double) {
  o->write_characters("null", 4);
}

template <>
std::string parser<convex_kv::Json, TextAdapter>::exception_message(const token_type,
                                                                    const std::string&) {
  return {};
}

template <>
std::string lexer<convex_kv::Json, TextAdapter>::get_token_string() const {
  return {};
}

template <>
parse_error parse_error::create<std::nullptr_t, 0>(int id, const position_t&, const std::string&,
                                                   std::nullptr_t) {
  return {id, 0, ""};
}

}  // namespace nlohmann::detail

namespace convex_kv {

namespace {

// Builds a Json from the parser's events (nlohmann_json calls for these very names). Json::parse
// would do the same, but includes a second parser, for a callback that is never passed: a tenth of
// the whole wasm.
class JsonBuilder {
 public:
  Json take() { return std::move(root_); }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double, const std::string&) { return false; }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }
  bool key(std::string& name) {
    name_ = std::move(name);
    return true;
  }
  bool start_object(std::size_t) { return open(Json::value_t::object); }
  bool start_array(std::size_t) { return open(Json::value_t::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
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
  // Puts `value` where it belongs and returns that place. Only the innermost open container grows,
  // so pointers to those around it stay valid.
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
  const auto* object = json.get_ptr<const Json::object_t*>();
  if (!object) return nullptr;
  for (const auto& [key, value] : *object) {
    if (key == name) return &value;
  }
  return nullptr;
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

void put(Json& json, const char* name, Json value) { json[name] = std::move(value); }

void put_text(Json& json, const char* name, std::string_view text) {
  put(json, name, Json(std::string(text)));
}

void put_number(Json& json, const char* name, double number) {
  put(json, name, json_from_number(number));
}

bool flag_member(const Json& json, const char* name) {
  const Json* flag = member(json, name);
  return flag && *flag == true;
}

}  // namespace convex_kv
