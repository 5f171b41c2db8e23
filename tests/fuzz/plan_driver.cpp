#include "plan_driver.hpp"

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/messages/step_message.hpp"
#include "support/plan_loop.hpp"
#include "support/simulated_table.hpp"

namespace convex_kv::fuzz {

namespace {

constexpr std::size_t kMostRows = 40;

// Each row is read once and deleted once; a sweep reads those of a tie again, and may meet the end
// of one for each row.
constexpr int kMostSteps = 8 * static_cast<int>(kMostRows) + 100;

void require_message(const Step& step) {
  const std::string message = step_to_message(step);
  require(parse_json(message.substr(0, message.find('\n'))).has_value());
}

Rows random_rows(Feed& feed) {
  Rows rows{{}, feed.byte() % 2 == 0};
  for (int n = feed.byte() % 8; n > 0 && !feed.is_empty(); --n) rows.rows.push_back(feed.row());
  return rows;
}

enum class Call { kStart, kRows, kClock, kWritten, kNone };
constexpr std::array kCalls{Call::kStart, Call::kRows, Call::kClock, Call::kWritten};

Step tell(Plan& plan, Call call, Feed& feed) {
  switch (call) {
    case Call::kStart:
      return plan.start();
    case Call::kRows:
      return plan.on_rows(random_rows(feed));
    case Call::kClock:
      return plan.on_clock(feed.time());
    default:
      return plan.on_written();
  }
}

// What a step asks for.
Call asked_by(const Step& step) {
  if (std::holds_alternative<Read>(step)) return Call::kRows;
  if (std::holds_alternative<AskClock>(step)) return Call::kClock;
  if (std::holds_alternative<Write>(step)) return Call::kWritten;
  return Call::kNone;
}

// A table that holds the fuzzer's rows.
class Host {
 public:
  explicit Host(Feed& feed) : now_(feed.byte()) {
    while (!feed.is_empty() && table_.rows().size() < kMostRows) table_.put(feed.row());
  }

  std::size_t count() const { return read_.size(); }

  void see(const Step& step) { require_message(step); }

  Rows read(const Read& read) {
    Rows rows = table_.read(read);
    read_.insert(read_.end(), rows.rows.begin(), rows.rows.end());
    return rows;
  }

  double clock() const { return now_; }

  // As a move would that goes to another table: what is transferred is here no more.
  void write(const Write& write) {
    require(!write.transferred.empty() || !write.deleted.empty());
    remove(write.deleted);
    remove(write.transferred);
  }

 private:
  void remove(const RowSpans& spans) {
    const auto rows = test::pick(read_, spans);
    require(rows.has_value());
    for (const Row& row : *rows) table_.remove(row.path);
  }

  double now_;
  test::SimulatedTable table_;
  std::vector<Row> read_;
};

}  // namespace

void drive_wildly(Plan& plan, Feed& feed) {
  Call awaited = Call::kStart;
  while (!feed.is_empty()) {
    const std::uint8_t choice = feed.byte();
    const bool in_turn = choice % 4 != 0 && awaited != Call::kNone;
    const Call call = in_turn ? awaited : kCalls[choice / 4 % kCalls.size()];
    const Step step = tell(plan, call, feed);
    require_message(step);
    const auto* error = std::get_if<KvError>(&step);
    const bool is_refused = error && error->code == ErrorCode::kInvalidRequest;
    require(is_refused == (call != awaited));
    if (call == awaited) awaited = asked_by(step);
  }
}

void drive_truthfully(Plan& plan, Feed& feed) {
  Host host(feed);
  const auto end = test::run_steps(plan, host, kMostSteps);
  require(end.has_value());
  if (const auto* page = std::get_if<PageDone>(&*end)) {
    require(page->rows.empty() || page->rows.back().second <= host.count());
    require(page->is_done == page->cursor.empty());
    require(!page->is_split_required || !page->split_cursor.empty());
  } else if (const auto* count = std::get_if<CountDone>(&*end)) {
    require(count->count >= 0 && count->count <= static_cast<std::int64_t>(host.count()));
    require(count->is_done == count->cursor.empty());
  } else if (const auto* children = std::get_if<ChildrenDone>(&*end)) {
    for (const Child& child : children->children) require(child.row < host.count());
    require(children->is_done == children->cursor.empty());
  }
}

}  // namespace convex_kv::fuzz
