// The core's whole interface to JavaScript: bindings/ exports these functions and nothing else.
//
// Bytes cross through a buffer of the core's: the caller reserves room for its input, writes it
// there, and passes its length; output is read from output_address(). Both addresses hold until the
// next call. Text crosses as ASCII. There is one core for each WebAssembly instance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "convex_kv/messages/plan_request.hpp"

namespace convex_kv::core {

// The address of an input buffer of `size` bytes or more. What it held stays in it.
std::uintptr_t reserve_input(std::size_t size);
std::uintptr_t output_address();

// Text that crosses through the same buffers: the `length` characters of the input from `start` on;
// and `text` as the output, whose length is returned.
std::string_view input_text(std::size_t start, std::size_t length);
int put_output(std::string_view text);

// The input, a key in wire form, becomes the sort key of an entry. Returns the output's length, or
// -1 with the reason in last_error().
int encode_key(std::size_t input_length);

// The input, a sort key, becomes a key in wire form. Returns the output's length, or -1 with the
// reason in last_error().
int decode_key(std::size_t input_length);

// Whether the prefix, `prefix_length` bytes of the input in wire form, covers the key that follows
// it there, in `key_length` bytes: 1 or 0; or -1 with the reason in last_error().
int covers(std::size_t prefix_length, std::size_t key_length);

// The input holds paths, each after its length (u32, little-endian). The output has a u32 for each:
// the position of the first that is the same. Returns the output's length, or -1 with the reason in
// last_error().
int first_of_each(std::size_t input_length);

// The input holds two tagged numbers and the text of a key, the output is one tagged number: see
// number_operation.hpp (`operation` is a NumberOperation). Returns the output's length, or -1 with
// the reason in last_error().
int apply_operation(int operation, std::size_t input_length);

// Each is 0, or -1 with the reason in last_error(). See refusal.hpp (`what` is a Counted) and
// value_place.hpp.
int refuse_amount(int what, double amount);
int refuse_values(double bytes_left, double documents_left, double queries_left, double bytes,
                  double documents);
int refuse_entry_bytes(double bytes);

// When an entry written at `now` expires: +Infinity if never, NaN with the reason in last_error()
// if ttl or expires_at is no usable time. See resolve_expiry.
double expiry_of(double now, bool has_ttl, double ttl, bool has_expires_at, double expires_at);

// The same for calls that have to give an expiry: NaN also if there is neither. See no_new_expiry.
double new_expiry_of(double now, bool has_ttl, double ttl, bool has_expires_at, double expires_at);

// `when` is an ExpireWhen, `current` +Infinity if the entry never expires.
bool may_change_expiry(int when, double current, double next);

bool is_expired(double expires_at, double now);

// See expiry.hpp. NaN with the reason in last_error() if the expiry is too far away.
double timer_of(double expires_at, double now);

// See value_place.hpp: 0 with its entry, 1 in a separate document, 2 in parts; or how many parts.
// -1 with the reason in last_error().
int place_of_value(double bytes);
int parts_of_value(double stored_bytes);

// The latest failure: its code's name, a line feed, its message. Not JSON, since the small module
// has no part in that.
std::string last_error();

// Opens the plan that `request` asks for, over the prefix in the input, or over what is below it
// from `start` (inclusive) up to `end` (exclusive): keys behind the prefix, which follow it in the
// input. All three are in wire form, and take so many bytes; -1: no start, or no end. Returns the
// plan's handle, 1 or more, or 0 with the reason in last_error().
int open_plan(std::size_t prefix_length, int start_length, int end_length, std::string_view request,
              PlanKinds kinds);

// Each tells an open plan something and returns its next step as JSON. give_rows takes rows in
// wire form from the input.
std::string start_plan(int handle);
std::string give_rows(int handle, std::size_t input_length);
std::string give_clock(int handle, double now);
std::string give_deleted(int handle);

// Ends a plan and gives back its memory. Does nothing if it is closed already.
void close_plan(int handle);

}  // namespace convex_kv::core
