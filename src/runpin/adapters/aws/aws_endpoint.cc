#include "runpin/adapters/aws/aws_endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace runpin {
namespace {

struct Partition {
  std::string_view region_prefix;
  std::string_view name;
  std::string_view dns_suffix;
  std::string_view cost_explorer_region;  // "" where it answers in every region
};

// The longest prefix first; the last one matches all. Source: botocore's partitions.json.
constexpr std::array<Partition, 8> k_partitions{{
    {"cn-", "aws-cn", "amazonaws.com.cn", "cn-northwest-1"},
    {"us-gov-", "aws-us-gov", "amazonaws.com", ""},
    {"us-isob-", "aws-iso-b", "sc2s.sgov.gov", ""},
    {"us-isof-", "aws-iso-f", "csp.hci.ic.gov", ""},
    {"us-iso-", "aws-iso", "c2s.ic.gov", ""},
    {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", ""},
    {"eusc-", "aws-eusc", "amazonaws.eu", ""},
    {"", "aws", "amazonaws.com", "us-east-1"},
}};

const Partition& partition_entry(std::string_view region) {
  return *std::find_if(k_partitions.begin(), k_partitions.end(),
                       [&](const Partition& p) { return region.starts_with(p.region_prefix); });
}

std::string_view signing_name(AwsService service) {
  switch (service) {
    case AwsService::k_s3:
      return "s3";
    case AwsService::k_step_functions:
      return "states";
    case AwsService::k_cost_explorer:
      return "ce";
    case AwsService::k_sts:
      return "sts";
  }
  return "";
}

// A region becomes part of a host name, so that nothing else may hide in it.
bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

SigningScope scope_of(AwsService service, const std::string& region) {
  SigningScope scope{region, std::string(signing_name(service))};
  const std::string_view only = partition_entry(region).cost_explorer_region;
  if (service == AwsService::k_cost_explorer && !only.empty()) scope.region = only;
  return scope;
}

const EndpointSettings::Url* url_for(AwsService service, const EndpointSettings& settings) {
  const auto found = settings.for_service.find(service);
  if (found != settings.for_service.end()) return &found->second;
  return settings.for_all ? &*settings.for_all : nullptr;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         text.find_first_not_of("0123456789") == std::string_view::npos &&
         std::stoi(std::string(text)) >= 1 && std::stoi(std::string(text)) <= 65535;
}

bool is_host_name(std::string_view text) {
  const bool v6 = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (v6) text = text.substr(1, text.size() - 2);
  const std::string_view allowed =
      v6 ? "0123456789abcdef:." : "abcdefghijklmnopqrstuvwxyz0123456789.-_";
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// "Host:443" of https as "host"; nothing when it is no host.
std::optional<std::string> normal_host(std::string_view authority, std::string_view scheme) {
  std::string host(authority);
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon == std::string::npos) return is_host_name(host) ? std::optional(host) : std::nullopt;
  std::string port = host.substr(colon + 1);
  host.resize(colon);
  if (!is_host_name(host) || !is_port(port)) return {};
  port = std::to_string(std::stoi(port));
  return port == (scheme == "https" ? "443" : "80") ? host : host + ":" + port;
}

}  // namespace

std::string_view dns_suffix(std::string_view region) {
  return partition_entry(region).dns_suffix;
}

std::string_view partition_of(std::string_view region) {
  return partition_entry(region).name;
}

Result<AwsEndpoint> parse_endpoint(const EndpointSettings::Url& url) {
  const auto refuse = [&](std::string_view found) {
    return fail(ErrorKind::k_config,
                fmt::format("expected an http or https address, found {}", found), url.where,
                "write it as https://host or http://127.0.0.1:5000, with a path if needed");
  };
  const std::string_view text = url.text;
  AwsEndpoint endpoint;
  endpoint.is_custom = true;
  if (text.starts_with("http://"))
    endpoint.scheme = "http";
  else if (!text.starts_with("https://"))
    return refuse("another scheme or none");
  const std::string_view rest = text.substr(endpoint.scheme.size() + 3);
  if (rest.find('@') != std::string_view::npos) return refuse("one with a user name");
  if (rest.find_first_of("?#") != std::string_view::npos)
    return refuse("one with a query or fragment");
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto host = normal_host(rest.substr(0, slash), endpoint.scheme);
  if (!host) return refuse("one whose host or port is not valid");
  endpoint.host = *host;
  auto prefix = percent_decode(rest.substr(slash));
  if (!prefix || !is_utf8(*prefix)) return refuse("one whose path is not valid");
  while (prefix->ends_with('/')) prefix->pop_back();
  endpoint.path_prefix = std::move(*prefix);
  return endpoint;
}

Result<AwsEndpoint> endpoint_for(AwsService service, const std::string& region,
                                 const EndpointSettings& settings) {
  if (!is_region(region))
    return fail(ErrorKind::k_config, fmt::format("'{}' is not the name of an AWS region", region),
                "", "set AWS_REGION, or region in the profile, to a name like eu-west-2");
  const SigningScope scope = scope_of(service, region);
  if (const auto* url = url_for(service, settings)) {
    auto endpoint = parse_endpoint(*url);
    if (endpoint) endpoint->scope = scope;
    return endpoint;
  }
  AwsEndpoint endpoint;
  endpoint.host = fmt::format("{}.{}.{}", scope.service, scope.region, dns_suffix(region));
  endpoint.scope = scope;
  return endpoint;
}

HttpRequest request_to(const AwsEndpoint& endpoint, std::string method, const std::string& path) {
  HttpRequest request;
  request.method = std::move(method);
  request.scheme = endpoint.scheme;
  request.host = endpoint.host;
  request.path = endpoint.path_prefix + path;
  return request;
}

}  // namespace runpin
