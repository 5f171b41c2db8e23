// A table with its indexes, in memory. Copies share their rows until one of them is written to.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "index_key.hpp"

namespace convex_kv::simulation {

using Id = std::uint64_t;

template <typename Document>
struct Stored {
  Id id;
  double creation_time;
  Document document;
};

// A place in an index that a write touched.
struct Touch {
  int table;
  std::size_t index;
  Bytes key;
};

// Document has kTable, a distinct number, and index_fields(), the first field of each index but the
// one by id, which is index 0.
template <typename Document>
class Table {
 public:
  using Row = std::shared_ptr<const Stored<Document>>;
  using Index = std::map<Bytes, Row>;

  const Index& index(std::size_t number) const {
    static const Index empty;
    return data_ && number < data_->size() ? (*data_)[number] : empty;
  }

  Row find(Id id) const {
    const auto found = index(0).find(id_key(id));
    return found == index(0).end() ? nullptr : found->second;
  }

  // Writes `row` in the place of the one with its id. Both add to `touched` where they were and
  // are.
  void put(const Row& row, std::vector<Touch>& touched) {
    remove(row->id, touched);
    std::vector<Index>& indexes = own();
    const std::vector<Bytes> keys = keys_of(*row);
    if (indexes.size() < keys.size()) indexes.resize(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      indexes[i].emplace(keys[i], row);
      touched.push_back({Document::kTable, i, keys[i]});
    }
  }

  void remove(Id id, std::vector<Touch>& touched) {
    const Row row = find(id);
    if (!row) return;
    const std::vector<Bytes> keys = keys_of(*row);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      own()[i].erase(keys[i]);
      touched.push_back({Document::kTable, i, keys[i]});
    }
  }

  static Bytes id_key(Id id) { return index_key({static_cast<double>(id)}); }

 private:
  static std::vector<Bytes> keys_of(const Stored<Document>& row) {
    std::vector<Bytes> keys{id_key(row.id)};
    for (const Field& field : row.document.index_fields()) {
      keys.push_back(index_key({field, row.creation_time, static_cast<double>(row.id)}));
    }
    return keys;
  }

  std::vector<Index>& own() {
    if (!data_) {
      data_ = std::make_shared<std::vector<Index>>();
    } else if (data_.use_count() > 1) {
      data_ = std::make_shared<std::vector<Index>>(*data_);
    }
    return *data_;
  }

  std::shared_ptr<std::vector<Index>> data_;
};

}  // namespace convex_kv::simulation
