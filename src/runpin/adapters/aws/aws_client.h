// Calls an AWS service: credentials, signature, transport, and retries only for what may be
// retried.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "runpin/adapters/aws/http.h"
#include "runpin/adapters/aws/signer.h"

namespace runpin {

// Where credentials come from; refreshed before they expire. Safe to call from several threads.
// Errors: k_denied (no source has any; the message names the sources tried), k_unavailable.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  virtual Result<AwsCredentials> get(const Instant& now) = 0;
};

// Time, randomness and waiting as arguments, so that retries can be tested without any of them.
struct RetryWorld {
  std::function<Instant()> now;     // the real clock: signatures are made for it
  std::function<double()> uniform;  // [0, 1), for full jitter
  std::function<void(std::chrono::milliseconds)> sleep;
  std::function<std::chrono::milliseconds()> ticks;  // monotonic
  std::function<void(const std::string&)> log;       // retries, for people; never evidence
};

struct RetryPolicy {
  int max_attempts = 4;
  std::chrono::milliseconds base{50};
  std::chrono::milliseconds cap{2000};
  std::chrono::milliseconds deadline{20000};  // over all attempts
  HttpLimits limits;                          // of one attempt
};

// Whether sending a request twice can do harm. A conditional create is `k_in_doubt`: after a broken
// answer it is not sent again; the caller reads back instead.
enum class Repeatable { k_yes, k_in_doubt };

struct AwsCall {
  HttpRequest request;
  SigningScope scope;
  Repeatable repeatable = Repeatable::k_yes;
};

struct AwsAnswer {
  HttpResponse response;  // the last one, of any status that is not retried away
};

class AwsClient {
 public:
  // Borrows all three.
  AwsClient(HttpTransport& transport, CredentialSource& credentials, RetryWorld world,
            RetryPolicy policy = {});

  // Signs and sends. Retried with full jitter within the deadline: connection failures before
  // anything was sent, and where `repeatable` also broken answers, 429, 500, 502, 503, 504 and
  // throttling error codes (400 with ThrottlingException and the like). A refusal that a wrong
  // clock explains is retried once with the server's Date, which later calls then keep to. Errors:
  // as the transport's and the credential source's; `k_unavailable` after the last attempt. An
  // in-doubt call that may have been acted on, or was answered with one of those statuses, ends as
  // k_unavailable at once: its caller reads back, and waits by a Backoff before it tries again.
  // Safe to call from several threads.
  Result<AwsAnswer> call(const AwsCall& call);

 private:
  struct Attempt;
  Result<Attempt> attempt(const AwsCall& call, std::chrono::milliseconds left);
  bool corrects_clock(const Attempt& made);

  HttpTransport& transport_;
  CredentialSource& credentials_;
  RetryWorld world_;
  RetryPolicy policy_;
  std::atomic<std::int64_t> server_ahead_seconds_ = 0;
};

}  // namespace runpin
