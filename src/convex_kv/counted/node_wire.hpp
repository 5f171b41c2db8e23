// The nodes of a counted prefix (counted_tree.hpp) as bytes: what their documents hold.
//
// Both kinds are lists in the order of their paths. Of each path only what differs from the one
// before it is there.
// Each node has one form: what decodes encodes to the same bytes again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/counted/summary.hpp"

namespace convex_kv {

// Entries, in ascending order of their paths.
using Leaf = std::vector<CountedEntry>;

// What becomes of the entry at a path.
struct CountedChange {
  Bytes path;
  // nullopt: there is none afterwards, if there was one.
  std::optional<CountedEntry> entry;

  struct Before {
    // nullopt: there was none.
    std::optional<CountedEntry> entry;

    bool operator==(const Before&) const = default;
  };
  // nullopt: it is not known what there was. No node holds it.
  std::optional<Before> before;

  bool operator==(const CountedChange&) const = default;
};

struct CountedChild {
  // No entry of the leaf comes before it.
  Bytes start;
  // The leaf's document.
  std::string id;
  // Of the leaf with its buffered changes: of up to 2^32 entries.
  Summary summary;
  // Changes that are still to be made in the leaf, in ascending order of their paths, of which none
  // occurs twice.
  std::vector<CountedChange> buffer;

  bool operator==(const CountedChild&) const = default;
};

struct Branch {
  // In ascending order of their starts. A leaf has what is from its start on, up to the next one's.
  std::vector<CountedChild> children;
  // How many entries it had when the prefix was last divided into branches.
  std::uint64_t share = 0;

  bool operator==(const Branch&) const = default;
};

Bytes encode_leaf(const Leaf& leaf);
Bytes encode_branch(const Branch& branch);

// nullopt if the bytes are none. Safe for any input.
std::optional<Leaf> decode_leaf(ByteView wire);
std::optional<Branch> decode_branch(ByteView wire);

}  // namespace convex_kv
