#include "convex_kv/core.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"
#include "convex_kv/budget/refusal.hpp"
#include "convex_kv/budget/rows.hpp"
#include "convex_kv/keys/first_of_each.hpp"
#include "convex_kv/keys/key_wire.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/messages/plan_request.hpp"
#include "convex_kv/messages/step_message.hpp"
#include "convex_kv/rules/expiry.hpp"
#include "convex_kv/rules/number_operation.hpp"
#include "convex_kv/rules/value_place.hpp"

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

// The output, emptied. Its memory is used again.
Bytes& fresh_output() {
  state().output.clear();
  return state().output;
}

int fail(const KvError& error, int result) {
  state().error = error;
  return result;
}

// Takes keys in wire form from the input, one after another. What would go beyond its end is cut
// off there.
class KeyReader {
 public:
  // The sort key of the next, which takes so many bytes. The errors are those of tell_key_wire.
  Result<Bytes> take(std::size_t length) {
    const ByteView wire = rest_.first(std::min(length, rest_.size()));
    rest_ = rest_.subspan(wire.size());
    Bytes sort_key;
    SortKeyWriter writer(sort_key);
    if (auto error = tell_key_wire(wire, writer)) return *error;
    return sort_key;
  }

  // The same for the prefix or a bound of a range.
  Result<Bytes> take_prefix(std::size_t length) {
    auto sort_key = take(length);
    if (!sort_key) return sort_key;
    if (auto error = refuse_prefix(*sort_key)) return *error;
    return sort_key;
  }

  // The same; nullopt if the length is negative.
  Result<std::optional<Bytes>> take_bound(int length) {
    if (length < 0) return std::optional<Bytes>();
    auto sort_key = take_prefix(static_cast<std::size_t>(length));
    if (!sort_key) return sort_key.error();
    return std::optional<Bytes>(std::move(*sort_key));
  }

 private:
  ByteView rest_ = state().input;
};

// How many, as a double from JavaScript, which may be anything: NaN is more than anything allows.
std::int64_t amount_of(double number) {
  constexpr double kMost = 9007199254740992;  // 2^53
  return static_cast<std::int64_t>(number < kMost ? std::max(number, 0.0) : kMost);
}

double no_time(const KvError& error) {
  state().error = error;
  return std::numeric_limits<double>::quiet_NaN();
}

int refusal(const std::optional<KvError>& error) { return error ? fail(*error, -1) : 0; }

Plan* find_plan(int handle) {
  const auto& plans = state().plans;
  const auto index = static_cast<std::size_t>(handle) - 1;
  return index < plans.size() ? plans[index].get() : nullptr;
}

template <typename Tell>
std::string step_of(int handle, Tell tell) {
  if (Plan* plan = find_plan(handle)) return step_to_json(tell(*plan));
  return step_to_json(KvError{ErrorCode::kInvalidRequest, "There is no such plan."});
}

}  // namespace

std::uintptr_t reserve_input(std::size_t size) {
  Bytes& buffer = state().input;
  if (buffer.size() < size) buffer.resize(size);
  return reinterpret_cast<std::uintptr_t>(buffer.data());
}

std::uintptr_t output_address() { return reinterpret_cast<std::uintptr_t>(state().output.data()); }

