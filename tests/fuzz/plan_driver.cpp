#include "plan_driver.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <variant>

#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/messages/step_message.hpp"

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

template <typename T>
int compare(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

bool holds(Compare compare, int order) {
  switch (compare) {
    case Compare::kEq:
      return order == 0;
    case Compare::kGt:
      return order > 0;
    case Compare::kGte:
      return order >= 0;
    case Compare::kLt:
      return order < 0;
    case Compare::kLte:
      return order <= 0;
  }
  return false;
}

bool is_within(const Row& row, const Bound& bound) {
  if (const auto* path = std::get_if<Bytes>(&bound.value)) {
    return holds(bound.compare, compare(row.path, *path));
  }
  // Rows of version 1 have a text for their path, and all here are taken for such.
  if (const auto* text = std::get_if<std::string>(&bound.value)) {
    return holds(bound.compare, compare(row.path, Bytes(text->begin(), text->end())));
  }
  const double value = std::get<double>(bound.value);
  if (std::string_view(bound.field) == "_creationTime") {
    return holds(bound.compare, compare(row.creation_time, value));
  }
  // A missing expiry comes before all numbers.
  return holds(bound.compare, row.expires_at ? compare(*row.expires_at, value) : -1);
}

class Table {
 public:
  explicit Table(Feed& feed) {
    while (!feed.is_empty() && rows_.size() < kMostRows) {
      Row row = feed.row();
      rows_.insert_or_assign(row.path, row);
    }
  }

  Rows read(const Read& read) const {
    require(read.max_rows >= 1 && read.max_bytes >= 1);
    std::vector<Row> within;
    for (const auto& [path, row] : rows_) {
      const bool is_in =
          std::all_of(read.bounds.begin(), read.bounds.end(),
                      [&row = row](const Bound& bound) { return is_within(row, bound); });
      if (is_in) within.push_back(row);
    }
    if (read.index == Index::kExpiresAt) {
      std::stable_sort(within.begin(), within.end(), [](const Row& a, const Row& b) {
        return std::pair(a.expires_at, a.creation_time) < std::pair(b.expires_at, b.creation_time);
      });
    }
    if (read.order == Order::kDescending) std::reverse(within.begin(), within.end());
    Rows rows{{}, false};
    std::int64_t bytes = 0;
    for (const Row& row : within) {
      rows.rows.push_back(row);
      bytes += row.size;
      if (std::ssize(rows.rows) == read.max_rows || bytes >= read.max_bytes) return rows;
    }
    rows.exhausted = true;
    return rows;
  }

  void remove(const std::vector<Row>& read, const RowSpans& spans) {
    for (const auto& [first, last] : spans) {
      require(first < last && last <= read.size());
      for (std::uint32_t i = first; i < last; ++i) require(rows_.erase(read[i].path) == 1);
    }
  }

 private:
  std::map<Bytes, Row> rows_;
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
  const double now = feed.byte();
  Table table(feed);
  std::vector<Row> read_so_far;
  Step step = plan.start();
  for (int steps = 0; steps < kMostSteps; ++steps) {
    require_message(step);
    if (const auto* read = std::get_if<Read>(&step)) {
      Rows rows = table.read(*read);
      read_so_far.insert(read_so_far.end(), rows.rows.begin(), rows.rows.end());
      step = plan.on_rows(std::move(rows));
    } else if (std::holds_alternative<AskClock>(step)) {
      step = plan.on_clock(now);
    } else if (const auto* write = std::get_if<Write>(&step)) {
      // As a move would that goes to another table: what is transferred is here no more.
      require(!write->transferred.empty() || !write->deleted.empty());
      table.remove(read_so_far, write->deleted);
      table.remove(read_so_far, write->transferred);
      step = plan.on_written();
    } else {
      if (const auto* page = std::get_if<PageDone>(&step)) {
        require(page->rows.empty() || page->rows.back().second <= read_so_far.size());
        require(page->is_done == page->cursor.empty());
        require(!page->is_split_required || !page->split_cursor.empty());
      } else if (const auto* count = std::get_if<CountDone>(&step)) {
        require(count->count >= 0 && count->count <= std::ssize(read_so_far));
        require(count->is_done == count->cursor.empty());
      } else if (const auto* children = std::get_if<ChildrenDone>(&step)) {
        for (const Child& child : children->children) require(child.row < read_so_far.size());
        require(children->is_done == children->cursor.empty());
      }
      return;
    }
  }
  require(false);
}

}  // namespace convex_kv::fuzz
