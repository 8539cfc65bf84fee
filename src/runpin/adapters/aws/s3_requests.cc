#include "runpin/adapters/aws/s3_requests.h"

#include <openssl/evp.h>

#include <algorithm>

namespace runpin {
namespace {

// docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html: other names, and dotted ones
// under TLS, need paths.
bool fits_a_host_name(const std::string& bucket) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return bucket.size() >= 3 && bucket.size() <= 63 && bucket.front() != '-' &&
         bucket.back() != '-' && std::all_of(bucket.begin(), bucket.end(), allowed);
}

// `path` is "" for the bucket itself, or "/" and a key.
HttpRequest request(const S3Address& to, std::string method, const std::string& path) {
  if (to.endpoint.is_custom || !fits_a_host_name(to.bucket))
    return request_to(to.endpoint, std::move(method), "/" + to.bucket + path);
  HttpRequest made = request_to(to.endpoint, std::move(method), path.empty() ? "/" : path);
  made.host = to.bucket + "." + made.host;
  return made;
}

HttpRequest object_request(const S3Address& to, std::string method, const ObjectKey& key) {
  return request(to, std::move(method), "/" + key.str());
}

}  // namespace

std::string base64_sha256(const Bytes& bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
  std::string text((size + 2) / 3 * 4 + 1, '\0');
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(
      reinterpret_cast<unsigned char*>(text.data()), digest, static_cast<int>(size))));
  return text;
}

HttpRequest put_object_if_absent(const S3Address& to, const ObjectKey& key, const Bytes& bytes) {
  HttpRequest put = object_request(to, "PUT", key);
  put.headers["if-none-match"] = "*";
  put.headers["content-type"] =
      key.str().ends_with(".json") ? "application/json" : "application/octet-stream";
  put.headers["x-amz-sdk-checksum-algorithm"] = "SHA256";
  put.headers[k_s3_checksum_header] = base64_sha256(bytes);
  put.body = bytes;
  return put;
}

HttpRequest get_object(const S3Address& to, const ObjectKey& key) {
  return object_request(to, "GET", key);
}

HttpRequest head_object(const S3Address& to, const ObjectKey& key) {
  return object_request(to, "HEAD", key);
}

HttpRequest head_bucket(const S3Address& to) {
  return request(to, "HEAD", "");
}

HttpRequest list_objects(const S3Address& to, const std::string& prefix, std::size_t max_keys,
                         const std::string& continuation_token) {
  HttpRequest get = request(to, "GET", "");
  get.query = {{"list-type", "2"},
               {"encoding-type", "url"},
               {"max-keys", std::to_string(max_keys)},
               {"prefix", prefix}};
  if (!continuation_token.empty()) get.query.emplace_back("continuation-token", continuation_token);
  return get;
}

HttpRequest list_object_versions(const S3Address& to, const std::string& prefix,
                                 const VersionMarker& after) {
  HttpRequest get = request(to, "GET", "");
  get.query = {{"versions", ""},
               {"encoding-type", "url"},
               {"max-keys", std::to_string(k_s3_page)},
               {"prefix", prefix}};
  if (!after.key.empty()) get.query.emplace_back("key-marker", after.key);
  if (!after.version_id.empty()) get.query.emplace_back("version-id-marker", after.version_id);
  return get;
}

}  // namespace runpin
