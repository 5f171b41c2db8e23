// Random keys, drawn so that neighbours, prefixes and edge cases come up often.
#pragma once

#include <cstddef>

#include "convex_kv/base/bytes.hpp"
#include "key.hpp"
#include "random.hpp"

namespace convex_kv::test {

// Of any type. Floats are no NaN but JavaScript's one.
KeyPart random_part(Random& random);

// Of 0 to `most_parts` parts of any type.
Key random_key(Random& random, std::size_t most_parts);

// Of 0 to `most_parts` strings out of a handful, one of which holds a 00: many collide and many are
// prefixes of one another.
Key random_path(Random& random, std::size_t most_parts);

// One of those strings, as a sort key: what a part may begin with.
Bytes random_beginning(Random& random);

}  // namespace convex_kv::test
