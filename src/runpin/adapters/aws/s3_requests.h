// Amazon S3 requests as values, unsigned. Source:
// docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
#pragma once

#include <string>

#include "runpin/adapters/aws/aws_endpoint.h"
#include "runpin/base/strong.h"

namespace runpin {

// One bucket as it is addressed: by host ("bucket.s3.eu-west-2.amazonaws.com"), or by path for
// endpoints of the user's own and for names that no wildcard certificate covers.
struct S3Address {
  AwsEndpoint endpoint;
  std::string bucket;
};

// The header by which a PUT names its body's SHA-256, and by which the answer repeats what was
// stored.
inline constexpr const char* k_s3_checksum_header = "x-amz-checksum-sha256";
std::string base64_sha256(const Bytes& bytes);

// PutObject with `If-None-Match: *` and a SHA-256 checksum, which buckets with object lock demand.
HttpRequest put_object_if_absent(const S3Address& to, const ObjectKey& key, const Bytes& bytes);
HttpRequest get_object(const S3Address& to, const ObjectKey& key);
HttpRequest head_object(const S3Address& to, const ObjectKey& key);
HttpRequest head_bucket(const S3Address& to);

inline constexpr std::size_t k_s3_page = 1000;  // the most keys that S3 lists at once

// ListObjectsV2, keys URL-encoded; `continuation_token` is "" for the first page.
HttpRequest list_objects(const S3Address& to, const std::string& prefix, std::size_t max_keys,
                         const std::string& continuation_token);

// Where a listing of versions goes on; both "" for the first page.
struct VersionMarker {
  std::string key;
  std::string version_id;
  auto operator<=>(const VersionMarker&) const = default;
};
HttpRequest list_object_versions(const S3Address& to, const std::string& prefix,
                                 const VersionMarker& after);

}  // namespace runpin
