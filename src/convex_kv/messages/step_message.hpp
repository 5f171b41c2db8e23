// What a plan says next, as JSON text. By "step":
//   read         {index, bounds: [[compare, field, value], ...], maxRows, maxBytes, order?: "desc"}
//   clock        {}
//   write        {deleted: [[first, last), ...], transferred}
//   page         {rows, cursor, isDone, splitCursor?, pageStatus?}
//   count        {count, cursor, isDone}
//   children     {children: [[row, hasEntry, hasChildren], ...], cursor, isDone}
//   batch        {deleted, transferred, skipped, error: {code, message} or null, rest: text or
//   null} error        {code, message}
#pragma once

#include <string>

#include "convex_kv/plans/plan.hpp"

namespace convex_kv {

std::string step_to_json(const Step& step);

}  // namespace convex_kv
