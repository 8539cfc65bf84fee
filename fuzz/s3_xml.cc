// What S3 and STS answer with: XML.
#include <algorithm>

#include "fuzz/property.h"
#include "runpin/adapters/aws/s3_answers.h"
#include "runpin/adapters/aws/service_error.h"
#include "runpin/adapters/aws/sts_caller.h"
#include "runpin/adapters/aws/sts_credentials.h"

namespace runpin::fuzz {
namespace {

void must_be_told(const std::string& flaw) {
  must(!flaw.empty() && flaw.find('\n') == std::string::npos, "a flaw is told in one line");
}

std::string flag(bool value) {
  return value ? "true" : "false";
}

std::string element(const std::string& name, const std::string& content) {
  return "<" + name + ">" + content + "</" + name + ">";
}

// As S3 lists with encoding-type=url.
std::string rendered(const ObjectPage& page) {
  std::string xml = element("EncodingType", "url") + element("IsTruncated", flag(!!page.next));
  for (const ObjectKey& key : page.keys)
    xml += element("Contents", element("Key", percent_encode(key.str(), true)));
  return element("ListBucketResult", xml);
}

std::string rendered(const VersionPage& page) {
  std::string xml = element("EncodingType", "url") + element("IsTruncated", flag(!!page.next));
  if (page.next) xml += element("NextKeyMarker", percent_encode(page.next->key, true));
  for (const ListedVersion& listed : page.versions)
    xml += element(listed.version.is_delete_marker ? "DeleteMarker" : "Version",
                   element("Key", percent_encode(listed.version.key.str(), true)) +
                       element("VersionId", percent_encode(listed.version.version_id, true)) +
                       element("IsLatest", flag(listed.version.is_latest)));
  return element("ListVersionsResult", xml);
}

void must_be_a_key(const ObjectKey& key) {
  must(!key.empty(), "a listed key is not empty");
  must(is_utf8(key.str()), "a listed key is UTF-8");
}

void examine_objects(std::string_view xml) {
  const auto page = parse_object_page(xml);
  if (!page) return must_be_told(page.error());
  for (const ObjectKey& key : page->keys) must_be_a_key(key);
  must(!page->next || !page->next->empty(), "a listing that goes on says where");
  ObjectPage whole = *page;
  whole.next.reset();
  const auto again = parse_object_page(rendered(whole));
  must(again && again->keys == page->keys, "listed keys read back");
}

void examine_versions(std::string_view xml) {
  const auto page = parse_version_page(xml);
  if (!page) return must_be_told(page.error());
  for (const ListedVersion& listed : page->versions) must_be_a_key(listed.version.key);
  const auto again = parse_version_page(rendered(*page));
  must(again && again->versions.size() == page->versions.size(), "listed versions read back");
  for (std::size_t i = 0; i < page->versions.size(); ++i)
    must(again->versions[i].version.key == page->versions[i].version.key, "as they were listed");
  const auto sorted = oldest_first(page->versions);
  must(sorted.size() == page->versions.size(), "every version that is listed counts");
  must(std::is_sorted(sorted.begin(), sorted.end(),
                      [](const auto& a, const auto& b) { return a.key < b.key; }),
       "versions stand by key");
}

}  // namespace

void examine(std::string_view input) {
  examine_objects(input);
  examine_versions(input);
  if (const auto caller = parse_caller_identity(input); !caller) must_be_told(caller.error());
  if (const auto keys = parse_sts_credentials(input); !keys) must_be_told(keys.error());
  const ServiceError said = xml_error({403, {}, std::string(input)});
  const Error error = error_of({"S3", "PutObject", "s3:PutObject", "key"}, 403, said);
  must(error.message.find('\n') == std::string::npos, "a refusal is told in one line");
}

}  // namespace runpin::fuzz
