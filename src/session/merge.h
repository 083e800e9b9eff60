// The three-way merge of payloads: what keeps a lost update from being lost.
#pragma once

#include "base/fields.h"

namespace innkeeper::session {

// Merges two payloads that were both derived from `base`, member by member:
// a change to one member on one side only is kept; where both sides changed it, `mine` (the later
// save) wins; a removal wins over an unchanged value, a change wins over a removal only where it is
// mine. Order: theirs, with my new members at the end in my order.
Fields merge(const Fields& base, const Fields& theirs, const Fields& mine);

}  // namespace innkeeper::session
