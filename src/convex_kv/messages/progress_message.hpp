// Where background work stands, as the text that its job keeps (`rest` in convex/schema.ts). Nobody
// but the core reads it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "convex_kv/plans/progress.hpp"

namespace convex_kv {

std::string progress_to_text(const Progress& progress);

// nullopt if `text` was not made by the above, or if what it says is not consistent. Safe for any
// input.
std::optional<Progress> progress_from_text(std::string_view text);

}  // namespace convex_kv
