#include "convex_kv/plans/transfer_progress.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "convex_kv/keys/sort_key.hpp"

namespace convex_kv {

namespace {

constexpr std::array<std::string_view, 2> kKinds{"move", "copy"};
constexpr std::array<std::string_view, 3> kRules{"error", "overwrite", "skip"};

template <typename Enum, typename Names>
std::optional<Enum> find_name(const Names& names, std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

Bytes TransferProgress::image_of(ByteView path) const {
  Bytes image = to;
  append(image, path.subspan(std::min(source.lower.size(), path.size())));
  return image;
}

std::optional<KvError> check_transfer(const TransferProgress& progress) {
  const auto& [kind, on_conflict, source, to, after] = progress;
  if (auto error = check_prefix(source.lower)) return error;
  if (auto error = check_prefix(to)) return error;
  if (source.contains(to) || range_below(to).contains(source.lower)) {
    return KvError{ErrorCode::kInvalidKey,
                   "Entries cannot be moved or copied to where they come from: of the two prefixes "
                   "neither may cover the other, and neither may be the root."};
  }
  if (after && !source.contains(*after)) {
    return KvError{ErrorCode::kInvalidRequest, "A transfer cannot go on outside its source."};
  }
  return std::nullopt;
}

std::optional<TransferKind> transfer_kind_of(std::string_view name) {
  return find_name<TransferKind>(kKinds, name);
}

std::optional<OnConflict> on_conflict_of(std::string_view name) {
  return find_name<OnConflict>(kRules, name);
}

std::string rest_of(const TransferProgress& progress) {
  Json json;
  put_text(json, "plan", kKinds[static_cast<std::size_t>(progress.kind)]);
  put_text(json, "onConflict", kRules[static_cast<std::size_t>(progress.on_conflict)]);
  put(json, "from", json_from_bytes(progress.source.lower));
  put(json, "to", json_from_bytes(progress.to));
  if (progress.after) put(json, "after", json_from_bytes(*progress.after));
  return dump_json(json);
}

std::optional<TransferProgress> transfer_progress_from(const Json& rest) {
  const auto kind = transfer_kind_of(string_member(rest, "plan").value_or(""));
  const auto on_conflict = on_conflict_of(string_member(rest, "onConflict").value_or(""));
  auto from = bytes_member(rest, "from");
  auto to = bytes_member(rest, "to");
  if (!kind || !on_conflict || !from || !to) return std::nullopt;
  TransferProgress progress{*kind, *on_conflict, range_below(std::move(*from)), std::move(*to),
                            bytes_member(rest, "after")};
  if (check_transfer(progress)) return std::nullopt;
  return progress;
}

}  // namespace convex_kv
