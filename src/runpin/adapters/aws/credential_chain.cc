#include "runpin/adapters/aws/credential_chain.h"

#include <fmt/format.h>

#include <array>

namespace runpin {
namespace {

constexpr std::int64_t k_refresh_seconds = 300;

struct Source {
  const char* name;
  FindCredentials find;
};
using Sources = std::array<Source, 5>;

constexpr Source k_environment{"environment", credentials_of_environment};
constexpr Source k_profile{"shared files", credentials_of_profile};
constexpr Source k_web_identity{"web identity", credentials_of_web_identity};
constexpr Source k_container{"container", credentials_of_container};
constexpr Source k_instance{"EC2 instance", credentials_of_instance};

// A profile that was asked for by name goes before what a pod or a CI system sets up for all.
const Sources& sources_for(const AwsSettings& settings) {
  static constexpr Sources k_named{k_environment, k_profile, k_web_identity, k_container,
                                   k_instance};
  static constexpr Sources k_usual{k_environment, k_web_identity, k_profile, k_container,
                                   k_instance};
  return settings.profile_is_named ? k_named : k_usual;
}

bool is_expired(const AwsCredentials& credentials, const Instant& now) {
  return credentials.expires_at && *credentials.expires_at <= now;
}

bool is_fresh(const AwsCredentials& credentials, const Instant& now) {
  return !credentials.expires_at ||
         credentials.expires_at->unix_seconds() - now.unix_seconds() > k_refresh_seconds;
}

tl::unexpected<Error> expired(const Source& source, const AwsCredentials& credentials) {
  return fail(ErrorKind::k_denied,
              fmt::format("the AWS credentials expired at {}", credentials.expires_at->rfc3339()),
              source.name, "renew them, then run this again");
}

}  // namespace

Result<AwsCredentials> CredentialChain::find(const Instant& now) {
  std::string tried;
  for (const Source& source : sources_for(search_.settings)) {
    const auto found = source.find(search_, now);
    if (!found) {
      search_.world.log(
          fmt::format("AWS credentials: {}: {}", source.name, one_line(found.error())));
      return tl::unexpected(found.error());
    }
    search_.world.log(fmt::format("AWS credentials: {}: {}", source.name, found->note));
    if (found->credentials && is_expired(*found->credentials, now))
      return expired(source, *found->credentials);
    if (found->credentials) return *found->credentials;
    tried += fmt::format("{}{} ({})", tried.empty() ? "" : ", ", source.name, found->note);
  }
  none_ = Error{ErrorKind::k_denied, fmt::format("no AWS credentials; tried {}", tried), "",
                "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"};
  return tl::unexpected(*none_);
}

Result<AwsCredentials> CredentialChain::get(const Instant& now) {
  const std::lock_guard lock(mutex_);
  if (found_ && is_fresh(*found_, now)) return *found_;
  if (none_ && !found_) return tl::unexpected(*none_);
  auto found = find(now);
  if (found)
    found_ = *found;
  else if (found_ && !is_expired(*found_, now))
    return *found_;  // good for some minutes yet
  return found;
}

}  // namespace runpin
