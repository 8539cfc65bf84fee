// Calls to AWS from this process: settings and credentials as the AWS SDKs find them, one
// transport, one clock.
#pragma once

#include <memory>
#include <mutex>

#include "runpin/adapters/aws/credential_chain.h"
#include "runpin/adapters/aws/curl_transport.h"
#include "runpin/cli/context.h"

namespace runpin::cli {

// Does not move: its parts refer to each other. Borrows the context.
class AwsSession {
 public:
  // Reads settings; asks nobody. Errors: as read_aws_settings().
  static Result<std::unique_ptr<AwsSession>> make(Context& context);

  AwsClient& client() { return client_; }
  const AwsSettings& settings() const { return search_.settings; }
  const RetryWorld& world() const { return search_.world; }

 private:
  AwsSession(Context& context, AwsOutside outside, AwsSettings settings);
  RetryWorld make_world(Context& context);

  std::mutex log_mutex_;
  CurlTransport web_;
  CurlTransport metadata_;
  CredentialSearch search_;
  CredentialChain credentials_;
  AwsClient client_;
};

}  // namespace runpin::cli
