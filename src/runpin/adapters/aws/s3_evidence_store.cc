#include "runpin/adapters/aws/s3_evidence_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/adapters/aws/backoff.h"
#include "runpin/adapters/aws/page_walk.h"
#include "runpin/adapters/aws/parallel.h"
#include "runpin/canon/digest.h"

namespace runpin {
namespace {

constexpr std::size_t k_max_key_bytes = 1024;
constexpr const char* k_write_permission = "s3:PutObject";

Result<void> check_key(const ObjectKey& key) {
  const std::string& text = key.str();
  const char* fault = text.empty()                    ? "is empty"
                      : text.size() > k_max_key_bytes ? "is longer than 1,024 bytes"
                      : text.front() == '/'           ? "begins with '/'"
                      : !is_utf8(text)                ? "is not UTF-8"
                                                      : nullptr;
  if (!fault) return {};
  return fail(ErrorKind::k_usage, fmt::format("the object key {}", fault),
              is_utf8(text) ? text.substr(0, 80) : "",
              "use 1 to 1,024 bytes of UTF-8, no leading '/'");
}

// What a PUT's answer says of the object.
enum class PutAnswer {
  k_written,
  k_exists,     // 412
  k_try_again,  // 409: another write of this key was under way
  k_in_doubt,   // it may have been written
  k_refused
};

PutAnswer read_put_answer(const Result<HttpResponse>& answer) {
  if (!answer)
    return answer.error().kind == ErrorKind::k_unavailable ? PutAnswer::k_in_doubt
                                                           : PutAnswer::k_refused;
  const int status = answer->status;
  if (status == 200) return PutAnswer::k_written;
  if (status == 412) return PutAnswer::k_exists;
  if (status == 409) {
    const std::string code = xml_error(*answer).code;
    const bool passing = code == "ConditionalRequestConflict" || code == "OperationAborted";
    return passing ? PutAnswer::k_try_again : PutAnswer::k_refused;
  }
  const bool in_doubt = status == 408 || status == 429 || (status >= 500 && status != 501) ||
                        (status == 400 && xml_error(*answer).code == "RequestTimeout");
  return in_doubt ? PutAnswer::k_in_doubt : PutAnswer::k_refused;
}

Error unknown_outcome(const ObjectToWrite& object, const Error& last) {
  return {ErrorKind::k_unavailable,
          fmt::format("the write got no answer that says whether it landed: {}", last.message),
          object.key.str(), last.fix.empty() ? "try again later" : last.fix};
}

}  // namespace

RetryPolicy patience_of_writes(const RetryPolicy& of_calls) {
  RetryPolicy patience = of_calls;
  ++patience.max_attempts;
  patience.deadline += of_calls.deadline / 2;
  return patience;
}

Result<S3EvidenceStore::Landed> S3EvidenceStore::read_back(const ObjectToWrite& object,
                                                           Landed landed) {
  auto back = bucket_.get(object.key);
  if (!back) return tl::unexpected(back.error());
  if (!*back || (*back)->bytes != object.bytes)
    return fail(
        ErrorKind::k_mismatch,
        fmt::format("the bytes read back are not the bytes written: expected SHA-256 {}, found {}",
                    sha256(object.bytes).str(), *back ? sha256((*back)->bytes).str() : "no object"),
        object.key.str(),
        "run `runpin probe-store`: another writer, or a store that does not keep write-once");
  if (landed.etag.empty()) landed.etag = (*back)->etag;
  landed.stored = std::move(**back);
  return landed;
}

// What stands under the key now: these bytes (the write has landed), none (nothing), or others
// (k_conflict).
Result<std::optional<S3EvidenceStore::Landed>> S3EvidenceStore::judge_standing(
    const ObjectToWrite& object) {
  auto standing = bucket_.get(object.key);
  if (!standing) return tl::unexpected(standing.error());
  if (!*standing) return std::nullopt;
  if ((*standing)->bytes == object.bytes)
    return Landed{PutOutcome::k_already_there, (*standing)->etag, std::move(**standing)};
  return fail(ErrorKind::k_conflict,
              fmt::format("other bytes stand there: expected SHA-256 {}, found {}",
                          sha256(object.bytes).str(), sha256((*standing)->bytes).str()),
              object.key.str(), "use a new run; what is written once is never replaced");
}

Result<S3EvidenceStore::Landed> S3EvidenceStore::land(const ObjectToWrite& object) {
  if (auto valid = check_key(object.key); !valid) return tl::unexpected(valid.error());
  Backoff backoff(world_, patience_);
  for (;;) {
    const auto answer = bucket_.send(
        [&](const S3Address& to) { return put_object_if_absent(to, object.key, object.bytes); },
        Repeatable::k_in_doubt);
    const PutAnswer says = read_put_answer(answer);
    if (says == PutAnswer::k_written) {
      Landed landed{PutOutcome::k_created, answer->header("etag"), {}};
      if (answer->header(k_s3_checksum_header) == base64_sha256(object.bytes)) return landed;
      return read_back(object, std::move(landed));
    }
    Error error = answer
                      ? bucket_.refusal(*answer, "PutObject", k_write_permission, object.key.str())
                      : answer.error();
    if (says == PutAnswer::k_refused) {
      if (error.where.empty()) error.where = object.key.str();
      return tl::unexpected(std::move(error));
    }
    if (says != PutAnswer::k_try_again) {
      auto standing = judge_standing(object);
      if (standing && *standing) return *std::move(*standing);
      if (!standing && standing.error().kind != ErrorKind::k_unavailable)
        return tl::unexpected(standing.error());
      if (!standing) error = standing.error();
    }
    world_.log(fmt::format("{}: will be tried again: {}", object.key.str(), error.message));
    if (!backoff.wait()) return tl::unexpected(unknown_outcome(object, error));
  }
}

Result<PutResult> S3EvidenceStore::create(const ObjectToWrite& object) {
  auto landed = land(object);
  if (!landed) return tl::unexpected(landed.error());
  return PutResult{landed->outcome, landed->etag};
}

Result<std::vector<StoredObject>> S3EvidenceStore::publish(std::span<const ObjectToWrite> artifacts,
                                                           const ObjectToWrite& marker,
                                                           const CommitTerms& terms) {
  for (const ObjectToWrite& artifact : artifacts)
    if (auto valid = check_key(artifact.key); !valid) return tl::unexpected(valid.error());
  if (auto valid = check_key(marker.key); !valid) return tl::unexpected(valid.error());
  std::vector<Result<Landed>> landed(artifacts.size());
  Result<std::optional<ObjectHead>> standing;
  Result<void> provided;
  for_each_in_parallel(artifacts.size() + 2, [&](std::size_t i) {
    if (i < artifacts.size())
      landed[i] = land(artifacts[i]);
    else if (i == artifacts.size() && !terms.unless.empty())
      standing = head(terms.unless);
    else if (i > artifacts.size() && terms.provided)
      provided = terms.provided();
  });
  for (const Result<Landed>& one : landed)
    if (!one) return tl::unexpected(one.error());
  if (!standing) return tl::unexpected(standing.error());
  if (*standing)
    return fail(ErrorKind::k_superseded, "this object stands there", terms.unless.str());
  if (!provided) return tl::unexpected(provided.error());
  landed.push_back(land(marker));
  if (!landed.back()) return tl::unexpected(landed.back().error());
  std::vector<StoredObject> stored;
  for (std::size_t i = 0; i < landed.size(); ++i) {
    const ObjectToWrite& object = i < artifacts.size() ? artifacts[i] : marker;
    stored.push_back(landed[i]->stored
                         ? *std::move(landed[i]->stored)
                         : StoredObject{object.key, object.bytes, landed[i]->etag, false});
  }
  return stored;
}

Result<std::optional<StoredObject>> S3EvidenceStore::get(const ObjectKey& key) {
  if (auto valid = check_key(key); !valid) return tl::unexpected(valid.error());
  return bucket_.get(key);
}

Result<std::optional<ObjectHead>> S3EvidenceStore::head(const ObjectKey& key) {
  if (auto valid = check_key(key); !valid) return tl::unexpected(valid.error());
  return bucket_.head(key);
}

Result<std::vector<ObjectKey>> S3EvidenceStore::list(const std::string& prefix, std::size_t limit) {
  std::vector<ObjectKey> keys;
  PageWalk<std::string> walk;
  while (true) {
    const std::size_t wanted = limit == 0 ? k_s3_page : std::min(limit - keys.size(), k_s3_page);
    const auto answer = bucket_.send(
        [&](const S3Address& to) { return list_objects(to, prefix, wanted, walk.token()); });
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status != 200)
      return tl::unexpected(bucket_.refusal(*answer, "ListObjectsV2", "s3:ListBucket", prefix));
    const Asked asked{"S3", "ListObjectsV2", "s3:ListBucket", prefix};
    auto page = parse_object_page(answer->body);
    if (!page) return tl::unexpected(malformed_answer(asked, page.error()));
    std::move(page->keys.begin(), page->keys.end(), std::back_inserter(keys));
    if (!page->next || (limit != 0 && keys.size() >= limit)) break;
    if (const auto moved = walk.move_on(*std::move(page->next)); !moved)
      return tl::unexpected(malformed_answer(asked, moved.error()));
  }
  std::sort(keys.begin(), keys.end());
  if (limit != 0 && keys.size() > limit) keys.resize(limit);
  return keys;
}

Result<std::vector<ObjectVersion>> S3EvidenceStore::list_versions(const std::string& prefix) {
  std::vector<ListedVersion> versions;
  const Asked asked{"S3", "ListObjectVersions", "s3:ListBucketVersions", prefix};
  PageWalk<VersionMarker> walk;
  while (true) {
    const auto answer = bucket_.send(
        [&](const S3Address& to) { return list_object_versions(to, prefix, walk.token()); });
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status != 200)
      return tl::unexpected(bucket_.refusal(*answer, asked.operation, asked.permission, prefix));
    auto page = parse_version_page(answer->body);
    if (!page) return tl::unexpected(malformed_answer(asked, page.error()));
    std::move(page->versions.begin(), page->versions.end(), std::back_inserter(versions));
    if (!page->next) break;
    if (const auto moved = walk.move_on(*std::move(page->next)); !moved)
      return tl::unexpected(malformed_answer(asked, moved.error()));
  }
  if (const auto whole = check_latest(versions); !whole)
    return tl::unexpected(malformed_answer(asked, whole.error()));
  return oldest_first(std::move(versions));
}

}  // namespace runpin
