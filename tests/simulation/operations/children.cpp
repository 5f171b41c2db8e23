// children: what a page lists, and that the next one continues where it says.
#include "../model.hpp"
#include "../operation.hpp"
#include "../page_checks.hpp"
#include "../selection.hpp"
#include "support/key.hpp"

namespace convex_kv::simulation {

namespace {

struct Listed {
  Bytes part;
  bool has_entry;
  bool has_children;

  friend bool operator==(const Listed&, const Listed&) = default;
};

// As a directory would list them, of the live entries in this order.
std::vector<Listed> children_of(const std::vector<Model::Live>& live, const test::Key& prefix) {
  std::vector<Listed> children;
  for (const Model::Live& entry : live) {
    const std::vector<Bytes> key = test::parts_of(entry.path);
    if (key.size() == prefix.size()) continue;
    const Bytes& part = key[prefix.size()];
    if (children.empty() || children.back().part != part) children.push_back({part, false, false});
    (key.size() == prefix.size() + 1 ? children.back().has_entry : children.back().has_children) =
        true;
  }
  return children;
}

std::vector<Listed> listed_by(const Carried& scan, const ChildrenDone& page,
                              const test::Key& prefix) {
  std::vector<Listed> children;
  for (const Child& child : page.children) {
    check(child.row < scan.read.size(), Invariant::kProtocol, "a child of a row that is none");
    const std::vector<Bytes> key = test::parts_of(scan.read[child.row]->document.path);
    check(key.size() > prefix.size(), Invariant::kRange, "a child that is none of the prefix");
    children.push_back({key[prefix.size()], child.has_entry, child.has_children});
  }
  return children;
}

void children(Transaction& transaction, const Call& call) {
  test::Random random(call.bits);
  const Selection selection = random_selection(call.key, random);
  const auto& [range, prefix_length, order] = selection;
  std::vector<Listed> listed;
  bool is_done = false;
  Json request{{"plan", "children"},
               {"limit", random.between(1, 5)},
               {"reverse", order == Order::kDescending}};
  for (int pages = random.chance(50) ? 8 : 1; pages > 0 && !is_done; --pages) {
    const bool is_ample = has_ample_room(transaction, transaction.left(), range);
    const Carried scan = carry(transaction, range, request, false, prefix_length);
    if (const auto* error = std::get_if<KvError>(&scan.end)) {
      check(error->code == ErrorCode::kTransactionFull, Invariant::kProtocol, "children fails");
      check(!is_ample, Invariant::kShort, "children gave up though there was room");
      break;
    }
    const auto* page = std::get_if<ChildrenDone>(&scan.end);
    check(page != nullptr, Invariant::kProtocol, "a page of children that ends as none");
    const auto more = listed_by(scan, *page, call.key);
    listed.insert(listed.end(), more.begin(), more.end());
    is_done = page->is_done;
    request["cursor"] = page->cursor;
  }
  transaction.at_commit(
      [selection, prefix = call.key, listed, is_done, now = transaction.now()](Model& model) {
        const auto live = model.live(selection.range, std::nullopt, now, selection.order);
        const auto children = children_of(live, prefix);
        check(listed.size() <= children.size(), Invariant::kReads, "more children than there are");
        check(std::equal(listed.begin(), listed.end(), children.begin()), Invariant::kReads,
              "children are listed as others than they are");
        check(!is_done || listed.size() == children.size(), Invariant::kReads,
              "the last page of children left one out");
      });
}

}  // namespace

const Operation kChildren{"children", 8, false, children};

}  // namespace convex_kv::simulation
