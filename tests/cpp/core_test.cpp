// The interface to JavaScript: buffers, handles, and calls that come out of turn.
#include "convex_kv/core.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>
#include <set>
#include <string>

#include "convex_kv/base/little_endian.hpp"
#include "convex_kv/keys/key_wire.hpp"
#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/random_rows.hpp"
#include "support/rows_wire.hpp"
#include "support/vectors.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace core_test {

namespace {

// Writes `bytes` where the core reads its input, and returns their length.
std::size_t give(ByteView bytes) {
  const std::uintptr_t address = core::reserve_input(bytes.size());
  if (!bytes.empty()) std::memcpy(reinterpret_cast<void*>(address), bytes.data(), bytes.size());
  return bytes.size();
}

Bytes output(std::uintptr_t address) {
  REQUIRE(address != 0);
  const auto* begin = reinterpret_cast<const std::uint8_t*>(address);
  ByteView length(begin, 4);
  return Bytes(begin + 4, begin + 4 + *take_u32(length));
}

bool starts_with(const std::string& text, std::string_view start) {
  return std::string_view(text).substr(0, start.size()) == start;
}

std::string error_start(std::string_view code) {
  return R"({"step":"error","code":")" + std::string(code) + "\"";
}

int open(const std::string& request, const Key& prefix = {std::string("a")}) {
  return core::open_plan({.prefix = give(key_to_wire(prefix))}, request);
}

std::string give_rows(int handle, const Rows& rows) {
  return core::give_rows(handle, give(rows_to_wire(rows)));
}

}  // namespace

