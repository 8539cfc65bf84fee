#include "runpin/adapters/aws/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace runpin {

void for_each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto take_turns = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    const std::size_t wanted = std::min(count, k_parallel_calls);
    try {
      while (helpers.size() + 1 < wanted) helpers.emplace_back(take_turns);
    } catch (const std::system_error&) {
      // No further thread can be had: those that run, and this one, do all of it.
    }
    take_turns();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace runpin
