#include "runpin/adapters/aws/sts_identity.h"

#include "runpin/adapters/aws/service_error.h"

namespace runpin {

Result<std::string> StsIdentity::caller_arn() {
  const Asked asked{"STS", "GetCallerIdentity", "sts:GetCallerIdentity", "sts"};
  const auto answer =
      client_.call({get_caller_identity(endpoint_), endpoint_.scope, Repeatable::k_yes});
  if (!answer) return tl::unexpected(answer.error());
  const HttpResponse& response = answer->response;
  if (response.status != 200)
    return tl::unexpected(error_of(asked, response.status, xml_error(response)));
  const auto caller = parse_caller_identity(response.body);
  if (!caller) return tl::unexpected(malformed_answer(asked, caller.error()));
  return caller->arn;
}

}  // namespace runpin
