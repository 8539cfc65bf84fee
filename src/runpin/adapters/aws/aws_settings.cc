#include "runpin/adapters/aws/aws_settings.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace runpin {
namespace {

struct ServiceName {
  AwsService service;
  const char* variable;
  const char* key;  // within [services NAME]
};

constexpr std::array<ServiceName, 4> k_services{{
    {AwsService::k_s3, "AWS_ENDPOINT_URL_S3", "s3"},
    {AwsService::k_step_functions, "AWS_ENDPOINT_URL_SFN", "sfn"},
    {AwsService::k_cost_explorer, "AWS_ENDPOINT_URL_COST_EXPLORER", "cost_explorer"},
    {AwsService::k_sts, "AWS_ENDPOINT_URL_STS", "sts"},
}};

// One of the shared files: at the path that `variable` names, or at its usual place.
Result<AwsFileText> read_shared_file(const AwsOutside& outside, const char* variable,
                                     const std::string& usual) {
  const auto named = outside.environment(variable);
  AwsFileText file{"", named.value_or(usual)};
  if (file.name == "/dev/null") return file;  // the usual way to say that there is none
  std::string path = file.name;
  if (path.starts_with("~/")) {
    const auto home = outside.environment("HOME");
    if (!home) return file;
    path = *home + path.substr(1);
  }
  auto text = outside.read_file(path);
  if (text) file.text = std::move(*text);
  if (text || text.error().kind == ErrorKind::k_not_found) return file;
  return fail(ErrorKind::k_config, fmt::format("the file cannot be read: {}", text.error().message),
              file.name, fmt::format("make it readable, or let {} name another one", variable));
}

Result<void> choose_profile(const AwsOutside& outside, AwsSettings& settings) {
  auto named = outside.environment("AWS_PROFILE");
  if (!named) named = outside.environment("AWS_DEFAULT_PROFILE");
  if (!named) return {};
  settings.profile = *named;
  settings.profile_is_named = true;
  if (settings.profiles.profiles.contains(*named) || *named == "default") return {};
  std::string known;
  for (const auto& entry : settings.profiles.profiles)
    known += (known.empty() ? "" : ", ") + entry.first;
  return fail(ErrorKind::k_config, fmt::format("no AWS profile is named '{}'", *named),
              "AWS_PROFILE",
              known.empty() ? "the shared AWS files hold no profile; make one with `aws configure`"
                            : fmt::format("set it to one of: {}", known));
}

bool is_true(const std::string& text) {
  return text == "true" || text == "True" || text == "TRUE";
}

EndpointSettings endpoints_of_environment(const AwsOutside& outside) {
  EndpointSettings result;
  for (const ServiceName& name : k_services)
    if (const auto url = outside.environment(name.variable))
      result.for_service[name.service] = {*url, name.variable};
  if (const auto url = outside.environment("AWS_ENDPOINT_URL"))
    result.for_all = {*url, "AWS_ENDPOINT_URL"};
  return result;
}

// What the profile adds: nothing for services that the environment has settled.
void add_endpoints_of_profile(AwsSettings& settings) {
  EndpointSettings& endpoints = settings.endpoints;
  if (endpoints.for_all) return;
  const std::string where = fmt::format("AWS profile {}", settings.profile);
  const std::string& group = settings.profiles.value(settings.profile, "services");
  const auto section = settings.profiles.services.find(group);
  for (const ServiceName& name : k_services) {
    if (section == settings.profiles.services.end()) break;
    const auto service = section->second.find(name.key);
    if (service == section->second.end()) continue;
    const auto url = service->second.nested.find("endpoint_url");
    if (url != service->second.nested.end())
      endpoints.for_service.try_emplace(
          name.service,
          EndpointSettings::Url{url->second, fmt::format("{}, services {}", where, group)});
  }
  const std::string& for_all = settings.profiles.value(settings.profile, "endpoint_url");
  if (!for_all.empty()) endpoints.for_all = {for_all, where};
}

void read_endpoints(const AwsOutside& outside, AwsSettings& settings) {
  if (is_true(outside.environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").value_or("")) ||
      is_true(settings.profiles.value(settings.profile, "ignore_configured_endpoint_urls")))
    return;
  settings.endpoints = endpoints_of_environment(outside);
  add_endpoints_of_profile(settings);
}

void read_region(const AwsOutside& outside, AwsSettings& settings) {
  settings.region = outside.environment("AWS_REGION");
  if (!settings.region) settings.region = outside.environment("AWS_DEFAULT_REGION");
  const std::string& of_profile = settings.profiles.value(settings.profile, "region");
  if (!settings.region && !of_profile.empty()) settings.region = of_profile;
}

Result<void> read_ca_bundle(const AwsOutside& outside, AwsSettings& settings) {
  const auto named = outside.environment("AWS_CA_BUNDLE");
  settings.ca_bundle = named.value_or(settings.profiles.value(settings.profile, "ca_bundle"));
  if (settings.ca_bundle.empty()) return {};
  const auto text = outside.read_file(settings.ca_bundle);
  if (text) return {};
  return fail(ErrorKind::k_config, "the file of trusted authorities cannot be read",
              named ? "AWS_CA_BUNDLE" : fmt::format("AWS profile {}, ca_bundle", settings.profile),
              "name a readable PEM file, or unset it for the system's authorities");
}

// A positive number up to `most`.
template <class T>
std::optional<T> number_in(const std::string& text, T most) {
  T number = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const bool good = read.ec == std::errc() && read.ptr == end && number > 0 && number <= most;
  return good ? std::optional(number) : std::nullopt;
}

Result<void> read_attempts(const AwsOutside& outside, AwsSettings& settings) {
  constexpr int k_most = 100;
  const auto named = outside.environment("AWS_MAX_ATTEMPTS");
  const std::string text =
      named.value_or(settings.profiles.value(settings.profile, "max_attempts"));
  if (text.empty()) return {};
  const auto attempts = number_in(text, k_most);
  if (!attempts)
    return fail(
        ErrorKind::k_config,
        fmt::format("expected a whole number from 1 to {}, found '{}'", k_most, text),
        named ? "AWS_MAX_ATTEMPTS" : fmt::format("AWS profile {}, max_attempts", settings.profile),
        "set it to how often a call may be tried, or unset it");
  settings.retry.max_attempts = *attempts;
  return {};
}

Result<void> read_seconds(const AwsOutside& outside, const char* variable,
                          std::chrono::milliseconds& time) {
  constexpr double k_most = 3600;
  constexpr double k_milliseconds = 1000;
  const auto text = outside.environment(variable);
  if (!text) return {};
  const auto seconds = number_in(*text, k_most);
  if (!seconds)
    return fail(ErrorKind::k_config,
                fmt::format("expected seconds, above 0 and up to {}, found '{}'", k_most, *text),
                variable, "set it to a number such as 10 or 2.5, or unset it");
  time = std::chrono::milliseconds(
      static_cast<std::chrono::milliseconds::rep>(*seconds * k_milliseconds));
  return {};
}

Result<void> read_retry(const AwsOutside& outside, AwsSettings& settings) {
  if (auto read = read_attempts(outside, settings); !read) return read;
  HttpLimits& limits = settings.retry.limits;
  if (auto read = read_seconds(outside, "RUNPIN_AWS_CONNECT_TIMEOUT", limits.connect); !read)
    return read;
  if (auto read = read_seconds(outside, "RUNPIN_AWS_TIMEOUT", limits.total); !read) return read;
  settings.retry.deadline = 2 * limits.total;
  return {};
}

}  // namespace

Result<AwsSettings> read_aws_settings(const AwsOutside& outside) {
  const auto config = read_shared_file(outside, "AWS_CONFIG_FILE", "~/.aws/config");
  if (!config) return tl::unexpected(config.error());
  const auto credentials =
      read_shared_file(outside, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  if (!credentials) return tl::unexpected(credentials.error());
  AwsSettings settings;
  auto profiles = parse_aws_profiles(*config, *credentials);
  if (!profiles) return tl::unexpected(profiles.error());
  settings.profiles = std::move(*profiles);
  if (auto chosen = choose_profile(outside, settings); !chosen)
    return tl::unexpected(chosen.error());
  read_region(outside, settings);
  read_endpoints(outside, settings);
  if (auto read = read_ca_bundle(outside, settings); !read) return tl::unexpected(read.error());
  if (auto read = read_retry(outside, settings); !read) return tl::unexpected(read.error());
  return settings;
}

}  // namespace runpin
