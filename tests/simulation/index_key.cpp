#include "index_key.hpp"

#include <string_view>

#include "convex_kv/keys/sort_key.hpp"
#include "violation.hpp"

namespace convex_kv::simulation {

namespace {

constexpr std::uint8_t kUndefined = 0x01;  // before all tags of sort_key.hpp
constexpr std::uint8_t kAfterAll = 0xFF;   // never a tag

void add(Bytes& key, const Field& field) {
  SortKeyWriter writer(key);
  if (const auto* number = std::get_if<double>(&field)) {
    writer.float64(*number);
  } else if (const auto* bytes = std::get_if<Bytes>(&field)) {
    writer.bytes(*bytes);
  } else {
    key.push_back(kUndefined);
  }
}

Bytes with(Bytes key, const Bound& bound) {
  if (const auto* number = std::get_if<double>(&bound.value)) {
    add(key, *number);
  } else {
    add(key, std::get<Bytes>(bound.value));
  }
  return key;
}

Bytes after(Bytes key) {
  key.push_back(kAfterAll);
  return key;
}

}  // namespace

Bytes index_key(std::initializer_list<Field> fields) {
  Bytes key;
  for (const Field& field : fields) add(key, field);
  return key;
}

KeyRange everything() { return {{}, {kAfterAll}}; }

KeyRange equal_to(std::initializer_list<Field> fields) {
  Bytes key = index_key(fields);
  return {key, after(key)};
}

// Equalities on the first fields, then at most one lower and one upper bound on the next.
KeyRange range_of(const Read& read) {
  const std::string_view fields[] = {read.index == Index::kExpiresAt ? "expiresAt" : "path",
                                     "_creationTime"};
  std::size_t equal = 0;
  bool has_lower = false;
  bool has_upper = false;
  Bytes prefix;
  KeyRange range = everything();
  for (const Bound& bound : read.bounds) {
    check(equal < 2 && bound.field == fields[equal], Invariant::kProtocol, "a bound out of order");
    check(std::holds_alternative<Bytes>(bound.value) == (fields[equal] == "path"),
          Invariant::kProtocol, "a bound of another type than its field");
    const Bytes at = with(prefix, bound);
    switch (bound.compare) {
      case Compare::kEq:
        check(!has_lower && !has_upper, Invariant::kProtocol, "an equality behind a bound");
        ++equal;
        prefix = at;
        range = {at, after(at)};
        break;
      case Compare::kGt:
      case Compare::kGte:
        check(!has_lower && !has_upper, Invariant::kProtocol, "a lower bound out of order");
        has_lower = true;
        range.lower = bound.compare == Compare::kGt ? after(at) : at;
        break;
      case Compare::kLt:
      case Compare::kLte:
        check(!has_upper, Invariant::kProtocol, "two upper bounds");
        has_upper = true;
        range.upper = bound.compare == Compare::kLte ? after(at) : at;
        break;
    }
  }
  return range;
}

}  // namespace convex_kv::simulation
