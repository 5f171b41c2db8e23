#include "history.hpp"

#include "support/key.hpp"
#include "support/random.hpp"
#include "support/random_key.hpp"

namespace convex_kv::simulation {

namespace {

using test::Random;
using Kind = Step::Kind;

const Operation& random_operation(Random& random, bool is_query) {
  int sum = 0;
  for (const Operation* operation : operations()) {
    if (!is_query || !operation->is_write) sum += operation->weight;
  }
  auto at = static_cast<int>(random.below(static_cast<std::uint64_t>(sum)));
  for (const Operation* operation : operations()) {
    if (is_query && operation->is_write) continue;
    at -= operation->weight;
    if (at < 0) return *operation;
  }
  return kSet;
}

bool is_of_one_entry(const Operation& operation) {
  return &operation == &kSet || &operation == &kRemove || &operation == &kGet;
}

Call random_call(Random& random, const Operation& operation, bool is_query) {
  test::Key key;
  if (is_of_one_entry(operation)) {
    while (key.empty()) key = random_path(random, 3);
  } else if (random.chance(80)) {
    key = random_path(random, 2);
  }
  return {&operation, std::move(key), random.bits(), is_query};
}

Step random_step(Random& random) {
  const std::uint64_t bits = random.bits();
  const bool commits = random.chance(60);
  switch (random.below(10)) {
    case 0:
      return {Kind::kTick, bits, {}};
    case 1:
    case 2:
      return {Kind::kQuery, bits, {random_call(random, random_operation(random, true), true)}};
    case 3:
      return {Kind::kCommit, bits, {}};
    case 4:
      return {Kind::kScheduled, bits, {}, commits};
    case 5:
      if (random.chance(20)) return {Kind::kLose, bits, {}};
      if (random.chance(3)) return {Kind::kRestore, bits, {}};
      if (random.chance(25)) return {Kind::kCrash, bits, {}};
      return {Kind::kScheduled, bits, {}, commits};
    default: {
      Step step{Kind::kMutation, bits, {}, commits};
      for (std::uint64_t n = random.chance(25) ? random.between(2, 4) : 1; n > 0; --n) {
        step.calls.push_back(random_call(random, random_operation(random, false), false));
      }
      return step;
    }
  }
}

std::string to_text(const test::Key& key) {
  std::string text;
  for (const test::KeyPart& part : key) {
    const std::string& name = std::get<std::string>(part);
    text += "/" + (name.find('\0') == std::string::npos ? name : "a\\0b");
  }
  return text.empty() ? "(root)" : text;
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::kTick:
      return "tick";
    case Kind::kQuery:
      return "query";
    case Kind::kMutation:
      return "mutation";
    case Kind::kCommit:
      return "commit";
    case Kind::kScheduled:
      return "scheduled";
    case Kind::kCrash:
      return "crash";
    case Kind::kLose:
      return "lose";
    case Kind::kRestore:
      return "restore";
  }
  return "";
}

}  // namespace

History history_of(std::uint64_t seed) {
  Random random(seed);
  History history;
  for (std::uint64_t n = random.below(80); n > 0; --n) {
    // A prefix is counted from early on, or when there is much already.
    const Operation& operation = random.chance(2) ? kStartCounting : kSet;
    history.push_back({Kind::kMutation,
                       random.bits(),
                       {random_call(random, operation, false)},
                       /*commits=*/true});
  }
  for (std::uint64_t n = random.between(20, 120); n > 0; --n) {
    history.push_back(random_step(random));
  }
  return history;
}

std::string to_text(const History& history) {
  std::string text;
  for (const Step& step : history) {
    text += std::string("  ") + kind_name(step.kind) + " #" + std::to_string(step.bits);
    for (const Call& call : step.calls) {
      text += std::string(call.operation == step.calls.front().operation ? ": " : "; ") +
              call.operation->name + " " + to_text(call.key) + " #" + std::to_string(call.bits);
    }
    text += step.kind != Kind::kQuery && step.commits ? ", commits at once\n" : "\n";
  }
  return text;
}

}  // namespace convex_kv::simulation
