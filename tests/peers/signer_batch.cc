// Signs requests from stdin, one JSON object a line, and writes the headers of each as one line of
// canonical JSON.
#include <iostream>
#include <string>

#include "runpin/adapters/aws/signer.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace {

using runpin::Json;

runpin::HttpRequest request_of(const Json& described) {
  runpin::HttpRequest request;
  request.method = described["method"].text();
  request.scheme = described["scheme"].text();
  request.host = described["host"].text();
  request.path = described["path"].text();
  for (const Json& pair : described["query"].items())
    request.query.emplace_back(pair.items().at(0).text(), pair.items().at(1).text());
  for (const auto& [name, value] : described["headers"].members())
    request.headers[name] = value.text();
  request.body = described["body"].text();
  return request;
}

std::string signed_headers_of(const Json& described) {
  const auto signed_request =
      runpin::sign(request_of(described),
                   {described["access_key_id"].text(),
                    described["secret_access_key"].text(),
                    described["session_token"].text(),
                    {}},
                   {described["region"].text(), described["service"].text()},
                   runpin::Instant::from_unix_seconds(described["unix_seconds"].integer().value()));
  Json result = runpin::object({{"target", runpin::request_target(signed_request)}});
  for (const auto& [name, value] : signed_request.headers) result.set(name, value);
  return runpin::canonical(result);
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto described = runpin::read_json(line, "request");
    if (!described) {
      std::cerr << one_line(described.error()) << "\n";
      return 1;
    }
    std::cout << signed_headers_of(*described) << "\n";
  }
  return 0;
}
