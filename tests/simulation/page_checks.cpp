#include "page_checks.hpp"

#include "convex_kv/base/limits.hpp"

namespace convex_kv::simulation {

namespace {

// What a scan keeps for the largest row and value that may come (src/convex_kv/budget/budget.cpp),
// generously.
constexpr std::int64_t kReserve = 15 << 20;
constexpr std::int64_t kSpareQueries = 40;

}  // namespace

std::vector<Shown> shown_by(const Carried& scan) {
  std::vector<Shown> shown;
  for (const auto& row : scan.page) {
    shown.push_back({row->document.path, row->document.version, row->document.expires_at});
  }
  return shown;
}

void check_page(const Model& model, const KeyRange& range, Order order,
                const std::optional<Bytes>& after, const std::vector<Shown>& rows, double now) {
  const std::vector<Model::Live> live = model.live(range, after, now, order);
  std::optional<Bytes> previous = after;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Shown& row = rows[i];
    check(range.contains(row.path), Invariant::kRange, "showed an entry outside the prefix");
    check(!previous || is_behind(row.path, *previous, order), Invariant::kOnce,
          "showed an entry again");
    check(!row.expires_at || *row.expires_at > now, Invariant::kExpired, "showed an expired entry");
    check(i < live.size() && live[i].path == row.path && live[i].version == row.version,
          Invariant::kReads, "showed something else than what is there");
    previous = row.path;
  }
}

bool has_ample_room(const Transaction& transaction, const TransactionLimits& limits,
                    const KeyRange& range) {
  if (!transaction.tells_limits()) return false;
  TransactionLimits left = limits;
  left.bytes_read -= kReserve;
  left.queries -= kSpareQueries;
  for (const auto& [key, row] : transaction.database().table<Entry>().index(Entry::kByPath)) {
    const Entry& entry = row->document;
    if (!range.contains(entry.path)) continue;
    left.bytes_read -= std::int64_t{entry.size} + entry.value_bytes;
    left.documents_read -= 1 + std::int64_t{entry.value_documents};
    left.queries -= entry.value_documents;
  }
  return left.bytes_read > 0 && left.documents_read > 0 && left.queries > 0;
}

}  // namespace convex_kv::simulation
