#include "runpin/adapters/aws/backoff.h"

#include <algorithm>

namespace runpin {

using std::chrono::milliseconds;

Backoff::Backoff(const RetryWorld& world, const RetryPolicy& policy)
    : world_(world), policy_(policy), start_(world.ticks()) {}

milliseconds Backoff::left() const {
  return std::max(milliseconds(0), policy_.deadline - (world_.ticks() - start_));
}

milliseconds Backoff::ceiling() const {
  milliseconds ceiling = policy_.base;
  for (int i = 1; i < attempts_ && ceiling < policy_.cap; ++i) ceiling *= 2;
  return std::min(ceiling, policy_.cap);
}

bool Backoff::wait() {
  if (attempts_ >= policy_.max_attempts) return false;
  const milliseconds pause(
      static_cast<milliseconds::rep>(world_.uniform() * static_cast<double>(ceiling().count())));
  if (pause >= left()) return false;
  world_.sleep(pause);
  ++attempts_;
  return true;
}

}  // namespace runpin
