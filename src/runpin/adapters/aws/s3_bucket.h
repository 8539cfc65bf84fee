// One S3 bucket, called: finds the region that it is really in, and reads refusals as errors.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>

#include "runpin/adapters/aws/aws_client.h"
#include "runpin/adapters/aws/s3_answers.h"
#include "runpin/adapters/aws/service_error.h"

namespace runpin {

// Safe to call from several threads.
class S3Bucket {
 public:
  using MakeRequest = std::function<HttpRequest(const S3Address&)>;

  // Borrows `client`. `region` is where the bucket is thought to be.
  S3Bucket(AwsClient& client, EndpointSettings settings, std::string name, std::string region);

  const std::string& name() const { return name_; }

  // The answer, of any status but a redirect to another region: that one is followed, once, and
  // remembered. Errors: as AwsClient::call(), and k_config for an endpoint that is none.
  Result<HttpResponse> send(const MakeRequest& make, Repeatable repeatable = Repeatable::k_yes);

  // What S3 says of a refused request.
  Error refusal(const HttpResponse& answer, const std::string& operation,
                const std::string& permission, const std::string& target) const;

  // The object; nothing for NoSuchKey.
  Result<std::optional<StoredObject>> get(const ObjectKey& key);
  // Nothing when the object is absent and the bucket is there.
  Result<std::optional<ObjectHead>> head(const ObjectKey& key);
  // k_not_found when there is no such bucket.
  Result<void> check_exists();

 private:
  Result<S3Address> address() const;
  HttpResponse with_reason(HttpResponse bare, const MakeRequest& same_as_get);
  std::optional<std::string> other_region(const HttpResponse& answer,
                                          const std::string& asked) const;

  AwsClient& client_;
  const EndpointSettings settings_;
  const std::string name_;
  mutable std::mutex mutex_;
  std::string region_;
  std::atomic<bool> known_to_exist_{false};
};

}  // namespace runpin
