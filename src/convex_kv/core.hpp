// The core's whole interface to JavaScript: bindings/ exports these functions and nothing else.
//
// Bytes cross through two buffers of the core. The caller reserves room for its input, writes it
// there, and passes its length. Output stands behind its length (u32, little-endian), and the call
// that leaves it returns the address of both; it holds until the next call. Text crosses as ASCII.
// There is one core for each WebAssembly instance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "convex_kv/messages/plan_request.hpp"

namespace convex_kv::core {

// The address of an input buffer of `size` bytes or more. What it held stays in it, and it stays
// where it is until more is reserved.
std::uintptr_t reserve_input(std::size_t size);

// Text that crosses through the same buffers: the `length` characters of the input from `start` on;
// and `text` as the output, whose address is returned.
std::string_view input_text(std::size_t start, std::size_t length);
std::uintptr_t put_output(std::string_view text);

// The input, a key in wire form, becomes the sort key of an entry. Returns the output's address, or
// 0 with the reason in last_error().
std::uintptr_t encode_key(std::size_t input_length);

// The input, a question about a counted prefix (messages/counted_message.hpp), becomes its answer.
// Returns the output's address.
std::uintptr_t ask_counted(std::size_t input_length);

// The latest failure: its code's name, a line feed, its message. Not JSON, since the small module
// has no part in that.
std::string last_error();

// The keys in the input that a plan is opened with, one after another in wire form: how many bytes
// each takes. -1: there is none.
struct KeyLengths {
  std::size_t prefix = 0;
  // Relative to the prefix.
  int start = -1;        // inclusive
  int after = -1;        // exclusive
  int end = -1;          // exclusive
  int starts_with = -1;  // one string or bytes, which the next part begins with
  int to = -1;           // the prefix that a move or copy goes to
};

// The range that the keys in the input mean (`to` aside): how long its lower bound is (u32), that,
// and its upper bound. Returns the output's address, or 0 with the reason in last_error().
std::uintptr_t key_range(const KeyLengths& lengths);

// The cursor of a page in a range that begins behind a sort key within it: what follows the keys in
// the input, as long as `position_length` says. Returns the output's address, or 0 as above.
std::uintptr_t cursor_behind(const KeyLengths& lengths, std::size_t position_length, bool reverse);

// Opens the plan that `request` asks for, over those keys. Returns its handle, 1 or more, or 0 with
// the reason in last_error().
int open_plan(const KeyLengths& lengths, std::string_view request);

// Tells a plan that has not started of the deletions under way where it reads, from the input
// (plans/deletions.hpp). A deletion that is resumed needs none: it deletes what is dead like all
// else, and counts it, since nobody else will. Returns 0 if there is no such plan, it has started,
// or the input is malformed.
int give_deletions(int handle, std::size_t input_length);

// Each tells an open plan something and returns its next step as JSON. give_rows takes rows in
// wire form from the input.
std::string start_plan(int handle);
std::string give_rows(int handle, std::size_t input_length);
std::string give_clock(int handle, double now);
std::string give_written(int handle);

// Ends a plan and gives back its memory. Does nothing if it is closed already.
void close_plan(int handle);

}  // namespace convex_kv::core
