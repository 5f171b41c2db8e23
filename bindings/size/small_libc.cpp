// Small replacements for three functions of the C library, with only what the wasm needs.
//
// nlohmann_json calls strtod for a number with a fraction or an exponent, and snprintf to write the
// code of an unusual character; Embind calls sprintf to name a type that it does not know. The C
// library's versions include the decimal conversion of 128-bit floats: 22 KB, a quarter of the
// wasm. The linker replaces them with these (--wrap in cmake/wasm.cmake); if a newer Emscripten
// does not use one of them, the linker drops it.

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

// Formats as printf does, but knows only %x, %X and %p, with a width of one digit that fills up
// with zeros, as in %04x or %.4X: all that the callers above use. Writes at most `size` characters
// and a 0.
int format(char* out, std::size_t size, const char* text, va_list arguments) {
  std::size_t length = 0;
  const auto put = [&](char c) {
    if (length + 1 < size) out[length] = c;
    ++length;
  };
  for (; *text != '\0'; ++text) {
    if (*text != '%') {
      put(*text);
      continue;
    }
    int width = 1;
    for (++text; *text == '.' || (*text >= '0' && *text <= '9'); ++text) {
      if (*text > '0') width = *text - '0';
    }
    if (*text != 'x' && *text != 'X' && *text != 'p') std::abort();
    const auto value = va_arg(arguments, std::uint32_t);  // pointers are 32 bits wide here
    for (int digit = 7; digit >= 0; --digit) {
      const std::uint32_t rest = value >> (4 * digit);
      if (rest != 0 || digit < width)
        put((*text == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[rest & 15]);
    }
  }
  if (size > 0) out[length < size ? length : size - 1] = '\0';
  return static_cast<int>(length);
}

}  // namespace

extern "C" {

// Answers NaN: js/core writes no such number, and the core refuses JSON that holds one
// (convex_json.hpp) whatever its value.
double __wrap_strtod(const char* text, char** end) {
  while (*text != '\0') ++text;
  if (end) *end = const_cast<char*>(text);
  return __builtin_nan("");
}

int __wrap_snprintf(char* out, std::size_t size, const char* text, ...) {
  va_list arguments;
  va_start(arguments, text);
  const int length = format(out, size, text, arguments);
  va_end(arguments);
  return length;
}

// Embind's own call comes after --wrap has done its work, so these three replace one whole file of
// the C library. The two other names are sprintf without floats.
int sprintf(char* out, const char* text, ...) {
  va_list arguments;
  va_start(arguments, text);
  const int length = format(out, SIZE_MAX, text, arguments);
  va_end(arguments);
  return length;
}
int siprintf(char* out, const char* text, ...) __attribute__((alias("sprintf")));
int __small_sprintf(char* out, const char* text, ...) __attribute__((alias("sprintf")));

}  // extern "C"
