#include "convex_kv/plans/delete_progress.hpp"

#include <utility>

namespace convex_kv {

std::string rest_of(const DeleteProgress& progress) {
  Json json;
  put_text(json, "plan", "delete");
  put(json, "lower", json_from_bytes(progress.range.lower));
  put(json, "upper", json_from_bytes(progress.range.upper));
  if (progress.after) put(json, "after", json_from_bytes(*progress.after));
  if (progress.order == Order::kDescending) put(json, "reverse", true);
  return dump_json(json);
}

std::optional<DeleteProgress> delete_progress_from(const Json& rest) {
  auto lower = bytes_member(rest, "lower");
  auto upper = bytes_member(rest, "upper");
  if (!lower || !upper || *upper < *lower) return std::nullopt;
  DeleteProgress progress{{std::move(*lower), std::move(*upper)},
                          bytes_member(rest, "after"),
                          order_when(flag_member(rest, "reverse"))};
  if (progress.after && !progress.range.contains(*progress.after)) return std::nullopt;
  return progress;
}

}  // namespace convex_kv
