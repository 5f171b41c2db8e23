// What a move or copy of a subtree is to do, and where it stands between two of its batches.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/keys/key_range.hpp"

namespace convex_kv {

enum class TransferKind { kMove, kCopy };

// What becomes of an entry in whose place there is a live one.
enum class OnConflict { kError, kOverwrite, kSkip };

struct TransferProgress {
  TransferKind kind;
  OnConflict on_conflict;
  KeyRange source;             // all that the prefix covers
  Bytes to;                    // the sort key of the prefix that it goes to
  std::optional<Bytes> after;  // the source up to and including this sort key is done

  // The sort key that what is at `path`, within the source, has at the destination: `to`, and what
  // follows the source's own prefix. So images have the order of what they are images of.
  Bytes image_of(ByteView path) const;
};

// Why this can be no transfer, whether a call asks for it or a job continues it: invalid_key if a
// prefix is too long, or if one of the two covers the other, as the root covers every prefix;
// invalid_request if `after` is not in the source.
std::optional<KvError> check_transfer(const TransferProgress& progress);

// By their names in requests: "move" and "copy"; "error", "overwrite" and "skip".
std::optional<TransferKind> transfer_kind_of(std::string_view name);
std::optional<OnConflict> on_conflict_of(std::string_view name);

// As the text that a job keeps, and back from its JSON: nullopt if that was not made by the first,
// or if check_transfer refuses what it says.
std::string rest_of(const TransferProgress& progress);
std::optional<TransferProgress> transfer_progress_from(const Json& rest);

}  // namespace convex_kv
