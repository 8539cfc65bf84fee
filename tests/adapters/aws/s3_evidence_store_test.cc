#include "runpin/adapters/aws/s3_evidence_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/adapters/aws/s3_documents.h"
#include "tests/adapters/aws/aws_bench.h"
#include "tests/adapters/aws/endless_pages.h"
#include "tests/adapters/aws/fake_s3.h"

namespace runpin {
namespace {

using testing::AwsBench;
using testing::EndlessPages;
using testing::FakeS3;
using ::testing::HasSubstr;

using Instead = std::optional<Result<HttpResponse>>;

struct Stored {
  explicit Stored(HttpTransport& transport) : bench(transport) {}
  AwsBench bench;
  S3Bucket bucket{bench.client, AwsBench::settings(), "evidence", "eu-central-1"};
  S3EvidenceStore store{bucket, bench.world()};
};

struct Fixture {
  FakeS3 s3;
  AwsBench bench{s3};
  S3Bucket bucket{bench.client, AwsBench::settings(), "evidence", "eu-central-1"};
  S3EvidenceStore store{bucket, bench.world()};

  // Answers the first `times` PUTs with `answer`, before they are acted on.
  void refuse_puts(int times, Result<HttpResponse> answer) {
    s3.before = [times, answer](const HttpRequest& request) mutable -> Instead {
      if (request.method != "PUT" || times == 0) return std::nullopt;
      --times;
      return answer;
    };
  }
  // Acts on the first `times` PUTs and then answers with `answer`.
  void spoil_puts(int times, Result<HttpResponse> answer) {
    s3.after = [times, answer](const HttpRequest& request) mutable -> Instead {
      if (request.method != "PUT" || times == 0) return std::nullopt;
      --times;
      return answer;
    };
  }
};

const ObjectToWrite k_object{ObjectKey("a/b.json"), "{}"};

Result<HttpResponse> reset() {
  return fail(ErrorKind::k_unavailable, "the connection was reset while the answer was read");
}

TEST(S3EvidenceStore, CreatesAndReadsBack) {
  Fixture f;
  const auto put = f.store.create(k_object);
  ASSERT_TRUE(put) << one_line(put.error());
  EXPECT_EQ(put->outcome, PutOutcome::k_created);
  EXPECT_EQ(f.s3.objects.at("/evidence/a/b.json"), "{}");
  ASSERT_EQ(f.s3.requests.size(), 2u);
  EXPECT_EQ(f.s3.requests[0].headers.at("if-none-match"), "*");
  EXPECT_EQ(f.s3.requests[1].method, "GET");
}

TEST(S3EvidenceStore, TellsItsOwnBytesFromOthers) {
  Fixture f;
  ASSERT_TRUE(f.store.create(k_object));
  EXPECT_EQ(f.store.create(k_object)->outcome, PutOutcome::k_already_there);
  const auto other = f.store.create({k_object.key, "[]"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::k_conflict);
  EXPECT_EQ(f.s3.objects.at("/evidence/a/b.json"), "{}");
}

struct Doubt {
  const char* name;
  Result<HttpResponse> answer;
};

std::vector<Doubt> doubts() {
  return {{"reset", reset()},
          {"internal_error", FakeS3::error(500, "InternalError")},
          {"slow_down", FakeS3::error(503, "SlowDown")},
          {"bad_gateway", HttpResponse{502, {}, "<html>"}},
          {"gateway_timeout", HttpResponse{504, {}, ""}},
          {"too_many", HttpResponse{429, {}, ""}},
          {"request_timeout", FakeS3::error(400, "RequestTimeout")}};
}

class AnswerInDoubt : public ::testing::TestWithParam<Doubt> {};

TEST_P(AnswerInDoubt, IsReadBackAndTheWriteThatLandedIsTaken) {
  Fixture f;
  f.spoil_puts(1, GetParam().answer);
  const auto put = f.store.create(k_object);
  ASSERT_TRUE(put) << one_line(put.error());
  EXPECT_EQ(f.s3.count("PUT"), 1u);
}

TEST_P(AnswerInDoubt, IsReadBackAndTheWriteThatDidNotLandIsMadeAgain) {
  Fixture f;
  f.refuse_puts(2, GetParam().answer);
  const auto put = f.store.create(k_object);
  ASSERT_TRUE(put) << one_line(put.error());
  EXPECT_EQ(put->outcome, PutOutcome::k_created);
  EXPECT_EQ(f.s3.count("PUT"), 3u);
}

TEST_P(AnswerInDoubt, NeverHidesThatAnotherWriterWon) {
  Fixture f;
  f.s3.objects["/evidence/a/b.json"] = "other";
  f.refuse_puts(1, GetParam().answer);
  EXPECT_EQ(f.store.create(k_object).error().kind, ErrorKind::k_conflict);
}

TEST_P(AnswerInDoubt, EndsAsUnavailableWithinTheDeadline) {
  Fixture f;
  f.refuse_puts(1000, GetParam().answer);
  const auto put = f.store.create(k_object);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::k_unavailable);
  EXPECT_EQ(put.error().where, "a/b.json");
  EXPECT_LE(f.bench.ticks, std::chrono::seconds(30));
  EXPECT_LE(f.s3.count("PUT"), 10u);
  EXPECT_TRUE(f.s3.objects.empty());
}

INSTANTIATE_TEST_SUITE_P(All, AnswerInDoubt, ::testing::ValuesIn(doubts()),
                         [](const auto& doubt) { return doubt.param.name; });

TEST(S3EvidenceStore, TriesAgainWhileAnotherWriteIsUnderWay) {
  Fixture f;
  f.refuse_puts(3, FakeS3::error(409, "ConditionalRequestConflict"));
  EXPECT_TRUE(f.store.create(k_object));
  EXPECT_EQ(f.s3.count("PUT"), 4u);
  Fixture endless;
  endless.refuse_puts(1000, FakeS3::error(409, "ConditionalRequestConflict"));
  EXPECT_EQ(endless.store.create(k_object).error().kind, ErrorKind::k_unavailable);
}

struct Refusal {
  int status;
  const char* code;
  ErrorKind kind;
};

TEST(S3EvidenceStore, TakesARefusalForWhatItIsAndDoesNotRepeatIt) {
  const Refusal refusals[] = {{403, "AccessDenied", ErrorKind::k_denied},
                              {404, "NoSuchBucket", ErrorKind::k_not_found},
                              {400, "InvalidRequest", ErrorKind::k_denied},
                              {409, "InvalidBucketState", ErrorKind::k_denied},
                              {501, "NotImplemented", ErrorKind::k_denied}};
  for (const Refusal& refusal : refusals) {
    Fixture f;
    f.refuse_puts(1000, FakeS3::error(refusal.status, refusal.code));
    const auto put = f.store.create(k_object);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().kind, refusal.kind) << refusal.code;
    EXPECT_THAT(put.error().message, HasSubstr(refusal.code));
    EXPECT_EQ(f.s3.count("PUT"), 1u);
  }
}

TEST(S3EvidenceStore, SeesThatAStoreIgnoredTheConditionOrLostTheBytes) {
  Fixture overwritten;
  overwritten.s3.after = [&](const HttpRequest& request) -> Instead {
    if (request.method == "PUT") overwritten.s3.objects[request.path] = "another writer's";
    return std::nullopt;
  };
  EXPECT_EQ(overwritten.store.create(k_object).error().kind, ErrorKind::k_mismatch);
  Fixture lost;
  lost.s3.after = [&](const HttpRequest&) -> Instead {
    lost.s3.objects.clear();
    return std::nullopt;
  };
  EXPECT_EQ(lost.store.create(k_object).error().kind, ErrorKind::k_mismatch);
}

TEST(S3EvidenceStore, PublishesTheMarkerLast) {
  Fixture f;
  std::vector<ObjectToWrite> artifacts;
  for (int i = 0; i < 20; ++i)
    artifacts.push_back({ObjectKey("r/" + std::to_string(i)), std::to_string(i)});
  const auto stored = f.store.publish(artifacts, {ObjectKey("r/summary"), "done"});
  ASSERT_TRUE(stored) << one_line(stored.error());
  ASSERT_EQ(stored->size(), 21u);
  for (int i = 0; i < 20; ++i) EXPECT_EQ((*stored)[i].bytes, std::to_string(i));
  EXPECT_EQ(stored->back().key, ObjectKey("r/summary"));
  ASSERT_EQ(f.s3.requests.size(), 42u);
  EXPECT_EQ(f.s3.requests[40].path, "/evidence/r/summary");
  EXPECT_EQ(f.s3.requests[41].path, "/evidence/r/summary");
}

TEST(S3EvidenceStore, WritesNoMarkerWhereAnArtifactIsMissing) {
  Fixture f;
  f.s3.before = [](const HttpRequest& request) -> Instead {
    if (request.path != "/evidence/r/3") return std::nullopt;
    return FakeS3::error(403, "AccessDenied");
  };
  std::vector<ObjectToWrite> artifacts;
  for (int i = 0; i < 10; ++i) artifacts.push_back({ObjectKey("r/" + std::to_string(i)), "x"});
  const auto stored = f.store.publish(artifacts, {ObjectKey("r/summary"), "done"});
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().where, "r/3");
  EXPECT_EQ(f.s3.objects.count("/evidence/r/summary"), 0u);
}

