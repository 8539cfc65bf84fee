#include "runpin/adapters/aws/json_request.h"

#include "runpin/canon/json_writer.h"

namespace runpin {

HttpRequest json_request(const AwsEndpoint& to, const std::string& target,
                         const std::string& version, const Json& body) {
  HttpRequest post = request_to(to, "POST", "/");
  post.headers["content-type"] = "application/x-amz-json-" + version;
  post.headers["x-amz-target"] = target;
  post.body = canonical(body);
  return post;
}

}  // namespace runpin
