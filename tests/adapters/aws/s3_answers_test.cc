// Answers as docs.aws.amazon.com/AmazonS3/latest/API shows them.
#include "runpin/adapters/aws/s3_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runpin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string listing(const std::string& inside) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix/>
  <KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>)" +
         inside + "</ListBucketResult>";
}

std::string versions(const std::string& inside) {
  return R"(<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>)" +
         inside + "</ListVersionsResult>";
}

std::string version(const char* element, const char* key, const char* id, bool latest,
                    const char* modified) {
  return std::string("<") + element + "><Key>" + key + "</Key><VersionId>" + id +
         "</VersionId><IsLatest>" + (latest ? "true" : "false") + "</IsLatest><LastModified>" +
         modified + "</LastModified></" + element + ">";
}

TEST(S3Answers, ReadAPageOfObjects) {
  const auto page = parse_object_page(listing(
      "<IsTruncated>false</IsTruncated><Contents><Key>a/1</Key><Size>3</Size></Contents>"
      "<Contents><Key>a &amp; b &lt;é&gt;</Key></Contents><Contents><Key> </Key></Contents>"));
  ASSERT_TRUE(page) << page.error();
  EXPECT_THAT(page->keys, ElementsAre(ObjectKey("a/1"), ObjectKey("a & b <é>"), ObjectKey(" ")));
  EXPECT_FALSE(page->next);
}

TEST(S3Answers, DecodeKeysOnlyWhereTheAnswerSaysThatTheyAreEncoded) {
  const std::string contents =
      "<IsTruncated>false</IsTruncated><Contents><Key>a%2Bb+c%0A%E2%82%AC</Key></Contents>";
  EXPECT_THAT(parse_object_page(listing("<EncodingType>url</EncodingType>" + contents))->keys,
              ElementsAre(ObjectKey("a+b c\n€")));
  EXPECT_THAT(parse_object_page(listing(contents))->keys,
              ElementsAre(ObjectKey("a%2Bb+c%0A%E2%82%AC")));
}

TEST(S3Answers, NameWhereAListingGoesOn) {
  const auto page = parse_object_page(listing(
      "<IsTruncated>true</IsTruncated><NextContinuationToken>1ueGc=</NextContinuationToken>"));
  EXPECT_EQ(page->next, "1ueGc=");
  const auto next = parse_version_page(versions(
      "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
      "<NextKeyMarker>a+%2F</NextKeyMarker><NextVersionIdMarker>v9</NextVersionIdMarker>"));
  EXPECT_EQ(next->next, (VersionMarker{"a /", "v9"}));
}

TEST(S3Answers, OrderVersionsAndDeleteMarkersByKeyOldestFirst) {
  // As S3 lists them, newest first; and as others do, delete markers apart.
  const std::string newest = version("DeleteMarker", "a", "v3", true, "2026-02-23T17:43:09.000Z");
  const std::string middle = version("Version", "a", "v2", false, "2026-02-23T17:43:07.000Z");
  const std::string oldest = version("Version", "a", "v1", false, "2026-02-23T17:43:07.000Z");
  const std::string other = version("Version", "b", "null", true, "2026-02-22T00:00:00.000Z");
  const std::string end = "<IsTruncated>false</IsTruncated>";
  for (const std::string& xml :
       {newest + middle + oldest + other + end, middle + oldest + other + newest + end}) {
    const auto page = parse_version_page(versions(xml));
    ASSERT_TRUE(page) << page.error();
    const auto ordered = oldest_first(page->versions);
    ASSERT_EQ(ordered.size(), 4u);
    EXPECT_EQ(ordered[0].version_id, "v1");
    EXPECT_EQ(ordered[1].version_id, "v2");
    EXPECT_EQ(ordered[2].version_id, "v3");
    EXPECT_TRUE(ordered[2].is_delete_marker && ordered[2].is_latest);
    EXPECT_EQ(ordered[3].key, ObjectKey("b"));
    EXPECT_EQ(ordered[3].version_id, "null");
  }
}

struct Flawed {
  const char* name;
  std::string xml;
  const char* flaw;
};

class FlawedListing : public ::testing::TestWithParam<Flawed> {};

TEST_P(FlawedListing, IsRefusedForItsFlaw) {
  const auto page = parse_object_page(GetParam().xml);
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error(), HasSubstr(GetParam().flaw));
}

INSTANTIATE_TEST_SUITE_P(
    All, FlawedListing,
    ::testing::Values(
        Flawed{"empty", "", "no XML"},
        Flawed{"html", "<html><body>hi</body></html>", "<ListBucketResult>"},
        Flawed{"cut_off", listing("").substr(0, 120), "no XML"},
        Flawed{"an_error", "<Error><Code>InternalError</Code></Error>", "<ListBucketResult>"},
        Flawed{"a_second_root", listing("<IsTruncated>false</IsTruncated>") + "<a/>",
               "one XML root"},
        Flawed{"no_end", listing("<Contents><Key>a</Key></Contents>"), "<IsTruncated>"},
        Flawed{"a_strange_flag", listing("<IsTruncated>maybe</IsTruncated>"),
               "neither true nor false"},
        Flawed{"no_token", listing("<IsTruncated>true</IsTruncated>"), "NextContinuationToken"},
        Flawed{"no_key", listing("<IsTruncated>false</IsTruncated><Contents/>"), "<Key>"},
        Flawed{"bad_escape",
               listing("<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
                       "<Contents><Key>%zz</Key></Contents>"),
               "URL-encoded"},
        Flawed{"not_utf8",
               listing("<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
                       "<Contents><Key>%FF</Key></Contents>"),
               "URL-encoded"},
        Flawed{"not_utf8_as_it_stands",
               listing("<IsTruncated>false</IsTruncated><Contents><Key>\xFF</Key></Contents>"),
               "<Key> is not UTF-8"},
        Flawed{"an_empty_key",
               listing("<IsTruncated>false</IsTruncated><Contents><Key></Key></Contents>"),
               "<Key> is empty"}),
    [](const auto& flawed) { return flawed.param.name; });

TEST(S3Answers, RefuseVersionsWithoutWhatTheGateNeeds) {
  const std::string end = "<IsTruncated>false</IsTruncated>";
  EXPECT_FALSE(parse_version_page(
      versions(end + "<Version><Key>a</Key><IsLatest>true</IsLatest></Version>")));
  EXPECT_FALSE(parse_version_page(
      versions(end + "<Version><Key>a</Key><VersionId>v</VersionId></Version>")));
  EXPECT_FALSE(parse_version_page(versions(end + version("Version", "a", "", true, ""))));
  EXPECT_FALSE(parse_version_page(versions("<IsTruncated>true</IsTruncated>")));
  EXPECT_FALSE(parse_version_page(versions(end) + versions(end)));
}

TEST(UrlDecode, IsTheInverseOfPercentEncoding) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  EXPECT_EQ(url_decode(percent_encode(all, false)), all);
  EXPECT_EQ(url_decode("a+b"), "a b");
  for (const char* broken : {"%", "%4", "%4g", "a%"}) EXPECT_FALSE(url_decode(broken)) << broken;
}

}  // namespace
}  // namespace runpin
