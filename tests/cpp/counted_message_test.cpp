// Questions about counted prefixes, and answers, byte by byte.
#include "convex_kv/messages/counted_message.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "convex_kv/base/framing.hpp"
#include "convex_kv/counted/counted_change.hpp"
#include "convex_kv/counted/node_wire.hpp"

using namespace convex_kv;

namespace counted_message_test {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kNow = 1'000;
const Bytes kEnd{0xFF};

// Puts together what a question is made of.
struct Question {
  Bytes bytes;

  explicit Question(std::uint8_t kind) : bytes{kind} {}

  Question& count(std::uint64_t value) {
    put_varint(bytes, value);
    return *this;
  }
  Question& number(double value) {
    put_double(bytes, value);
    return *this;
  }
  Question& string(const Bytes& value) {
    put_bytes(bytes, value);
    return *this;
  }
  Question& text(const std::string& value) { return string({value.begin(), value.end()}); }

  Bytes ask() const { return answer_counted_question(bytes); }
};

Leaf leaf_of(std::uint8_t first, std::uint8_t last, double expires_at = kNever) {
  Leaf leaf;
  for (int path = first; path <= last; ++path) {
    const auto byte = static_cast<std::uint8_t>(path);
    leaf.push_back({.path = {byte}, .expires_at = expires_at, .number = byte / 2.0});
  }
  return leaf;
}

// Two leaves, of the paths 10 to 19 and 20 to 24; of the last one expires.
const Leaf kFirst = leaf_of(10, 19);
const Leaf kSecond = [] {
  Leaf leaf = leaf_of(20, 24);
  leaf.back().expires_at = kNow;
  return leaf;
}();

Branch branch_of_two() {
  Branch branch;
  add_child(branch, {kFirst}, std::vector<std::string>{"one"});
  Branch other;
  add_child(other, {kSecond}, std::vector<std::string>{"two"});
  branch.children.push_back(other.children.front());
  return branch;
}

Question& put_leaves(Question& question, bool has_leaves) {
  if (!has_leaves) return question.count(0);
  return question.count(2)
      .text("one")
      .string(encode_leaf(kFirst))
      .text("two")
      .string(encode_leaf(kSecond));
}

Question view(std::uint8_t kind, bool has_leaves, const Bytes& lower, const Bytes& upper) {
  Question question(kind);
  question.number(kNow).string(kEnd).count(1).string(encode_branch(branch_of_two()));
  put_leaves(question, has_leaves).string(lower).string(upper);
  return question;
}

Question nodes(std::uint8_t kind, bool has_leaves, const std::vector<std::string>& ids = {}) {
  Question question(kind);
  question.string(kEnd).count(1).string({}).string(encode_branch(branch_of_two()));
  put_leaves(question, has_leaves).count(ids.size());
  for (const std::string& id : ids) question.text(id);
  return question;
}

Bytes missing(const std::vector<std::string>& ids) {
  Question answer(1);
  answer.count(ids.size());
  for (const std::string& id : ids) answer.text(id);
  return answer.bytes;
}

const Bytes kMalformed{0};

}  // namespace

TEST_CASE("counted message: a count and a sum") {
  // Of the second leaf something has expired, so it has to be read.
  CHECK(view(1, false, {}, kEnd).ask() == missing({"two"}));
  CHECK(view(1, true, {}, kEnd).ask() == Question(2).count(14).number(72.5 + 43).bytes);
  CHECK(view(1, false, {10}, {20}).ask() == Question(2).count(10).number(72.5).bytes);
  CHECK(view(1, false, {12}, {18}).ask() == missing({"one"}));
  CHECK(view(1, true, {12}, {18}).ask() == Question(2).count(6).number(43.5).bytes);
  CHECK(view(1, true, {18}, {12}).ask() == Question(2).count(0).number(0).bytes);
}

TEST_CASE("counted message: the n-th, from the start and from the end") {
  const auto at = [](double index, bool has_leaves = true) {
    return view(2, has_leaves, {12}, kEnd).number(index).ask();
  };
  CHECK(at(0, false) == missing({"one", "two"}));
  CHECK(at(0) == Question(3).string({12}).bytes);
  CHECK(at(11) == Question(3).string({23}).bytes);
  CHECK(at(-1) == Question(3).string({23}).bytes);
  CHECK(at(-12) == Question(3).string({12}).bytes);
  CHECK(at(12) == Question(3).string({}).bytes);
  CHECK(at(-13) == Question(3).string({}).bytes);
  CHECK(at(std::nan("")) == kMalformed);
  CHECK(at(kNever) == kMalformed);
  CHECK(at(1e16) == kMalformed);
}

