#include "runpin/adapters/aws/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <vector>

namespace runpin {
namespace {

TEST(Parallel, DoesEveryPieceOnce) {
  for (const std::size_t count : {0u, 1u, 7u, 8u, 9u, 1000u}) {
    std::vector<std::atomic<int>> done(count);
    for_each_in_parallel(count, [&](std::size_t i) { ++done[i]; });
    for (const auto& times : done) EXPECT_EQ(times, 1);
  }
}

TEST(Parallel, WorksOnEightPiecesAtOnceAndNoMore) {
  std::latch together(
      static_cast<std::ptrdiff_t>(k_parallel_calls));  // passed only if all are in at once
  std::atomic<int> inside{0}, most{0};
  for_each_in_parallel(k_parallel_calls * 5, [&](std::size_t i) {
    const int now = ++inside;
    int seen = most;
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    if (i < k_parallel_calls) together.arrive_and_wait();
    --inside;
  });
  EXPECT_EQ(most, static_cast<int>(k_parallel_calls));
}

TEST(Parallel, PassesOnWhatWasThrownAndLeavesTheRest) {
  std::atomic<int> done{0};
  EXPECT_THROW(for_each_in_parallel(100000,
                                    [&](std::size_t i) {
                                      ++done;
                                      if (i == 0) throw std::runtime_error("no");
                                    }),
               std::runtime_error);
  EXPECT_LE(done, 100000);
}

}  // namespace
}  // namespace runpin
