#include "convex_kv/core.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"
#include "convex_kv/base/little_endian.hpp"
#include "convex_kv/budget/rows.hpp"
#include "convex_kv/keys/key_wire.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/messages/counted_message.hpp"
#include "convex_kv/messages/plan_request.hpp"
#include "convex_kv/messages/step_message.hpp"
#include "convex_kv/plans/cursor.hpp"

namespace convex_kv::core {

namespace {

struct State {
  Bytes input;
  Bytes output;
  KvError error{ErrorCode::kInvalidRequest, "Nothing has failed yet."};
  std::vector<std::unique_ptr<Plan>> plans;  // plan of handle h at h - 1
};

State& state() {
  static State state;
  return state;
}

ByteView input(std::size_t length) {
  return ByteView(state().input).first(std::min(length, state().input.size()));
}

constexpr std::size_t kLengthBytes = sizeof(std::uint32_t);
constexpr std::uintptr_t kNoOutput = 0;

// The output, with room for its length and nothing behind it. Its memory is used again.
Bytes& fresh_output() {
  state().output.assign(kLengthBytes, 0);
  return state().output;
}

// Puts down how long the output has become. Returns its address.
std::uintptr_t finish_output() {
  Bytes& output = state().output;
  set_u32(output, 0, static_cast<std::uint32_t>(output.size() - kLengthBytes));
  return reinterpret_cast<std::uintptr_t>(output.data());
}

template <typename Answer>
Answer fail(const KvError& error, Answer answer) {
  state().error = error;
  return answer;
}

// Takes keys in wire form from the input, one after another. What would go beyond its end is cut
// off there.
class KeyReader {
 public:
  // The sort key of the next, which takes so many bytes, and is a prefix or a bound.
  Result<Bytes> take(std::size_t length) {
    const ByteView wire = rest_.first(std::min(length, rest_.size()));
    rest_ = rest_.subspan(wire.size());
    Bytes sort_key;
    if (auto error = sort_key_from_wire(wire, sort_key)) return *error;
    if (auto error = check_prefix(sort_key)) return *error;
    return sort_key;
  }

  ByteView rest() const { return rest_; }

