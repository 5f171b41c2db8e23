#include "operation.hpp"

namespace convex_kv::simulation {

std::span<const Operation* const> operations() {
  static const Operation* const all[] = {&kSet,        &kRemove,        &kGet,          &kPage,
                                         &kAll,        &kCount,         &kChildren,     &kMove,
                                         &kCopy,       &kDeleteAll,     &kVacuum,       &kSetMany,
                                         &kRemoveMany, &kStartCounting, &kStopCounting, &kCounted};
  return all;
}

}  // namespace convex_kv::simulation
