// Amazon S3 answers as values. Each parser takes the body of a 200. Nothing is guessed: a listing
// that says it goes on, but not where, is flawed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runpin/adapters/aws/parsed.h"
#include "runpin/adapters/aws/s3_requests.h"
#include "runpin/ports/evidence_store.h"

namespace runpin {

// "a%2Bb+c" -> "a+b c"; nothing for a broken escape.
std::optional<std::string> url_decode(std::string_view text);

struct ObjectPage {
  std::vector<ObjectKey> keys;
  std::optional<std::string> next;  // continuation token; nothing on the last page
};
Parsed<ObjectPage> parse_object_page(ByteView xml);

struct ListedVersion {
  ObjectVersion version;
  std::string last_modified;  // "2026-02-23T17:43:07.000Z"
};
struct VersionPage {
  std::vector<ListedVersion> versions;  // as listed: of one key the newest first
  std::optional<VersionMarker> next;
};
Parsed<VersionPage> parse_version_page(ByteView xml);

// A whole listing, all its pages: of each key exactly one version or delete marker is the latest.
Parsed<void> check_latest(const std::vector<ListedVersion>& listed);

// By key, and of one key the oldest first. S3 lists the newest first; others list versions and
// delete markers apart.
std::vector<ObjectVersion> oldest_first(std::vector<ListedVersion> listed);

}  // namespace runpin
