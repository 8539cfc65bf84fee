#include "runpin/adapters/aws/s3_documents.h"

namespace runpin {
namespace {

constexpr std::string_view k_scheme = "s3://";

}  // namespace

Result<S3Uri> parse_s3_uri(const std::string& text) {
  const std::size_t slash = text.find('/', k_scheme.size());
  const bool whole = text.starts_with(k_scheme) && slash != std::string::npos &&
                     slash > k_scheme.size() && slash + 1 < text.size();
  if (!whole)
    return fail(ErrorKind::k_config, "expected s3://BUCKET/KEY", text,
                "write the object's whole URI");
  return S3Uri{text.substr(k_scheme.size(), slash - k_scheme.size()),
               ObjectKey(text.substr(slash + 1))};
}

Result<S3Bucket*> S3Documents::bucket(const std::string& name) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<S3Bucket>& slot = buckets_[name];
  if (!slot) {
    auto opened = open_(name);
    if (!opened) return tl::unexpected(opened.error());
    slot = *std::move(opened);
  }
  return slot.get();
}

Result<Bytes> S3Documents::read(const std::string& path) {
  if (!path.starts_with(k_scheme)) return files_.read(path);
  const auto uri = parse_s3_uri(path);
  if (!uri) return tl::unexpected(uri.error());
  const auto from = bucket(uri->bucket);
  if (!from) return tl::unexpected(from.error());
  auto object = (*from)->get(uri->key);
  if (!object) {
    object.error().where = path;
    return tl::unexpected(object.error());
  }
  if (!*object)
    return fail(ErrorKind::k_not_found, "no such object", path, "put it there, or name another");
  return std::move((*object)->bytes);
}

}  // namespace runpin
