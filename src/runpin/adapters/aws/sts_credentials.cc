#include "runpin/adapters/aws/sts_credentials.h"

#include "runpin/adapters/aws/json_credentials.h"
#include "runpin/adapters/aws/xml_root.h"

namespace runpin {
namespace {

HttpRequest form(const AwsEndpoint& to, std::vector<std::pair<std::string, std::string>> fields,
                 const RoleToAssume& role) {
  fields.insert(
      fields.end(),
      {{"Version", "2011-06-15"}, {"RoleArn", role.arn}, {"RoleSessionName", role.session_name}});
  if (!role.duration_seconds.empty()) fields.emplace_back("DurationSeconds", role.duration_seconds);
  HttpRequest post = request_to(to, "POST", "/");
  post.headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8";
  post.body = percent_encode_query(std::move(fields));
  return post;
}

}  // namespace

HttpRequest assume_role(const AwsEndpoint& to, const RoleToAssume& role) {
  std::vector<std::pair<std::string, std::string>> fields{{"Action", "AssumeRole"}};
  if (!role.external_id.empty()) fields.emplace_back("ExternalId", role.external_id);
  return form(to, std::move(fields), role);
}

HttpRequest assume_role_with_web_identity(const AwsEndpoint& to, const RoleToAssume& role,
                                          const std::string& token) {
  return form(to, {{"Action", "AssumeRoleWithWebIdentity"}, {"WebIdentityToken", token}}, role);
}

Parsed<AwsCredentials> parse_sts_credentials(ByteView xml) {
  pugi::xml_document document;
  if (const auto root = xml_root(document, xml); !root) return flaw(root.error());
  const pugi::xml_node found = document.select_node("/*/*/Credentials").node();
  if (!found) return flaw("it holds no credentials");
  return make_credentials({found.child_value("AccessKeyId"), found.child_value("SecretAccessKey"),
                           found.child_value("SessionToken"), found.child_value("Expiration")});
}

}  // namespace runpin
