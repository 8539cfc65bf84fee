#include "runpin/adapters/aws/sts_caller.h"

#include <fmt/format.h>

#include <pugixml.hpp>

namespace runpin {

HttpRequest get_caller_identity(const AwsEndpoint& to) {
  HttpRequest post = request_to(to, "POST", "/");
  post.headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8";
  post.body = "Action=GetCallerIdentity&Version=2011-06-15";
  return post;
}

Parsed<AwsCaller> parse_caller_identity(ByteView xml) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(xml.data(), xml.size());
  if (!parsed)
    return flaw(fmt::format("no XML: {} at byte {}", parsed.description(), parsed.offset));
  const pugi::xml_node result =
      document.child("GetCallerIdentityResponse").child("GetCallerIdentityResult");
  AwsCaller caller{result.child_value("Account"), result.child_value("Arn")};
  if (!caller.arn.starts_with("arn:")) return flaw("it names no ARN");
  return caller;
}

}  // namespace runpin
