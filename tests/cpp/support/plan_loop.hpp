// The loop that every host of a plan runs: what the plan asks for, until it ends.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "convex_kv/plans/plan.hpp"

namespace convex_kv::test {

// Runs `plan` from its start to its end, which it returns; nullopt if that takes more than
// `most_steps`. The host has `Rows read(const Read&)`, `double clock()` and `void write(const
// Write&)`, and sees each step first, the last one too, in `void see(const Step&)`.
template <typename Host>
std::optional<Step> run_steps(Plan& plan, Host& host, int most_steps) {
  Step step = plan.start();
  for (int steps = 0; steps < most_steps; ++steps) {
    host.see(step);
    if (const auto* read = std::get_if<Read>(&step)) {
      step = plan.on_rows(host.read(*read));
    } else if (std::holds_alternative<AskClock>(step)) {
      step = plan.on_clock(host.clock());
    } else if (const auto* write = std::get_if<Write>(&step)) {
      host.write(*write);
      step = plan.on_written();
    } else {
      return step;
    }
  }
  return std::nullopt;
}

// The rows that `spans` name; nullopt unless the spans ascend, none is empty or leads beyond the
// rows, and none touches the one before it.
template <typename Row>
std::optional<std::vector<Row>> pick(const std::vector<Row>& rows, const RowSpans& spans) {
  std::vector<Row> picked;
  std::uint32_t end = 0;
  for (const auto& [first, last] : spans) {
    if (first >= last || last > rows.size() || (end > 0 && first <= end)) return std::nullopt;
    picked.insert(picked.end(), rows.begin() + first, rows.begin() + last);
    end = last;
  }
  return picked;
}

}  // namespace convex_kv::test