TEST(S3EvidenceStore, WritesNoMarkerWhereItsTermsDoNotHold) {
  Fixture f;
  ASSERT_TRUE(f.store.create({ObjectKey("r/successor"), "x"}));
  const std::vector<ObjectToWrite> artifacts{{ObjectKey("r/a"), "A"}};
  const ObjectToWrite marker{ObjectKey("r/summary"), "done"};
  const auto refuse = []() -> Result<void> { return fail(ErrorKind::k_mismatch, "not as told"); };
  EXPECT_EQ(f.store.publish(artifacts, marker, {ObjectKey("r/successor"), {}}).error().kind,
            ErrorKind::k_superseded);
  EXPECT_EQ(f.store.publish(artifacts, marker, {{}, refuse}).error().kind, ErrorKind::k_mismatch);
  EXPECT_EQ(f.s3.objects.count("/evidence/r/summary"), 0u);
  EXPECT_TRUE(
      f.store.publish(artifacts, marker, {ObjectKey("r/nobody"), [] { return Result<void>(); }}));
}

TEST(S3EvidenceStore, RefusesKeysThatAreNone) {
  Fixture f;
  for (const std::string& key :
       {std::string(), std::string("/a"), std::string(1025, 'k'), std::string("\xff")})
    EXPECT_EQ(f.store.create({ObjectKey(key), "x"}).error().kind, ErrorKind::k_usage);
  EXPECT_TRUE(f.s3.requests.empty());
  EXPECT_TRUE(f.store.create({ObjectKey(std::string(1024, 'k')), "x"}));
}

