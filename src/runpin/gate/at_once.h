// Pieces of work that need nothing of each other: done at once where each waits for an answer from
// a network, one after another where a thread would cost more than it saves.
#pragma once

#include <cstddef>
#include <functional>

namespace runpin {

// Calls work(0) to work(count - 1), each once, and returns when all have ended. An exception of
// `work` comes out of the call.
using AtOnce = std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;

inline void one_after_another(std::size_t count, const std::function<void(std::size_t)>& work) {
  for (std::size_t i = 0; i < count; ++i) work(i);
}

}  // namespace runpin