 private:
  ByteView rest_ = state().input;
};

// How many bytes a bound takes in wire form, less than 0 if there is none, and what it does.
struct Bound {
  int length;
  void (*narrow)(KeyRange& range, Bytes key);
};

// Takes a prefix and bounds: what of the prefix they leave. `prefix_size` becomes that of its sort
// key.
Result<KeyRange> take_range(KeyReader& in, const KeyLengths& lengths, std::size_t& prefix_size) {
  auto prefix = in.take(lengths.prefix);
  if (!prefix) return prefix.error();
  prefix_size = prefix->size();
  KeyRange range = range_below(*prefix);
  const std::array bounds{Bound{lengths.start, &begin_at}, Bound{lengths.after, &begin_after},
                          Bound{lengths.end, &end_before}, Bound{lengths.starts_with, &start_with}};
  for (const auto& [length, narrow] : bounds) {
    if (length < 0) continue;
    const auto below = in.take(static_cast<std::size_t>(length));
    if (!below) return below.error();
    Bytes key = *prefix;
    append(key, *below);
    narrow(range, std::move(key));
  }
  return range;
}

Plan* find_plan(int handle) {
  const auto& plans = state().plans;
  const auto index = static_cast<std::size_t>(handle) - 1;
  return index < plans.size() ? plans[index].get() : nullptr;
}

template <typename Tell>
std::string step_of(int handle, Tell tell) {
  if (Plan* plan = find_plan(handle)) return step_to_message(tell(*plan));
  return step_to_message(KvError{ErrorCode::kInvalidRequest, "There is no such plan."});
}

}  // namespace

std::uintptr_t reserve_input(std::size_t size) {
  Bytes& buffer = state().input;
  if (buffer.size() < size) buffer.resize(size);
  return reinterpret_cast<std::uintptr_t>(buffer.data());
}

std::string_view input_text(std::size_t start, std::size_t length) {
  const ByteView whole = input(start + length);
  const ByteView text = whole.subspan(std::min(start, whole.size()));
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

std::uintptr_t put_output(std::string_view text) {
  append(fresh_output(), {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return finish_output();
}

std::uintptr_t encode_key(std::size_t input_length) {
  const ByteView wire = input(input_length);
  Bytes& output = fresh_output();
  output.reserve(kLengthBytes + wire.size());  // most keys need no more
  if (const auto error = sort_key_from_wire(wire, output)) {
    return fail(*error, kNoOutput);
  }
  if (const auto error = check_entry(ByteView(output).subspan(kLengthBytes))) {
    return fail(*error, kNoOutput);
  }
  return finish_output();
}

std::uintptr_t key_range(const KeyLengths& lengths) {
  KeyReader in;
  std::size_t prefix_size = 0;
  const auto range = take_range(in, lengths, prefix_size);
  if (!range) return fail(range.error(), kNoOutput);
  Bytes& output = fresh_output();
  put_u32(output, static_cast<std::uint32_t>(range->lower.size()));
  append(output, range->lower);
  append(output, range->upper);
  return finish_output();
}

std::uintptr_t cursor_behind(const KeyLengths& lengths, std::size_t position_length, bool reverse) {
  KeyReader in;
  std::size_t prefix_size = 0;
  const auto range = take_range(in, lengths, prefix_size);
  if (!range) return fail(range.error(), kNoOutput);
  const ByteView position = in.rest().first(std::min(position_length, in.rest().size()));
  if (!range->contains(position)) {
    return fail(KvError{ErrorCode::kInvalidRequest, "The position is not in the range."},
                kNoOutput);
  }
  return put_output(encode_cursor(*range, position, {.order = order_when(reverse)}));
}

std::uintptr_t ask_counted(std::size_t input_length) {
  const Bytes answer = answer_counted_question(input(input_length));
  append(fresh_output(), answer);
  return finish_output();
}

std::string last_error() {
  const auto& [code, message] = state().error;
  return std::string(error_name(code)) + '\n' + message;
}

int open_plan(const KeyLengths& lengths, std::string_view request) {
  KeyReader in;
  std::size_t prefix_size = 0;
  auto range = take_range(in, lengths, prefix_size);
  if (!range) return fail(range.error(), 0);
  PlanKeys keys{std::move(*range), prefix_size, std::nullopt};
  if (lengths.to >= 0) {
    auto to = in.take(static_cast<std::size_t>(lengths.to));
    if (!to) return fail(to.error(), 0);
    keys.to = std::move(*to);
  }
  auto plan = plan_from_request(std::move(keys), request);
  if (!plan) return fail(plan.error(), 0);
  auto& plans = state().plans;
  auto free_place = std::find(plans.begin(), plans.end(), nullptr);
  if (free_place == plans.end()) free_place = plans.insert(plans.end(), nullptr);
  *free_place = std::move(*plan);
  return static_cast<int>(free_place - plans.begin()) + 1;
}

int give_deletions(int handle, std::size_t input_length) {
  Plan* plan = find_plan(handle);
  auto deletions = deletions_from_wire(input(input_length));
  return plan && deletions && plan->set_deletions(std::move(*deletions));
}

std::string start_plan(int handle) {
  return step_of(handle, [](Plan& plan) { return plan.start(); });
}

std::string give_rows(int handle, std::size_t input_length) {
  return step_of(handle, [&](Plan& plan) -> Step {
    auto rows = rows_from_wire(input(input_length));
    if (rows) return plan.on_rows(std::move(*rows));
    return KvError{ErrorCode::kInvalidRequest,
                   "The rows did not cross into the core in one piece."};
  });
}

std::string give_clock(int handle, double now) {
  return step_of(handle, [now](Plan& plan) { return plan.on_clock(now); });
}

std::string give_written(int handle) {
  return step_of(handle, [](Plan& plan) { return plan.on_written(); });
}

void close_plan(int handle) {
  if (find_plan(handle)) state().plans[static_cast<std::size_t>(handle) - 1].reset();
}

}  // namespace convex_kv::core
