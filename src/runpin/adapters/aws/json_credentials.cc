#include "runpin/adapters/aws/json_credentials.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c < 127; });
}

// "2026-02-23T19:43:07+02:00" as well as UTC.
std::optional<Instant> parse_expiration(const std::string& text) {
  if (const auto utc = Instant::parse_rfc3339(text)) return *utc;
  constexpr std::size_t k_offset_size = 6;  // "+02:00"
  if (text.size() < k_offset_size) return {};
  const std::string offset = text.substr(text.size() - k_offset_size);
  const auto local = Instant::parse_rfc3339(text.substr(0, text.size() - k_offset_size) + "Z");
  const auto shift = Instant::parse_rfc3339("1970-01-01T" + offset.substr(1) + ":00Z");
  if (!local || !shift || (offset[0] != '+' && offset[0] != '-')) return {};
  const std::int64_t seconds = shift->unix_seconds();
  return Instant::from_unix_seconds(local->unix_seconds() +
                                    (offset[0] == '+' ? -seconds : seconds));
}

}  // namespace

Parsed<AwsCredentials> make_credentials(CredentialTexts texts) {
  if (texts.access_key_id.empty()) return flaw("it names no access key");
  if (texts.secret_access_key.empty()) return flaw("it holds no secret access key");
  for (const std::string* text :
       {&texts.access_key_id, &texts.secret_access_key, &texts.session_token})
    if (!is_plain(*text)) return flaw("a key or token holds blanks or other than ASCII");
  AwsCredentials credentials{std::move(texts.access_key_id),
                             std::move(texts.secret_access_key),
                             std::move(texts.session_token),
                             {}};
  if (texts.expiration.empty()) return credentials;
  credentials.expires_at = parse_expiration(texts.expiration);
  if (!credentials.expires_at) return flaw("its expiration is no RFC 3339 instant");
  return credentials;
}

Parsed<AwsCredentials> parse_json_credentials(ByteView json, std::string_view token_member) {
  const auto document = read_json(json, "credentials");
  if (!document || !document->is_object()) return flaw("it is no JSON object");
  const Json& object = *document;
  return make_credentials({object["AccessKeyId"].text(), object["SecretAccessKey"].text(),
                           object[token_member].text(), object["Expiration"].text()});
}

}  // namespace runpin