TEST_SUITE("core") {
  TEST_CASE("keys go in as wire and come out as sort keys") {
    for (const KeyVector& vector : key_vectors()) {
      CAPTURE(vector.name);
      if (vector.key.empty()) continue;
      CHECK(hex(output(core::encode_key(give(key_to_wire(vector.key))))) == hex(vector.bytes));
    }
  }

  TEST_CASE("a failure says why") {
    CHECK(core::encode_key(give({})) == 0);
    CHECK(starts_with(core::last_error(), "invalid_key\n"));
    CHECK(core::encode_key(give(from_hex("05 01000000 00d8"))) == 0);
    CHECK(core::last_error().find("surrogate") != std::string::npos);
    CHECK(core::encode_key(give(from_hex("77"))) == 0);
    CHECK(starts_with(core::last_error(), "invalid_request\n"));
    CHECK(core::encode_key(give(key_to_wire({std::string(5000, 'x')}))) == 0);
    CHECK(core::last_error().find("2048") != std::string::npos);
  }

  TEST_CASE("a length beyond the input reads no further than the input") {
    give(key_to_wire({Null{}}));
    core::encode_key(std::numeric_limits<std::size_t>::max());
  }

  TEST_CASE("a page is cut where an external value does not fit") {
    const int handle =
        open(R"({"plan":"page","limit":5,"transactionLimits":{"bytesRead":{"remaining":16777216},)"
             R"("documentsRead":{"remaining":100},)"
             R"("documentsWritten":{"remaining":0},)"
             R"("databaseQueries":{"remaining":10}}})");
    REQUIRE(handle >= 1);
    core::start_plan(handle);
    const auto row = [](std::int64_t n) {
      return external_row({std::string("a"), n}, 100, 3'000'000);
    };
    // Three documents each, and nine queries are left.
    const std::string end = give_rows(handle, {{row(1), row(2), row(3), row(4), row(5)}, true});
    CHECK(starts_with(end, R"({"step":"page","rows":[[0,3]])"));
    CHECK(end.find(R"("isDone":false)") != std::string::npos);
    core::close_plan(handle);
  }

  TEST_CASE("a page from request to end") {
    const int handle = open(R"({"plan":"page","limit":1})");
    REQUIRE(handle >= 1);
    const std::string read = core::start_plan(handle);
    CHECK(starts_with(read, R"({"step":"read","index":"path","bounds":[["gte","path",[0,3]],)"
                            R"(["lt","path",[3,7]]],"maxRows":2,"maxBytes":)"));
    CHECK(read.ends_with(std::string("}\n\x10\x61\0\x10\x61\0\xFF", 9)));
    Row live = plain_row({std::string("a"), std::string("1")}, 100);
    live.expires_at = kNow + 1;
    Row expired = plain_row({std::string("a"), std::string("2")}, 100);
    expired.expires_at = kNow;
    CHECK(give_rows(handle, {{live, expired}, true}) == R"({"step":"clock"})");
    CHECK(core::give_clock(handle, kNow) ==
          R"({"step":"page","rows":[[0,1]],"cursor":"","isDone":true})");
    core::close_plan(handle);
  }

  TEST_CASE("a deletion from request to end") {
    const int handle = open(R"({"plan":"delete","now":1000})");
    CHECK(starts_with(core::start_plan(handle), R"({"step":"read","index":"path")"));
    CHECK(give_rows(handle, {{plain_row({std::string("a")}, 100)}, true}) ==
          R"({"step":"write","deleted":[[0,1]],"transferred":[]})");
    const std::string batch = core::give_written(handle);
    CHECK(starts_with(batch, R"({"step":"batch","deleted":1,"transferred":0,"skipped":0,)"
                             R"("error":null,"lower":[0,3],"upper":[3,7],"rest":null})"));
    CHECK(batch.ends_with(std::string("}\n\x10\x61\0\x10\x61\0\xFF", 9)));
    core::close_plan(handle);
  }

  TEST_CASE("handles: each its own plan, closed ones are free again") {
    std::set<int> handles;
    for (int i = 0; i < 20; ++i) handles.insert(open(R"({"plan":"all"})"));
    CHECK(handles.size() == 20);
    CHECK(*handles.begin() >= 1);
    const int freed = *std::next(handles.begin(), 7);
    core::close_plan(freed);
    CHECK(starts_with(core::start_plan(freed), error_start("invalid_request")));
    CHECK(open(R"({"plan":"sweep","now":1})") == freed);
    CHECK(core::start_plan(freed).find("expiresAt") != std::string::npos);
    for (const int handle : handles) core::close_plan(handle);
    for (const int handle : handles) core::close_plan(handle);
    // However many plans come and go, the table of them does not grow.
    for (int i = 0; i < 10000; ++i) {
      const int handle = open(R"({"plan":"all"})");
      if (!handles.contains(handle)) FAIL("handle ", handle);
      core::close_plan(handle);
    }
  }

  TEST_CASE("an unknown handle is an error, not a crash") {
    for (const int handle :
         {0, -1, 1, 1000, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
      CAPTURE(handle);
      core::close_plan(handle);
      CHECK(starts_with(core::start_plan(handle), error_start("invalid_request")));
      CHECK(starts_with(give_rows(handle, {{}, true}), error_start("invalid_request")));
      CHECK(starts_with(core::give_clock(handle, 1), error_start("invalid_request")));
      CHECK(starts_with(core::give_written(handle), error_start("invalid_request")));
    }
  }

  TEST_CASE("a plan that cannot be opened takes no handle") {
    CHECK(open("") == 0);
    CHECK(starts_with(core::last_error(), "invalid_request\n"));
    CHECK(open(R"({"plan":"page","limit":0})") == 0);
    CHECK(starts_with(core::last_error(), "invalid_limit\n"));
    CHECK(core::open_plan({.prefix = give(from_hex("77"))}, R"({"plan":"all"})") == 0);
    CHECK(open(R"({"plan":"page"})", {std::string(5000, 'x')}) == 0);
    CHECK(starts_with(core::last_error(), "invalid_key\n"));
  }

  TEST_CASE("calls out of turn do no harm") {
    for (const char* request : {R"({"plan":"page"})", R"({"plan":"all"})",
                                R"({"plan":"delete","now":5})", R"({"plan":"sweep","now":5})"}) {
      CAPTURE(request);
      const int handle = open(request);
      REQUIRE(handle >= 1);
      core::give_written(handle);
      core::give_clock(handle, 5);
      CHECK(starts_with(core::give_rows(handle, give(from_hex("07"))),
                        error_start("invalid_request")));
      give_rows(handle, {{}, false});
      core::give_written(handle);
      core::start_plan(handle);
      give_rows(handle, {{}, true});
      core::start_plan(handle);
      core::close_plan(handle);
    }
    const int scan = open(R"({"plan":"page"})");
    CHECK(starts_with(core::give_written(scan), error_start("invalid_request")));
    core::close_plan(scan);
    const int sweep = open(R"({"plan":"sweep","now":5})");
    CHECK(starts_with(core::give_clock(sweep, 5), error_start("invalid_request")));
    core::close_plan(sweep);
  }
}

}  // namespace core_test