TEST(S3EvidenceStore, SaysAbsentOnlyWhenTheStoreSaysSo) {
  Fixture f;
  EXPECT_FALSE(f.store.get(k_object.key)->has_value());
  EXPECT_FALSE(f.store.head(k_object.key)->has_value());
  for (const char* code : {"NoSuchBucket", "NoSuchUpload"}) {
    Fixture gone;
    gone.s3.before = [&](const HttpRequest& request) -> Instead {
      if (request.method == "HEAD") return HttpResponse{404, {}, ""};
      return FakeS3::error(404, code);
    };
    EXPECT_EQ(gone.store.get(k_object.key).error().kind, ErrorKind::k_not_found);
    EXPECT_EQ(gone.store.head(k_object.key).error().kind, ErrorKind::k_not_found);
    EXPECT_EQ(gone.store.check_reachable().error().kind, ErrorKind::k_not_found);
  }
}

TEST(S3EvidenceStore, LearnsWhyAHeadWasRefused) {
  Fixture f;
  f.s3.before = [](const HttpRequest& request) -> Instead {
    if (request.method == "HEAD") return HttpResponse{403, {}, ""};
    return FakeS3::error(403, "SignatureDoesNotMatch");
  };
  for (const Error& error :
       {f.store.head(k_object.key).error(), f.store.check_reachable().error()}) {
    EXPECT_EQ(error.kind, ErrorKind::k_denied);
    EXPECT_THAT(error.message, HasSubstr("SignatureDoesNotMatch"));
    EXPECT_THAT(error.fix, HasSubstr("secret access key"));
  }
}

