// The plans of moves.ts and jobs.ts (moves, copies and background batches), and the job machine.

#include "convex_kv/core.hpp"
#include "convex_kv/messages/job_message.hpp"
#include "function.hpp"
#include "plan_kinds.hpp"

namespace convex_kv::bindings {

namespace {

// The input is a question, the output its answer.
std::uintptr_t job_actions(std::size_t question_length) {
  return core::put_output(answer_job_question(core::input_text(0, question_length)));
}

}  // namespace

const PlanKinds& plan_kinds = kJobPlans;

}  // namespace convex_kv::bindings

EMSCRIPTEN_BINDINGS(convex_kv_jobs) {
  convex_kv::bindings::function("jobActions", &convex_kv::bindings::job_actions);
}
