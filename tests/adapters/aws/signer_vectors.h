// AWS's published Signature Version 4 test suite: aws-sig-v4-test-suite, and its successor in
// aws-c-auth. Region us-east-1, service "service", 20150830T123600Z.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace runpin::testing {

struct SignerVector {
  const char* name;
  std::string method;
  std::string wire_path;
  std::vector<std::pair<std::string, std::string>> query;
  std::map<std::string, std::string> headers;  // besides host and x-amz-date
  std::string body;
  std::string canonical_path;
  std::string canonical_query;
  std::string signed_headers;
  std::string signature;
};

std::vector<SignerVector> header_vectors();
std::vector<SignerVector> query_vectors();
std::vector<SignerVector> path_vectors();
// Without normalisation, which is S3's rule for paths.
std::vector<SignerVector> unnormalized_vectors();

}  // namespace runpin::testing