TEST_CASE("counted message: the rank of an entry that is there, or not") {
  const auto rank = [](const Bytes& path, const Bytes& upper, bool has_leaves = true) {
    return view(3, has_leaves, {}, upper).string(path).ask();
  };
  CHECK(rank({21}, {21}, false) == missing({"two"}));
  CHECK(rank({21}, {21}) == Question(4).count(1).count(11).bytes);
  CHECK(rank({10}, {10}) == Question(4).count(1).count(0).bytes);
  // It has expired; there is none; nor below the first.
  CHECK(rank({24}, {24}) == Question(4).count(0).count(14).bytes);
  CHECK(rank({12, 1}, {12, 1}) == Question(4).count(0).count(3).bytes);
  CHECK(rank({9}, {9}) == Question(4).count(0).count(0).bytes);
}

TEST_CASE("counted message: changes, with leaves to read, and new ones") {
  const auto change = [](Question question) {
    return question.count(2)
        .string({11})
        .count(0)
        .string({12, 1})
        .count(1)
        .number(kNever)
        .number(3)
        .number(kNow)
        .count(9)
        .ask();
  };
  CHECK(change(nodes(4, false)) == missing({"one"}));
  Leaf changed = kFirst;
  changed.erase(changed.begin() + 1);
  changed.insert(changed.begin() + 2, {.path = {12, 1}, .number = 3});
  Branch branch = branch_of_two();
  replace_child(branch, 0, {changed}, {});
  Question expected(6);
  expected.count(1).string({}).string(encode_branch(branch)).number(kNow).count(0);
  expected.count(1).text("one").string(encode_leaf(changed)).count(0);
  CHECK(change(nodes(4, true)) == expected.bytes);
  // A prefix that has nothing yet: a branch of no bytes, and a leaf to insert.
  const auto first = [](const std::vector<std::string>& ids) {
    Question question(4);
    question.string(kEnd).count(1).string({}).string({}).count(0).count(ids.size());
    for (const std::string& id : ids) question.text(id);
    return question.count(1).string({5}).count(1).number(kNow).number(1).number(0).count(9).ask();
  };
  const Leaf leaf{{.path = {5}, .expires_at = kNow, .number = 1}};
  CHECK(first({}) == Question(5).count(1).string(encode_leaf(leaf)).bytes);
  Branch made;
  add_child(made, {leaf}, std::vector<std::string>{"new"});
  Question inserted(6);
  inserted.count(1).string({}).string(encode_branch(made)).number(kNow).count(0);
  inserted.count(0).count(0);
  CHECK(first({"new"}) == inserted.bytes);
}

