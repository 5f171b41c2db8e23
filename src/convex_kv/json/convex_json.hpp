// Convex's JSON form (convexToJson in convex/values), as far as plan messages use it: text, whole
// numbers, {"$float": base64 of 8 little-endian bytes} and {"$bytes": base64}.
//
// A number that is not a whole one within +-(2^53 - 1) crosses as $float, although Convex needs
// that only for -0, NaN and the infinities. So no message ever turns a fraction into decimal digits
// or back, and the wasm goes without the C library's code for it, which is as large as all our
// plans.
//
// Nothing outside this folder includes nlohmann_json itself.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

using Json = nlohmann::ordered_json;  // members in the order written

// nullopt if `text` is not JSON, or holds a number that is not a whole one. Safe for any input.
std::optional<Json> parse_json(std::string_view text);

// ASCII only, so that it crosses Embind unharmed; malformed UTF-8 becomes U+FFFD.
std::string dump_json(const Json& json);

// A whole number within +-(2^53 - 1), which doubles hold exactly; nullopt for any other.
std::optional<std::int64_t> whole_number(double number);

// A member of an object; null if `json` is no object or has no such member.
const Json* member(const Json& json, const char* name);

std::optional<double> number_from_json(const Json& json);
Json json_from_number(double value);

std::optional<Bytes> bytes_from_json(const Json& json);
Json json_from_bytes(ByteView bytes);

// These add a member to an object. Calls of a few functions take much less code than a conversion
// into Json at every place.
void put(Json& json, const char* name, Json value);
void put_text(Json& json, const char* name, std::string_view text);
void put_number(Json& json, const char* name, double number);

// The members of an object by name; nullopt if there is none or it is of another type.
std::optional<double> number_member(const Json& json, const char* name);
std::optional<Bytes> bytes_member(const Json& json, const char* name);
std::optional<std::string> string_member(const Json& json, const char* name);

// Whether the member is true: false if there is none.
bool flag_member(const Json& json, const char* name);

}  // namespace convex_kv
