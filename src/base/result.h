// The outcome of something that ordinarily may fail: a value, or the reason why there is none.
//
// `Result<T, E>` is tl::expected, the published stand-in for C++23's std::expected (g++ 12 has
// none; see docs/decisions/0002-dependencies.md). Compare `if (!result) … result.error()`,
// `*result`, `result->member`.
#pragma once

#include <tl/expected.hpp>

namespace innkeeper {

template <class T, class E>
using Result = tl::expected<T, E>;

template <class E>
constexpr auto failure(E reason) {
  return tl::make_unexpected(std::move(reason));
}

}  // namespace innkeeper
