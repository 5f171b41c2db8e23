// The job machine. Nothing is decided here.

#include "convex_kv/core.hpp"
#include "convex_kv/messages/job_message.hpp"
#include "function.hpp"

namespace {

namespace core = convex_kv::core;

// The input is a question, the output its answer.
std::uintptr_t job_actions(std::size_t question_length) {
  return core::put_output(convex_kv::answer_job_question(core::input_text(0, question_length)));
}

}  // namespace

EMSCRIPTEN_BINDINGS(convex_kv_jobs) { convex_kv::bindings::function("jobActions", &job_actions); }
