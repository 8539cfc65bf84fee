#include "runpin/adapters/aws/sts_caller.h"

#include "runpin/adapters/aws/xml_root.h"
#include "runpin/base/arn.h"

namespace runpin {

HttpRequest get_caller_identity(const AwsEndpoint& to) {
  HttpRequest post = request_to(to, "POST", "/");
  post.headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8";
  post.body = "Action=GetCallerIdentity&Version=2011-06-15";
  return post;
}

Parsed<AwsCaller> parse_caller_identity(ByteView xml) {
  pugi::xml_document document;
  const auto root = xml_root(document, xml);
  if (!root) return flaw(root.error());
  const pugi::xml_node result =
      document.child("GetCallerIdentityResponse").child("GetCallerIdentityResult");
  AwsCaller caller{result.child_value("Account"), result.child_value("Arn")};
  const auto arn = parse_arn(caller.arn);
  if (!arn) return flaw("it names no ARN");
  if (arn->account != caller.account) return flaw("its Account is not the one of its Arn");
  return caller;
}

}  // namespace runpin
