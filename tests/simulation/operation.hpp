// What users do in a transaction: one kind of operation a file. Each runs what the component does,
// and tells the model what it did and what has to hold.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "support/key.hpp"
#include "transaction.hpp"

namespace convex_kv::simulation {

struct Operation;

// One operation of a history. What the key does not say is drawn from `bits`.
struct Call {
  const Operation* operation;
  test::Key key;  // of an entry, or a prefix
  std::uint64_t bits;
  bool is_query;  // in a transaction that writes nothing
};

struct Operation {
  const char* name;
  int weight;  // how often, beside the others
  bool is_write;
  void (*run)(Transaction&, const Call&);
};

extern const Operation kSet;
extern const Operation kSetMany;
extern const Operation kRemove;
extern const Operation kRemoveMany;
extern const Operation kGet;
extern const Operation kPage;
extern const Operation kAll;
extern const Operation kCount;
extern const Operation kChildren;
extern const Operation kMove;
extern const Operation kCopy;
extern const Operation kDeleteAll;
extern const Operation kVacuum;
extern const Operation kStartCounting;
extern const Operation kStopCounting;
extern const Operation kCounted;

// All of them.
std::span<const Operation* const> operations();

}  // namespace convex_kv::simulation
