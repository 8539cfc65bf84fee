#include "runpin/adapters/aws/role_credentials.h"

#include "runpin/adapters/aws/plain_call.h"
#include "runpin/adapters/aws/service_error.h"

namespace runpin {
namespace {

class GivenCredentials final : public CredentialSource {
 public:
  explicit GivenCredentials(const AwsCredentials& given) : given_(given) {}
  Result<AwsCredentials> get(const Instant&) override { return given_; }

 private:
  const AwsCredentials& given_;
};

Result<AwsEndpoint> sts_endpoint(const CredentialSearch& search) {
  return endpoint_for(AwsService::k_sts, search.settings.region.value_or("us-east-1"),
                      search.settings.endpoints);
}

Result<AwsCredentials> read_answer(const HttpResponse& answer, const Asked& asked) {
  if (answer.status != 200)
    return tl::unexpected(error_of(asked, answer.status, xml_error(answer)));
  auto made = parse_sts_credentials(answer.body);
  if (!made) return tl::unexpected(malformed_answer(asked, made.error()));
  return *made;
}

std::string without_end_of_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  return text;
}

}  // namespace

Result<AwsCredentials> credentials_for_role(const CredentialSearch& search,
                                            const RoleToAssume& role, const AwsCredentials& by,
                                            const std::string& where) {
  const auto endpoint = sts_endpoint(search);
  if (!endpoint) return tl::unexpected(endpoint.error());
  GivenCredentials given(by);
  AwsClient client(search.web, given, search.world);
  const auto answer = client.call({assume_role(*endpoint, role), endpoint->scope});
  if (!answer) return tl::unexpected(answer.error());
  return read_answer(answer->response, {"STS", "AssumeRole", "sts:AssumeRole", where});
}

Result<AwsCredentials> credentials_for_web_identity(const CredentialSearch& search,
                                                    const RoleToAssume& role,
                                                    const std::string& token_file,
                                                    const std::string& where) {
  const auto token = search.outside.read_file(token_file);
  if (!token)
    return fail(ErrorKind::k_config, "the web identity's token file cannot be read", where,
                "name a readable file that holds the token");
  const auto endpoint = sts_endpoint(search);
  if (!endpoint) return tl::unexpected(endpoint.error());
  const auto answer = call_plainly(
      search.web, search.world,
      {assume_role_with_web_identity(*endpoint, role, without_end_of_line(*token)), {}, {}});
  if (!answer) return tl::unexpected(answer.error());
  return read_answer(*answer, {"STS", "AssumeRoleWithWebIdentity",
                               "sts:AssumeRoleWithWebIdentity in the role's trust policy", where});
}

}  // namespace runpin