TEST_CASE("counted message: changes in more leaves than a few are buffered, and seen by reads") {
  // Of both leaves, of which none has expired yet.
  Question question = nodes(4, false);
  question.count(2);
  // It is deleted; there is a new one.
  question.string({11}).count(4).number(kNever).number(5.5);
  question.string({20, 1}).count(1 | 2).number(kNever).number(3);
  const auto ask = [&](double now, std::uint64_t most) {
    return Question(question).number(now).count(most).ask();
  };
  CHECK(ask(kNow - 60'001, 2) == missing({"two", "one"}));
  CHECK(ask(kNow - 60'000, 1) == missing({"two"}));
  Branch branch = branch_of_two();
  const std::vector<CountedChange> changes{
      {.path = {11}, .entry = {}, .before = {}},
      {.path = {20, 1}, .entry = {{.path = {20, 1}, .number = 3}}, .before = {}}};
  branch.children[0].buffer = {changes[0]};
  branch.children[1].buffer = {changes[1]};
  branch.children[0].summary.subtract(kFirst[1]);
  branch.children[1].summary.add(*changes[1].entry);
  Question expected(6);
  expected.count(1).string({}).string(encode_branch(branch)).number(kNow).count(8);
  expected.count(0).count(0);
  CHECK(ask(kNow - 60'001, 1) == expected.bytes);
  const auto tally = [&](bool has_leaves, const Bytes& lower) {
    Question asked(1);
    asked.number(kNow - 1).string(kEnd).count(1).string(encode_branch(branch));
    return put_leaves(asked, has_leaves).string(lower).string(kEnd).ask();
  };
  CHECK(tally(false, {}) == Question(2).count(15).number(72.5 + 55 - 5.5 + 3).bytes);
  CHECK(tally(true, {19}) == Question(2).count(7).number(9.5 + 55 + 3).bytes);
}

TEST_CASE("counted message: what is removed, tidied and divided") {
  // Both leaves go, unread.
  Question removed(6);
  removed.count(1).string({}).string(encode_branch({})).number(kNever).count(0).count(0);
  removed.count(2).text("one").text("two");
  CHECK(nodes(5, false).string({}).string(kEnd).ask() == removed.bytes);
  CHECK(nodes(5, false).string({12}).string(kEnd).ask() == missing({"one"}));
  // Nothing of the range is there: the branch is as it was given.
  Question same(6);
  same.count(1).string({}).string(encode_branch(branch_of_two())).number(kNow).count(4);
  same.count(0).count(0);
  CHECK(nodes(5, false).string({1}).string({2}).ask() == same.bytes);
  // Both are small: together they are one leaf, without what has expired.
  CHECK(nodes(6, false).number(kNow).count(8).ask() == missing({"one", "two"}));
  Leaf joined = kFirst;
  joined.insert(joined.end(), kSecond.begin(), kSecond.end() - 1);
  Branch branch = branch_of_two();
  branch.children.pop_back();
  replace_child(branch, 0, {joined}, {});
  Question tidied(6);
  tidied.count(1).string({}).string(encode_branch(branch)).number(kNever).count(0);
  tidied.count(1).text("one").string(encode_leaf(joined)).count(1).text("two");
  CHECK(nodes(6, true).number(kNow).count(8).ask() == tidied.bytes);
  CHECK(nodes(6, true).number(kNow).count(1).ask() == kMalformed);
  // One branch has room for all; it has its share then.
  Branch divided = branch_of_two();
  divided.share = 15;
  Question one(6);
  one.count(1).string({}).string(encode_branch(divided)).number(kNow).count(0).count(0).count(0);
  CHECK(nodes(7, false).ask() == one.bytes);
}

TEST_CASE("counted message: branches say that they have outgrown their share, or are untidy") {
  const auto flags_of = [](const Branch& branch) {
    Question question(5);
    question.string(kEnd).count(1).string({}).string(encode_branch(branch)).count(0).count(0);
    const Bytes answer = question.string({1}).string({2}).ask();
    // Behind the branch and its first expiry; two empty lists follow.
    return answer.at(answer.size() - 3);
  };
  const auto branch_of = [](std::size_t children, std::uint64_t count) {
    Branch branch;
    for (std::size_t i = 0; i < children; ++i) {
      CountedChild child{
          .start = {static_cast<std::uint8_t>(100 + i)}, .id = "x", .summary = {}, .buffer = {}};
      child.summary.add({.path = {}, .expires_at = kNever, .number = 0});
      child.summary.count = count;
      branch.children.push_back(child);
    }
    return branch;
  };
  CHECK(flags_of(branch_of(2, 100)) == 4);
  CHECK(flags_of(branch_of(3, 120)) == (4 | 1));
  CHECK(flags_of(branch_of(17, 2)) == (4 | 2));
}

TEST_CASE("counted message: what is no question") {
  CHECK(answer_counted_question({}) == kMalformed);
  for (const std::uint8_t kind : {0, 8, 255}) CHECK(nodes(kind, true).ask() == kMalformed);
  const std::vector<Bytes> whole{
      view(1, true, {}, kEnd).bytes,
      view(2, true, {}, kEnd).number(1).bytes,
      view(3, true, {}, kEnd).string({12}).bytes,
      nodes(4, true, {"id"}).count(1).string({1}).count(0).number(kNow).count(9).bytes,
      nodes(5, true).string({}).string(kEnd).bytes,
      nodes(6, true).number(kNow).count(8).bytes,
      nodes(7, true).bytes,
  };
  for (const Bytes& question : whole) {
    CHECK(answer_counted_question(question) != kMalformed);
    for (std::size_t length = 0; length < question.size(); ++length) {
      CHECK(answer_counted_question(ByteView(question).first(length)) == kMalformed);
    }
    Bytes longer = question;
    longer.push_back(0);
    CHECK(answer_counted_question(longer) == kMalformed);
  }
  // A time that is none; changes out of order, twice, or of a third kind; branches out of order.
  CHECK(nodes(6, true).number(std::nan("")).count(8).ask() == kMalformed);
  const auto changes = [](const Bytes& first, const Bytes& second, std::uint8_t kind) {
    Question question = nodes(4, true).count(2).string(first).count(0).string(second).count(kind);
    return question.number(kNow).count(9).ask();
  };
  CHECK(changes({1}, {2}, 0) != kMalformed);
  CHECK(changes({2}, {1}, 0) == kMalformed);
  CHECK(changes({1}, {1}, 0) == kMalformed);
  // That there was none can be told.
  CHECK(changes({1}, {2}, 2) != kMalformed);
  CHECK(changes({1}, {2}, 8) == kMalformed);
  Question question(7);
  question.string(kEnd).count(2);
  for (int i = 0; i < 2; ++i) question.string({7}).string(encode_branch({}));
  CHECK(question.count(0).count(0).ask() == kMalformed);
}

}  // namespace counted_message_test
