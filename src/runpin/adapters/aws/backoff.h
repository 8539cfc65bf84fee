// Waiting between attempts: exponential with full jitter, within the number of attempts and the
// deadline of a policy. For AwsClient, and for callers that read back before they try again.
#pragma once

#include "runpin/adapters/aws/aws_client.h"

namespace runpin {

class Backoff {
 public:
  // Starts the clock. Borrows `world`.
  Backoff(const RetryWorld& world, const RetryPolicy& policy);

  // Waits a random time below min(cap, base * 2^(attempts so far - 1)). False, without waiting,
  // when no attempt is left or the deadline would pass meanwhile.
  bool wait();

  // Until the deadline; never negative.
  std::chrono::milliseconds left() const;

 private:
  std::chrono::milliseconds ceiling() const;

  const RetryWorld& world_;
  RetryPolicy policy_;
  std::chrono::milliseconds start_;
  int attempts_ = 1;
};

}  // namespace runpin
