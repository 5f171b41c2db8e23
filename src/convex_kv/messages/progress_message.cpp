#include "convex_kv/messages/progress_message.hpp"

#include <utility>

#include "convex_kv/json/convex_json.hpp"

namespace convex_kv {

namespace {

Json progress_to_json(const DeleteProgress& progress) {
  Json json;
  put_text(json, "plan", "delete");
  put(json, "lower", json_from_bytes(progress.range.lower));
  put(json, "upper", json_from_bytes(progress.range.upper));
  if (progress.after) put(json, "after", json_from_bytes(*progress.after));
  if (progress.order == Order::kDescending) put(json, "reverse", true);
  return json;
}

Json progress_to_json(const SweepProgress& progress) {
  Json json;
  put_text(json, "plan", "sweep");
  put_number(json, "until", progress.until);
  put_number(json, "since", progress.since);
  if (progress.after) {
    put_number(json, "expiresAt", progress.after->expires_at);
    put_number(json, "creationTime", progress.after->creation_time);
  }
  return json;
}

template <typename Kind>
std::optional<Progress> if_consistent(Kind progress) {
  return is_consistent(progress) ? std::optional<Progress>(std::move(progress)) : std::nullopt;
}

}  // namespace

std::string progress_to_text(const Progress& progress) {
  const auto* deletion = std::get_if<DeleteProgress>(&progress);
  return dump_json(deletion ? progress_to_json(*deletion)
                            : progress_to_json(*std::get_if<SweepProgress>(&progress)));
}

std::optional<Progress> progress_from_text(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed) return std::nullopt;
  const Json& json = *parsed;
  const auto plan = string_member(json, "plan");
  if (plan == "delete") {
    auto lower = bytes_member(json, "lower");
    auto upper = bytes_member(json, "upper");
    if (!lower || !upper) return std::nullopt;
    DeleteProgress progress{{std::move(*lower), std::move(*upper)},
                            bytes_member(json, "after"),
                            order_when(flag_member(json, "reverse"))};
    return if_consistent(std::move(progress));
  }
  if (plan == "sweep") {
    const auto until = number_member(json, "until");
    const auto expires_at = number_member(json, "expiresAt");
    const auto creation_time = number_member(json, "creationTime");
    if (!until) return std::nullopt;
    SweepProgress progress{*until, std::nullopt};
    progress.since = number_member(json, "since").value_or(progress.since);
    if (expires_at && creation_time) progress.after = {*expires_at, *creation_time};
    return if_consistent(progress);
  }
  return std::nullopt;
}

}  // namespace convex_kv
