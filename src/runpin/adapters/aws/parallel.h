// Work on several things at once, on a bounded number of threads that end before the call does.
#pragma once

#include <cstddef>
#include <functional>

namespace runpin {

inline constexpr std::size_t k_parallel_calls = 16;

// Calls work(0) to work(count - 1), each once, on at most k_parallel_calls threads, the caller's
// among them. Where no further thread can be had, fewer do it. An exception of `work` is rethrown
// here after all have ended; the work that had not begun by then is left out.
void for_each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace runpin
