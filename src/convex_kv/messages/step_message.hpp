// What a plan says next, as JSON text and, if a read's bounds hold bytes, a line feed and those
// bytes as they are: each bound's value is then [start, end), where its bytes stand behind the line
// feed. (As base64 they would be encoded here, decoded in TypeScript, and encoded again by Convex.)
// By "step":
//   read         {index, bounds: [[compare, field, value], ...], maxRows, maxBytes,
//                 maxValueBytes?, order?: "desc"}
//   clock        {}
//   write        {deleted: [[first, last), ...], transferred}
//   page         {rows, cursor, isDone, splitCursor?, pageStatus?}
//   count        {count, cursor, isDone}
//   children     {children: [[row, hasEntry, hasChildren], ...], cursor, isDone}
//   batch        {deleted, transferred, skipped, error: {code, message} or null,
//                 rest: text or null}
//   error        {code, message}
#pragma once

#include <string>

#include "convex_kv/plans/plan.hpp"

namespace convex_kv {

std::string step_to_message(const Step& step);

}  // namespace convex_kv
