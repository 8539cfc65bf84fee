// What a profile of the shared files says: a role, keys, a web identity or a process.
// Source: docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html and
// feature-process-credentials.html
#include <fmt/format.h>

#include <set>

#include "runpin/adapters/aws/command_words.h"
#include "runpin/adapters/aws/credential_sources.h"
#include "runpin/adapters/aws/json_credentials.h"
#include "runpin/adapters/aws/role_credentials.h"
#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

class ProfileSearch {
 public:
  ProfileSearch(const CredentialSearch& search, const Instant& now) : search_(search), now_(now) {}

  Result<FoundCredentials> find(const std::string& profile) {
    const bool again = !visited_.insert(profile).second;
    const auto has = [&](const char* property) { return !value(profile, property).empty(); };
    const bool has_keys = has("aws_access_key_id") || has("aws_secret_access_key");
    // A role whose source is its own profile stands on the keys beside it.
    if (again && has_keys) return keys(profile);
    if (again)
      return refuse(profile, "the source_profile settings lead back to it",
                    "end them in a profile with keys");
    if (has("role_arn") && (has("source_profile") || has("credential_source")))
      return role(profile);
    if (has_keys) return keys(profile);
    if (has("web_identity_token_file")) return web_identity(profile);
    if (has("credential_process")) return process(profile);
    for (const char* sign_in : {"sso_session", "sso_start_url", "login_session"})
      if (has(sign_in)) return refuse_sign_in(profile, sign_in);
    if (has("role_arn"))
      return refuse(profile, "role_arn stands alone",
                    "add source_profile, credential_source or web_identity_token_file");
    return FoundCredentials{{}, fmt::format("profile {} has none", profile)};
  }

 private:
  const std::string& value(const std::string& profile, const char* property) const {
    return search_.settings.profiles.value(profile, property);
  }

  static std::string place(const std::string& profile) { return "AWS profile " + profile; }

  static tl::unexpected<Error> refuse(const std::string& profile, std::string what,
                                      std::string fix) {
    return fail(ErrorKind::k_config, std::move(what), place(profile), std::move(fix));
  }

  static tl::unexpected<Error> refuse_sign_in(const std::string& profile, const char* property) {
    return refuse(profile,
                  fmt::format("it signs in interactively ({}), which runpin does not do", property),
                  fmt::format("run `aws sso login --profile {0}`, then give runpin what `aws "
                              "configure export-credentials --profile {0} --format env` prints",
                              profile));
  }

  Result<FoundCredentials> keys(const std::string& profile) {
    auto made = make_credentials({value(profile, "aws_access_key_id"),
                                  value(profile, "aws_secret_access_key"),
                                  value(profile, "aws_session_token"), ""});
    if (!made)
      return refuse(profile, "the keys cannot be used: " + made.error(),
                    "set aws_access_key_id and aws_secret_access_key");
    return FoundCredentials{*made, "keys of profile " + profile};
  }

  RoleToAssume role_of(const std::string& profile) const {
    const std::string& session = value(profile, "role_session_name");
    return {value(profile, "role_arn"), session.empty() ? k_role_session_name : session,
            value(profile, "external_id"), value(profile, "duration_seconds")};
  }

  Result<FoundCredentials> role(const std::string& profile) {
    if (!value(profile, "mfa_serial").empty())
      return refuse(profile,
                    "its role asks for a second factor (mfa_serial), which runpin does not do",
                    "use a role without it, or export temporary credentials into the environment");
    auto source = source_of(profile);
    if (!source) return source;
    if (!source->credentials)
      return refuse(profile,
                    fmt::format("no credentials to assume its role with: {}", source->note),
                    "check source_profile or credential_source");
    auto made =
        credentials_for_role(search_, role_of(profile), *source->credentials, place(profile));
    if (!made) return tl::unexpected(made.error());
    return FoundCredentials{*made, fmt::format("for role {} of profile {}, by {}",
                                               value(profile, "role_arn"), profile, source->note)};
  }

  Result<FoundCredentials> source_of(const std::string& profile) {
    const std::string& other = value(profile, "source_profile");
    const std::string& source = value(profile, "credential_source");
    if (!other.empty() && !source.empty())
      return refuse(profile, "both source_profile and credential_source are set",
                    "keep one of them");
    if (!other.empty() && !search_.settings.profiles.profiles.contains(other))
      return refuse(profile, fmt::format("source_profile names '{}', which does not exist", other),
                    "name a profile of the shared files");
    if (!other.empty()) return find(other);
    if (source == "Environment") return credentials_of_environment(search_, now_);
    if (source == "EcsContainer") return credentials_of_container(search_, now_);
    if (source == "Ec2InstanceMetadata") return credentials_of_instance(search_, now_);
    return refuse(profile, fmt::format("credential_source is '{}'", source),
                  "set it to Environment, EcsContainer or Ec2InstanceMetadata");
  }

  Result<FoundCredentials> web_identity(const std::string& profile) {
    if (value(profile, "role_arn").empty())
      return refuse(profile, "a web identity is set, but no role for it", "set role_arn too");
    auto made = credentials_for_web_identity(
        search_, role_of(profile), value(profile, "web_identity_token_file"), place(profile));
    if (!made) return tl::unexpected(made.error());
    return FoundCredentials{*made, fmt::format("for role {} of profile {}, by web identity",
                                               value(profile, "role_arn"), profile)};
  }

  Result<FoundCredentials> process(const std::string& profile) {
    const auto words = command_words(value(profile, "credential_process"));
    if (!words || words->empty())
      return refuse(profile, "credential_process is no command", "close its quotes");
    auto printed = search_.outside.run_program(*words);
    if (!printed) {
      Error error = printed.error();
      error.where = place(profile) + ", credential_process";
      return tl::unexpected(error);
    }
    const auto document = read_json(*printed, "credentials");
    if (document && (*document)["Version"].integer() != 1)
      return refuse(profile, "credential_process prints no Version 1",
                    "let it print {\"Version\": 1, \"AccessKeyId\": …, \"SecretAccessKey\": …}");
    const auto made = parse_json_credentials(*printed, "SessionToken");
    if (!made)
      return fail(ErrorKind::k_malformed,
                  "what credential_process prints cannot be used: " + made.error(), place(profile));
    return FoundCredentials{*made, fmt::format("by credential_process of profile {}", profile)};
  }

  const CredentialSearch& search_;
  const Instant& now_;
  std::set<std::string> visited_;
};

}  // namespace

Result<FoundCredentials> credentials_of_profile(const CredentialSearch& search,
                                                const Instant& now) {
  return ProfileSearch(search, now).find(search.settings.profile);
}

}  // namespace runpin