std::string_view input_text(std::size_t start, std::size_t length) {
  const ByteView whole = input(start + length);
  const ByteView text = whole.subspan(std::min(start, whole.size()));
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

int put_output(std::string_view text) {
  append(fresh_output(), {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return static_cast<int>(text.size());
}

int encode_key(std::size_t input_length) {
  Bytes& path = fresh_output();
  SortKeyWriter writer(path);
  if (const auto error = tell_key_wire(input(input_length), writer)) return fail(*error, -1);
  if (const auto error = refuse_entry(path)) return fail(*error, -1);
  return static_cast<int>(path.size());
}

int decode_key(std::size_t input_length) {
  Bytes& wire = fresh_output();
  KeyWireWriter writer(wire);
  if (const auto error = tell_sort_key(input(input_length), writer)) return fail(*error, -1);
  return static_cast<int>(wire.size());
}

int covers(std::size_t prefix_length, std::size_t key_length) {
  KeyReader in;
  auto prefix = in.take(prefix_length);
  if (!prefix) return fail(prefix.error(), -1);
  const auto key = in.take(key_length);
  if (!key) return fail(key.error(), -1);
  return range_below(std::move(*prefix)).contains(*key) ? 1 : 0;
}

int first_of_each(std::size_t input_length) {
  const auto firsts = convex_kv::first_of_each(input(input_length));
  if (!firsts) {
    return fail({ErrorCode::kInvalidRequest, "The paths did not cross into the core in one piece."},
                -1);
  }
  fresh_output() = *firsts;
  return static_cast<int>(firsts->size());
}

int apply_operation(int operation, std::size_t input_length) {
  Bytes& result = fresh_output();
  const auto which = static_cast<NumberOperation>(operation);
  if (const auto error = convex_kv::apply_operation(which, input(input_length), result)) {
    return fail(*error, -1);
  }
  return static_cast<int>(result.size());
}

int refuse_amount(int what, double amount) {
  return refusal(convex_kv::refuse_amount(static_cast<Counted>(what), amount_of(amount)));
}

int refuse_values(double bytes_left, double documents_left, double queries_left, double bytes,
                  double documents) {
  const TransactionLimits room{amount_of(bytes_left), amount_of(documents_left), 0,
                             amount_of(queries_left)};
  return refusal(convex_kv::refuse_values(room, amount_of(bytes), amount_of(documents)));
}

int refuse_entry_bytes(double bytes) {
  return refusal(convex_kv::refuse_entry_bytes(amount_of(bytes)));
}

double expiry_of(double now, bool has_ttl, double ttl, bool has_expires_at, double expires_at) {
  const auto optional = [](bool has, double value) {
    return has ? std::optional<double>(value) : std::nullopt;
  };
  const auto expiry =
      resolve_expiry(now, optional(has_ttl, ttl), optional(has_expires_at, expires_at));
  if (!expiry) return no_time(expiry.error());
  return expiry->value_or(std::numeric_limits<double>::infinity());
}

double new_expiry_of(double now, bool has_ttl, double ttl, bool has_expires_at, double expires_at) {
  if (has_ttl || has_expires_at) return expiry_of(now, has_ttl, ttl, has_expires_at, expires_at);
  return no_time(no_new_expiry());
}

bool may_change_expiry(int when, double current, double next) {
  return convex_kv::may_change_expiry(static_cast<ExpireWhen>(when), current, next);
}

bool is_expired(double expires_at, double now) { return convex_kv::is_expired(expires_at, now); }

double timer_of(double expires_at, double now) {
  const auto time = convex_kv::timer_of(expires_at, now);
  return time ? *time : no_time(time.error());
}

int place_of_value(double bytes) {
  const auto place = convex_kv::place_of_value(amount_of(bytes));
  return place ? static_cast<int>(*place) : fail(place.error(), -1);
}

int parts_of_value(double stored_bytes) {
  const auto parts = convex_kv::parts_of_value(amount_of(stored_bytes));
  return parts ? static_cast<int>(*parts) : fail(parts.error(), -1);
}

std::string last_error() {
  const auto& [code, message] = state().error;
  return std::string(error_name(code)) + '\n' + message;
}

int open_plan(std::size_t prefix_length, int start_length, int end_length, std::string_view request,
              PlanKinds kinds) {
  KeyReader in;
  auto prefix = in.take_prefix(prefix_length);
  if (!prefix) return fail(prefix.error(), 0);
  const auto start = in.take_bound(start_length);
  if (!start) return fail(start.error(), 0);
  const auto end = in.take_bound(end_length);
  if (!end) return fail(end.error(), 0);
  const std::size_t prefix_bytes = prefix->size();
  auto plan = plan_over_range(range_between(std::move(*prefix), *start, *end), prefix_bytes,
                              request, kinds);
  if (!plan) return fail(plan.error(), 0);
  auto& plans = state().plans;
  auto free_place = std::find(plans.begin(), plans.end(), nullptr);
  if (free_place == plans.end()) free_place = plans.insert(plans.end(), nullptr);
  *free_place = std::move(*plan);
  return static_cast<int>(free_place - plans.begin()) + 1;
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

std::string give_deleted(int handle) {
  return step_of(handle, [](Plan& plan) { return plan.on_deleted(); });
}

void close_plan(int handle) {
  if (find_plan(handle)) state().plans[static_cast<std::size_t>(handle) - 1].reset();
}

}  // namespace convex_kv::core
