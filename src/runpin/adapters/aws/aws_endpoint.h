// Where an AWS service answers: by partition and region, or where the user's settings say.
// Source: docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "runpin/adapters/aws/http.h"
#include "runpin/adapters/aws/signer.h"

namespace runpin {

enum class AwsService { k_s3, k_step_functions, k_cost_explorer, k_sts };

struct AwsEndpoint {
  std::string scheme = "https";
  std::string host;         // lower case, with ":port" where it is not the scheme's own
  std::string path_prefix;  // UTF-8, not percent-encoded; "" or "/prefix" without a final '/'
  SigningScope scope;
  bool is_custom = false;  // set by the user: S3 buckets are then addressed by path
};

// The user's own addresses, as aws_settings.h finds them.
struct EndpointSettings {
  struct Url {
    std::string text;
    std::string where;  // "AWS_ENDPOINT_URL_S3", "~/.aws/config profile dev"
  };
  std::optional<Url> for_all;
  std::map<AwsService, Url> for_service;  // wins over `for_all`
};

// "amazonaws.com", "amazonaws.com.cn", …
std::string_view dns_suffix(std::string_view region);
// "aws", "aws-cn", "aws-us-gov", … : the second field of every ARN of that region.
std::string_view partition_of(std::string_view region);

// Where `service` answers for `region`. Cost Explorer has one region in a partition, which may be
// another one; `scope.region` is the one to sign for. Errors: k_config for a region that is no
// region name, or for a URL of the settings that is none.
Result<AwsEndpoint> endpoint_for(AwsService service, const std::string& region,
                                 const EndpointSettings& settings = {});

// Method, scheme, host and path of a request to `endpoint`; `path` begins with '/'.
HttpRequest request_to(const AwsEndpoint& endpoint, std::string method, const std::string& path);

// "http://127.0.0.1:5000/prefix" without query, fragment or user; `scope` stays empty. Errors:
// k_config, `where` names the setting.
Result<AwsEndpoint> parse_endpoint(const EndpointSettings::Url& url);

}  // namespace runpin