TEST(S3EvidenceStore, ReadsSizeAndTagOfAHead) {
  Fixture f;
  f.s3.objects["/evidence/a/b.json"] = "12345";
  const auto head = f.store.head(k_object.key);
  ASSERT_TRUE(head && *head);
  EXPECT_EQ((*head)->size, 5u);
  EXPECT_EQ((*head)->etag, "\"e\"");
}

// --- Listing ---

std::string object_page(const std::vector<std::string>& keys, const std::string& next) {
  std::string xml = "<ListBucketResult>";
  for (const std::string& key : keys) xml += "<Contents><Key>" + key + "</Key></Contents>";
  xml += next.empty() ? "<IsTruncated>false</IsTruncated>"
                      : "<IsTruncated>true</IsTruncated><NextContinuationToken>" + next +
                            "</NextContinuationToken>";
  return xml + "</ListBucketResult>";
}

std::string query_of(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.query)
    if (key == name) return value;
  return "";
}

TEST(S3EvidenceStore, ListsToTheLastPageAndNoFurtherThanItsLimit) {
  Fixture f;
  f.s3.before = [](const HttpRequest& request) -> Instead {
    const std::string token = query_of(request, "continuation-token");
    const std::string xml = token.empty()    ? object_page({"a", "b"}, "two")
                            : token == "two" ? object_page({"c", "d"}, "three")
                                             : object_page({"e"}, "");
    return HttpResponse{200, {}, xml};
  };
  EXPECT_EQ(f.store.list("", 0)->size(), 5u);
  EXPECT_EQ(f.s3.requests.size(), 3u);
  EXPECT_EQ(f.store.list("", 2)->size(), 2u);
  EXPECT_EQ(f.s3.requests.size(), 4u);
  EXPECT_EQ(query_of(f.s3.requests.back(), "max-keys"), "2");
  EXPECT_EQ(f.store.list("", 3)->size(), 3u);
}

std::string version_page(const std::string& versions, const std::string& next = "") {
  const std::string end =
      next.empty() ? "<IsTruncated>false</IsTruncated>"
                   : "<IsTruncated>true</IsTruncated><NextKeyMarker>" + next + "</NextKeyMarker>";
  return "<ListVersionsResult>" + versions + end + "</ListVersionsResult>";
}

TEST(S3EvidenceStore, EndsWhateverItsListingsNameNext) {
  for (const bool fresh : {false, true}) {
    EndlessPages of_objects(fresh, [](const std::string& token) { return object_page({}, token); });
    EXPECT_EQ(Stored(of_objects).store.list("", 0).error().kind, ErrorKind::k_malformed);
    EndlessPages of_versions(fresh,
                             [](const std::string& token) { return version_page("", token); });
    EXPECT_EQ(Stored(of_versions).store.list_versions("").error().kind, ErrorKind::k_malformed);
  }
}

std::string version(const char* id, bool latest) {
  return std::string("<Version><Key>a</Key><VersionId>") + id + "</VersionId><IsLatest>" +
         (latest ? "true" : "false") + "</IsLatest></Version>";
}

