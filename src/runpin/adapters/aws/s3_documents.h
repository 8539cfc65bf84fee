// The workspace's files, and with them objects that a setting names by "s3://BUCKET/KEY".
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "runpin/adapters/aws/s3_bucket.h"
#include "runpin/ports/documents.h"

namespace runpin {

struct S3Uri {
  std::string bucket;
  ObjectKey key;
};
// k_config for a text that is no "s3://BUCKET/KEY".
Result<S3Uri> parse_s3_uri(const std::string& text);

class S3Documents final : public Documents {
 public:
  // Makes the bucket of a name when it is first read. Errors: that there are no settings to call
  // AWS with.
  using OpenBucket = std::function<Result<std::unique_ptr<S3Bucket>>(const std::string& name)>;

  // Borrows `files`, which has everything that is no URI.
  S3Documents(Documents& files, OpenBucket open) : files_(files), open_(std::move(open)) {}

  // Errors of an object: k_not_found, k_denied, k_unavailable; `where` is the URI.
  Result<Bytes> read(const std::string& path) override;
  Result<void> check_appendable(const std::string& path) override {
    return files_.check_appendable(path);
  }
  Result<void> append_once(const std::string& path, ByteView marker, ByteView note) override {
    return files_.append_once(path, marker, note);
  }

 private:
  Result<S3Bucket*> bucket(const std::string& name);

  Documents& files_;
  OpenBucket open_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<S3Bucket>> buckets_;
};

}  // namespace runpin
