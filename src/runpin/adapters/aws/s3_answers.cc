#include "runpin/adapters/aws/s3_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include "runpin/adapters/aws/xml_root.h"

namespace runpin {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

class Listing {
 public:
  static Parsed<Listing> parse(ByteView xml, const char* root_name) {
    Listing listing;
    const auto root = xml_root(*listing.document_, xml);
    if (!root) return flaw(root.error());
    listing.root_ = *root;
    if (std::string_view(listing.root_.name()) != root_name)
      return flaw(fmt::format("expected <{}>", root_name));
    listing.encoded_ = std::string_view(listing.root_.child_value("EncodingType")) == "url";
    return listing;
  }

  pugi::xml_node root() const { return root_; }

  Parsed<std::string> text(pugi::xml_node node, const char* name) const {
    const pugi::xml_node child = node.child(name);
    if (!child) return flaw(fmt::format("<{}> lacks <{}>", node.name(), name));
    return std::string(child.child_value());
  }

  Parsed<bool> flag(pugi::xml_node node, const char* name) const {
    const auto value = text(node, name);
    if (!value) return flaw(value.error());
    if (*value != "true" && *value != "false")
      return flaw(fmt::format("<{}> is neither true nor false", name));
    return *value == "true";
  }

  // A key, which S3 encodes when asked to.
  Parsed<std::string> name(pugi::xml_node node, const char* element) const {
    const auto value = text(node, element);
    if (!value) return value;
    const auto decoded = encoded_ ? url_decode(*value) : std::optional(*value);
    if (!decoded || !is_utf8(*decoded))
      return flaw(fmt::format("<{}> is not {}UTF-8", element, encoded_ ? "URL-encoded " : ""));
    if (decoded->empty()) return flaw(fmt::format("<{}> is empty", element));
    return *decoded;
  }

 private:
  Listing() : document_(std::make_shared<pugi::xml_document>()) {}
  std::shared_ptr<pugi::xml_document> document_;
  pugi::xml_node root_;
  bool encoded_ = false;
};

Parsed<ListedVersion> read_version(const Listing& listing, pugi::xml_node node, bool deleted) {
  const auto key = listing.name(node, "Key");
  if (!key) return flaw(key.error());
  const auto id = listing.text(node, "VersionId");
  if (!id) return flaw(id.error());
  if (id->empty()) return flaw("<VersionId> is empty");
  const auto latest = listing.flag(node, "IsLatest");
  if (!latest) return flaw(latest.error());
  return ListedVersion{{ObjectKey(*key), *id, deleted, *latest}, node.child_value("LastModified")};
}

}  // namespace

std::optional<std::string> url_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

Parsed<ObjectPage> parse_object_page(ByteView xml) {
  const auto listing = Listing::parse(xml, "ListBucketResult");
  if (!listing) return flaw(listing.error());
  ObjectPage page;
  for (const pugi::xml_node node : listing->root().children("Contents")) {
    auto key = listing->name(node, "Key");
    if (!key) return flaw(key.error());
    page.keys.emplace_back(*std::move(key));
  }
  const auto truncated = listing->flag(listing->root(), "IsTruncated");
  if (!truncated) return flaw(truncated.error());
  if (!*truncated) return page;
  const std::string next = listing->root().child_value("NextContinuationToken");
  if (next.empty()) return flaw("the listing is cut off without a NextContinuationToken");
  page.next = next;
  return page;
}

Parsed<VersionPage> parse_version_page(ByteView xml) {
  const auto listing = Listing::parse(xml, "ListVersionsResult");
  if (!listing) return flaw(listing.error());
  VersionPage page;
  for (const pugi::xml_node node : listing->root().children()) {
    const std::string_view name = node.name();
    if (name != "Version" && name != "DeleteMarker") continue;
    auto version = read_version(*listing, node, name == "DeleteMarker");
    if (!version) return flaw(version.error());
    page.versions.push_back(*std::move(version));
  }
  const auto truncated = listing->flag(listing->root(), "IsTruncated");
  if (!truncated) return flaw(truncated.error());
  if (!*truncated) return page;
  const auto key = listing->name(listing->root(), "NextKeyMarker");
  if (!key || key->empty()) return flaw("the listing is cut off without a NextKeyMarker");
  page.next = VersionMarker{*key, listing->root().child_value("NextVersionIdMarker")};
  return page;
}

Parsed<void> check_latest(const std::vector<ListedVersion>& listed) {
  std::map<ObjectKey, int> latest_of;
  for (const ListedVersion& entry : listed)
    latest_of[entry.version.key] += entry.version.is_latest ? 1 : 0;
  for (const auto& [key, latest] : latest_of)
    if (latest != 1) return flaw(fmt::format("it calls {} versions of one key the latest", latest));
  return {};
}

std::vector<ObjectVersion> oldest_first(std::vector<ListedVersion> listed) {
  std::reverse(listed.begin(), listed.end());
  std::stable_sort(listed.begin(), listed.end(), [](const auto& a, const auto& b) {
    return std::tie(a.version.key, a.version.is_latest, a.last_modified) <
           std::tie(b.version.key, b.version.is_latest, b.last_modified);
  });
  std::vector<ObjectVersion> versions;
  for (ListedVersion& entry : listed) versions.push_back(std::move(entry.version));
  return versions;
}

}  // namespace runpin
