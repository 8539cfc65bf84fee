#include "runpin/adapters/aws/s3_bucket.h"

#include <charconv>

namespace runpin {
namespace {

Asked asked(const std::string& operation, const std::string& permission,
            const std::string& target) {
  return {"S3", operation, permission, target};
}

std::optional<std::size_t> content_length(const HttpResponse& answer) {
  const std::string& text = answer.header("content-length");
  std::size_t size = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, size);
  return read.ec == std::errc() && read.ptr == end ? std::optional(size) : std::nullopt;
}

}  // namespace

S3Bucket::S3Bucket(AwsClient& client, EndpointSettings settings, std::string name,
                   std::string region)
    : client_(client),
      settings_(std::move(settings)),
      name_(std::move(name)),
      region_(std::move(region)) {}

Result<S3Address> S3Bucket::address() const {
  std::string region;
  {
    const std::lock_guard lock(mutex_);
    region = region_;
  }
  auto endpoint = endpoint_for(AwsService::k_s3, region, settings_);
  if (!endpoint) return tl::unexpected(endpoint.error());
  return S3Address{*std::move(endpoint), name_};
}

// 301 PermanentRedirect, 307, and 400 AuthorizationHeaderMalformed or IllegalLocationConstraint
// name the bucket's region; a HEAD has it in the header alone.
std::optional<std::string> S3Bucket::other_region(const HttpResponse& answer,
                                                  const std::string& asked_region) const {
  if (answer.status != 301 && answer.status != 307 && answer.status != 400) return std::nullopt;
  std::string region = answer.header("x-amz-bucket-region");
  if (region.empty()) region = xml_error(answer).region;
  if (region.empty() || region == asked_region) return std::nullopt;
  return region;
}

Result<HttpResponse> S3Bucket::send(const MakeRequest& make, Repeatable repeatable) {
  for (bool redirected = false;; redirected = true) {
    const auto to = address();
    if (!to) return tl::unexpected(to.error());
    auto answer = client_.call({make(*to), to->endpoint.scope, repeatable});
    if (!answer) return tl::unexpected(answer.error());
    HttpResponse& response = answer->response;
    if (response.status >= 200 && response.status < 300) known_to_exist_ = true;
    const auto region = other_region(response, to->endpoint.scope.region);
    if (!region || redirected || !endpoint_for(AwsService::k_s3, *region, settings_))
      return std::move(response);
    const std::lock_guard lock(mutex_);
    region_ = *region;
  }
}

Error S3Bucket::refusal(const HttpResponse& answer, const std::string& operation,
                        const std::string& permission, const std::string& target) const {
  return error_of(asked(operation, permission, target), answer.status, xml_error(answer));
}

// A HEAD's refusal has no body: the same question as a GET says why. `bare` where it does not.
HttpResponse S3Bucket::with_reason(HttpResponse bare, const MakeRequest& same_as_get) {
  auto asked_again = send(same_as_get);
  const bool same = asked_again && asked_again->status == bare.status;
  return same ? *std::move(asked_again) : bare;
}

Result<std::optional<StoredObject>> S3Bucket::get(const ObjectKey& key) {
  auto answer = send([&](const S3Address& to) { return get_object(to, key); });
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 200)
    return StoredObject{key, std::move(answer->body), answer->header("etag")};
  if (answer->status == 404 && xml_error(*answer).code == "NoSuchKey") {
    known_to_exist_ = true;
    return std::nullopt;
  }
  return tl::unexpected(refusal(*answer, "GetObject", "s3:GetObject", key.str()));
}

// A HEAD's 404 has no body to say whether the object or the whole bucket is absent.
Result<std::optional<ObjectHead>> S3Bucket::head(const ObjectKey& key) {
  const auto answer = send([&](const S3Address& to) { return head_object(to, key); });
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 200) {
    const auto size = content_length(*answer);
    if (!size)
      return tl::unexpected(malformed_answer(asked("HeadObject", "s3:GetObject", key.str()),
                                             "it has no Content-Length"));
    return ObjectHead{answer->header("etag"), *size};
  }
  if (answer->status != 404) {
    const auto first_byte = [&](const S3Address& to) {
      HttpRequest get = get_object(to, key);
      get.headers["range"] = "bytes=0-0";
      return get;
    };
    return tl::unexpected(
        refusal(with_reason(*answer, first_byte), "HeadObject", "s3:GetObject", key.str()));
  }
  if (!known_to_exist_)
    if (const auto exists = check_exists(); !exists) return tl::unexpected(exists.error());
  return std::nullopt;
}

Result<void> S3Bucket::check_exists() {
  const auto answer = send(head_bucket);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 200) return {};
  const auto no_keys = [](const S3Address& to) { return list_objects(to, "", 0, ""); };
  Error error = refusal(with_reason(*answer, no_keys), "HeadBucket", "s3:ListBucket", name_);
  if (answer->status == 404) {
    error.message = "there is no such bucket";
    error.fix = "create the bucket, or pin the bucket that exists (docs/aws.md)";
  }
  return tl::unexpected(std::move(error));
}

}  // namespace runpin
