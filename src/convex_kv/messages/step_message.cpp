#include "convex_kv/messages/step_message.hpp"

#include <utility>

#include "convex_kv/json/convex_json.hpp"

namespace convex_kv {

namespace {

Json spans_to_json(const RowSpans& spans) {
  Json json(Json::value_t::array);
  for (const auto& [first, last] : spans) {
    Json& span = json.emplace_back(Json::value_t::array);
    span.push_back(first);
    span.push_back(last);
  }
  return json;
}

const char* compare_name(Compare compare) {
  switch (compare) {
    case Compare::kEq:
      return "eq";
    case Compare::kGt:
      return "gt";
    case Compare::kGte:
      return "gte";
    case Compare::kLt:
      return "lt";
    case Compare::kLte:
      return "lte";
  }
  return "eq";
}

const char* index_name(Index index) {
  switch (index) {
    case Index::kPath:
      return "path";
    case Index::kExpiresAt:
      return "expiresAt";
    case Index::kFresh:
      return "fresh";
  }
  return "path";
}

// Where `bytes` stand, once they are appended to the message's bytes.
Json append_bytes(std::string& message_bytes, const Bytes& bytes) {
  Json place(Json::value_t::array);
  place.push_back(message_bytes.size());
  message_bytes.append(bytes.begin(), bytes.end());
  place.push_back(message_bytes.size());
  return place;
}

Json bound_to_json(const Bound& bound, std::string& message_bytes) {
  const auto* bytes = std::get_if<Bytes>(&bound.value);
  const auto* text = std::get_if<std::string>(&bound.value);
  Json json(Json::value_t::array);
  json.push_back(compare_name(bound.compare));
  json.push_back(bound.field);
  if (bytes) {
    json.push_back(append_bytes(message_bytes, *bytes));
  } else if (text) {
    json.push_back(*text);
  } else {
    json.push_back(json_from_number(*std::get_if<double>(&bound.value)));
  }
  return json;
}

void write_step(Json& json, std::string& message_bytes, const Read& step) {
  put_text(json, "step", "read");
  put_text(json, "index", index_name(step.index));
  Json bounds(Json::value_t::array);
  for (const Bound& bound : step.bounds) bounds.push_back(bound_to_json(bound, message_bytes));
  put(json, "bounds", std::move(bounds));
  put(json, "maxRows", step.max_rows);
  put(json, "maxBytes", step.max_bytes);
  if (step.max_value_bytes != Read::kNoBound) put(json, "maxValueBytes", step.max_value_bytes);
  if (step.order == Order::kDescending) put_text(json, "order", "desc");
}

void write_step(Json& json, std::string&, const AskClock&) { put_text(json, "step", "clock"); }

void write_step(Json& json, std::string&, const Write& step) {
  put_text(json, "step", "write");
  put(json, "deleted", spans_to_json(step.deleted));
  put(json, "transferred", spans_to_json(step.transferred));
}

void write_step(Json& json, std::string&, const PageDone& step) {
  put_text(json, "step", "page");
  put(json, "rows", spans_to_json(step.rows));
  put_text(json, "cursor", step.cursor);
  put(json, "isDone", step.is_done);
  if (step.split_cursor.empty()) return;
  put_text(json, "splitCursor", step.split_cursor);
  put_text(json, "pageStatus", step.is_split_required ? "SplitRequired" : "SplitRecommended");
}

void write_step(Json& json, std::string&, const CountDone& step) {
  put_text(json, "step", "count");
  put(json, "count", step.count);
  put_text(json, "cursor", step.cursor);
  put(json, "isDone", step.is_done);
}

void write_step(Json& json, std::string&, const ChildrenDone& step) {
  put_text(json, "step", "children");
  Json children(Json::value_t::array);
  for (const Child& child : step.children) {
    Json& item = children.emplace_back(Json::value_t::array);
    item.push_back(child.row);
    item.push_back(child.has_entry);
    item.push_back(child.has_children);
  }
  put(json, "children", std::move(children));
  put_text(json, "cursor", step.cursor);
  put(json, "isDone", step.is_done);
}

void write_error(Json& json, const KvError& error) {
  put_text(json, "code", error_name(error.code));
  put_text(json, "message", error.message);
}

void write_step(Json& json, std::string& message_bytes, const BatchDone& step) {
  put_text(json, "step", "batch");
  put(json, "deleted", step.deleted);
  put(json, "transferred", step.transferred);
  put(json, "skipped", step.skipped);
  Json error;
  if (step.error) write_error(error, *step.error);
  put(json, "error", std::move(error));
  if (step.range) {
    put(json, "lower", append_bytes(message_bytes, step.range->lower));
    put(json, "upper", append_bytes(message_bytes, step.range->upper));
  }
  if (!step.rest) return put(json, "rest", nullptr);
  put_text(json, "rest", *step.rest);
}

void write_step(Json& json, std::string&, const KvError& error) {
  put_text(json, "step", "error");
  write_error(json, error);
}

// Writes the step if it holds a T. (std::visit would take twice the code.)
template <typename T>
void write_if(Json& json, std::string& message_bytes, const Step& step) {
  if (const T* held = std::get_if<T>(&step)) write_step(json, message_bytes, *held);
}

template <typename... T>
void write_any(Json& json, std::string& message_bytes, const std::variant<T...>& step) {
  (write_if<T>(json, message_bytes, step), ...);
}

}  // namespace

std::string step_to_message(const Step& step) {
  Json json;
  std::string message_bytes;
  write_any(json, message_bytes, step);
  std::string message = dump_json(json);
  if (!message_bytes.empty()) message += '\n' + message_bytes;
  return message;
}

}  // namespace convex_kv
