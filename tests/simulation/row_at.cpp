#include "row_at.hpp"

#include "convex_kv/keys/sort_key.hpp"
#include "support/key.hpp"

namespace convex_kv::simulation {

Bytes path_of(const test::Key& key) { return *test::encode_entry_key(key); }

Table<Entry>::Row row_at(Transaction& transaction, const Bytes& path) {
  return transaction.first<Entry>(Entry::kByPath, equal_to({path}));
}

void remove_row(Transaction& transaction, const Table<Entry>::Row& row) {
  const Entry& entry = row->document;
  transaction.remove<Entry>(row);
  transaction.spend({entry.value_bytes, entry.value_documents, entry.value_documents, 0});
}

}  // namespace convex_kv::simulation
