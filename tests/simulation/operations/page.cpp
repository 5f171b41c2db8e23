// list: pages of scans that are held across whatever happens meanwhile.
#include "../operation.hpp"
#include "../page_checks.hpp"
#include "../selection.hpp"
#include "convex_kv/base/limits.hpp"
#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/plans/cursor.hpp"
#include "support/random.hpp"

namespace convex_kv::simulation {

namespace {

constexpr std::size_t kMostHeld = 3;

struct Page {
  std::vector<Shown> rows;
  std::string cursor;
  bool is_done;
};

// The page is right, and continues where it says.
Bytes check_next(const Model& model, const KeyRange& range, Order order,
                 const std::optional<Bytes>& after, const Page& page, double now) {
  check_page(model, range, order, after, page.rows, now);
  const std::vector<Model::Live> live = model.live(range, after, now, order);
  if (page.is_done) {
    check(page.rows.size() == live.size(), Invariant::kReads, "the last page left out an entry");
    return {};
  }
  auto position = decode_cursor(page.cursor, range, {order});
  check(position.ok(), Invariant::kCursor, "a page's cursor is not taken");
  check(!after || is_behind(*position, *after, order), Invariant::kCursor,
        "a page's cursor leads back");
  check(page.rows.empty() || !is_behind(page.rows.back().path, *position, order), Invariant::kOnce,
        "a page's cursor leads back to what it showed");
  check(page.rows.size() == live.size() || is_behind(live[page.rows.size()].path, *position, order),
        Invariant::kReads, "a page's cursor passes over an entry");
  return std::move(*position);
}

// The page of a scan that is held, as number `index`, or that begins here.
void hold(Model& model, std::size_t index, const KeyRange& range, Order order, const Page& page,
          double now) {
  if (index == model.scans.size()) {
    HeldScan scan{range, order, "", {}, {}, {}};
    for (const Model::Live& entry : model.live(range, std::nullopt, model.now)) {
      scan.always.insert(entry.path);
    }
    model.scans.push_back(std::move(scan));
  }
  HeldScan& scan = model.scans[index];
  if (!scan.cursor.empty()) ++model.next_pages;
  const auto after = scan.cursor.empty() ? std::nullopt : std::optional<Bytes>(scan.position);
  scan.position = check_next(model, range, order, after, page, now);
  scan.cursor = page.cursor;
  scan.is_done = page.is_done;
  for (const Shown& row : page.rows) {
    check(scan.shown.insert(row.path).second, Invariant::kOnce, "a scan showed an entry twice");
  }
  std::erase_if(scan.always, [&model](const Bytes& path) {
    const auto& expires_at = model.entries.at(path).expires_at;
    return expires_at && *expires_at <= model.now;
  });
  if (!page.is_done) return;
  for (const Bytes& path : scan.always) {
    check(scan.shown.contains(path), Invariant::kOnce,
          "a scan did not show an entry that was there all the time");
  }
  model.scans.erase(model.scans.begin() + static_cast<std::ptrdiff_t>(index));
}

void page(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  const auto& held = transaction.model().scans;
  const std::size_t index = random.below(std::min(held.size() + 1, kMostHeld));
  const bool goes_on = call.is_query && index < held.size();
  const Selection selection = random_selection(call.key, random);
  const KeyRange range = goes_on ? held[index].range : selection.range;
  const Order order = goes_on ? held[index].order : selection.order;
  const std::int64_t limit = random.between(1, random.chance(60) ? 6 : 60);
  Json request{{"plan", "page"}, {"limit", limit}, {"reverse", order == Order::kDescending}};
  if (goes_on) request["cursor"] = held[index].cursor;

  const TransactionLimits limits = transaction.left();
  const bool is_ample = has_ample_room(transaction, limits, range);
  const Carried scan = carry(transaction, range, std::move(request), random.chance(50));
  if (const auto* error = std::get_if<KvError>(&scan.end)) {
    check(error->code == ErrorCode::kTransactionFull, Invariant::kProtocol, "list fails");
    check(!is_ample, Invariant::kShort, "list gave up though there was room");
    return;
  }
  const auto* done = std::get_if<PageDone>(&scan.end);
  check(done != nullptr, Invariant::kProtocol, "a page that ends as none");
  const Page page{shown_by(scan), done->cursor, done->is_done};
  check(std::ssize(page.rows) <= limit, Invariant::kReads, "a page is longer than its limit");
  check(page.is_done || std::ssize(page.rows) == limit || !is_ample, Invariant::kShort,
        "a page is short though there was room");
  transaction.at_commit(
      [page, range, order, index, now = transaction.now(), is_query = call.is_query](Model& model) {
        if (is_query) return hold(model, index, range, order, page, now);
        check_next(model, range, order, std::nullopt, page, now);
      });
}

}  // namespace

const Operation kPage{"list", 26, false, page};

}  // namespace convex_kv::simulation
