#include "row_at.hpp"

#include "convex_kv/keys/sort_key.hpp"
#include "support/key.hpp"
#include "support/random_key.hpp"

namespace convex_kv::simulation {

Bytes path_of(const test::Key& key) { return *test::encode_entry_key(key); }

test::Key key_below(const test::Key& prefix, test::Random& random) {
  test::Key key = prefix;
  while (key.size() == prefix.size() && key.size() < 3) {
    for (const test::KeyPart& part : test::random_path(random, 3 - key.size())) {
      key.push_back(part);
    }
  }
  return key;
}

Table<Entry>::Row row_at(Transaction& transaction, const Bytes& path) {
  return transaction.first<Entry>(Entry::kByPath, equal_to({path}));
}

void remove_row(Transaction& transaction, const Table<Entry>::Row& row) {
  const Entry& entry = row->document;
  transaction.remove<Entry>(row);
  transaction.spend({entry.value_bytes, entry.value_documents, entry.value_documents, 0});
}

}  // namespace convex_kv::simulation