TEST(S3EvidenceStore, RefusesVersionsOfWhichNotOneIsTheLatest) {
  Fixture f;
  const auto listed = [&](const std::string& xml) {
    f.s3.before = [=](const HttpRequest&) -> Instead { return HttpResponse{200, {}, xml}; };
    return f.store.list_versions("");
  };
  EXPECT_EQ(listed(version_page(version("1", false) + version("2", true)))->size(), 2u);
  for (const std::string& versions : {version("1", false), version("1", true) + version("2", true),
                                      version("1", false) + version("2", false)})
    EXPECT_EQ(listed(version_page(versions)).error().kind, ErrorKind::k_malformed) << versions;
}

// --- Regions ---

struct Redirect {
  const char* name;
  HttpResponse answer;
};

std::vector<Redirect> redirects() {
  HttpResponse bare{301, {{"x-amz-bucket-region", "ap-south-1"}}, ""};
  return {{"permanent", FakeS3::error(301, "PermanentRedirect", "<Region>ap-south-1</Region>")},
          {"malformed_authorization",
           FakeS3::error(400, "AuthorizationHeaderMalformed", "<Region>ap-south-1</Region>")},
          {"header_alone", bare}};
}

class RegionRedirect : public ::testing::TestWithParam<Redirect> {};

TEST_P(RegionRedirect, IsFollowedOnceAndRemembered) {
  Fixture f;
  f.s3.before = [&](const HttpRequest& request) -> Instead {
    const bool right =
        request.headers.at("authorization").find("/ap-south-1/s3/") != std::string::npos;
    return right ? Instead() : Instead(GetParam().answer);
  };
  ASSERT_TRUE(f.store.create(k_object));
  EXPECT_EQ(f.s3.requests.size(), 3u);
  ASSERT_TRUE(f.store.get(k_object.key));
  EXPECT_EQ(f.s3.requests.size(), 4u);
}

TEST_P(RegionRedirect, ThatLeadsInACircleEnds) {
  Fixture f;
  bool there = false;
  f.s3.before = [&](const HttpRequest&) -> Instead {
    there = !there;
    HttpResponse answer = GetParam().answer;
    answer.headers["x-amz-bucket-region"] = there ? "ap-south-1" : "eu-central-1";
    return answer;
  };
  EXPECT_EQ(f.store.get(k_object.key).error().kind, ErrorKind::k_denied);
  EXPECT_EQ(f.s3.requests.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(All, RegionRedirect, ::testing::ValuesIn(redirects()),
                         [](const auto& redirect) { return redirect.param.name; });

// --- Objects by URI ---

class NoFiles final : public Documents {
 public:
  Result<Bytes> read(const std::string& path) override { return "file " + path; }
  Result<void> check_appendable(const std::string&) override { return {}; }
  Result<void> append_once(const std::string&, ByteView, ByteView) override { return {}; }
};

TEST(S3Documents, ReadUrisFromTheirBucketAndPathsFromTheFiles) {
  FakeS3 s3;
  AwsBench bench{s3};
  NoFiles files;
  int opened = 0;
  S3Documents documents(files, [&](const std::string& name) -> Result<std::unique_ptr<S3Bucket>> {
    ++opened;
    return std::make_unique<S3Bucket>(bench.client, AwsBench::settings(), name, "eu-central-1");
  });
  s3.objects["/costs/2026/focus.csv"] = "csv";
  EXPECT_EQ(*documents.read("inputs/a.csv"), "file inputs/a.csv");
  EXPECT_EQ(opened, 0);
  EXPECT_EQ(*documents.read("s3://costs/2026/focus.csv"), "csv");
  const auto absent = documents.read("s3://costs/2026/other.csv");
  EXPECT_EQ(absent.error().kind, ErrorKind::k_not_found);
  EXPECT_EQ(absent.error().where, "s3://costs/2026/other.csv");
  EXPECT_EQ(opened, 1);
  for (const char* uri : {"s3://", "s3://b", "s3://b/", "s3:///k"})
    EXPECT_EQ(documents.read(uri).error().kind, ErrorKind::k_config) << uri;
}

}  // namespace
}  // namespace runpin
