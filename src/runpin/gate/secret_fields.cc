#include "runpin/gate/secret_fields.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string>

#include "runpin/base/ascii.h"
#include "runpin/gate/decoded_text.h"
#include "runpin/gate/json_members.h"

namespace runpin {
namespace {

// The words of a name, lower case: "dbPassword", "DB_PASSWORD" and "db-password" are all {"db",
// "password"}.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool open = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
      open = false;
      continue;
    }
    const bool hump = is_upper(c) && i > 0 &&
                      (is_lower(name[i - 1]) || (i + 1 < name.size() && is_lower(name[i + 1])));
    if (!open || hump) words.emplace_back();
    words.back() += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    open = true;
  }
  return words;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

template <std::size_t N>
bool has_word(std::string_view name, const std::array<std::string_view, N>& list) {
  const auto words = words_of(name);
  return std::any_of(words.begin(), words.end(),
                     [&](const auto& word) { return is_one_of(word, list); });
}

constexpr auto k_secret_words = std::to_array<std::string_view>(
    {"password", "passwords", "passwd", "pwd", "passphrase", "secret", "secrets", "token", "tokens",
     "credential", "credentials", "auth", "authorization", "bearer", "jwt", "sas"});
// What makes a "key" a secret one, before it: api_key, accessKey, SIGNING_KEY.
constexpr auto k_secret_keys = std::to_array<std::string_view>(
    {"api", "access", "private", "secret", "account", "auth", "signing", "encryption", "master",
     "shared", "storage", "service", "app", "application", "deploy", "ssh"});
// Written without a break, as in DBPASSWORD or authtoken.
constexpr auto k_secret_parts = std::to_array<std::string_view>(
    {"password", "passwd", "passphrase", "secret", "credential", "apikey", "accesskey",
     "privatekey", "signingkey", "accountkey", "masterkey", "authkey", "accesstoken", "authtoken",
     "apitoken", "bearertoken", "refreshtoken", "sessiontoken"});
constexpr auto k_digest_words = std::to_array<std::string_view>(
    {"digest", "sha", "sha1", "sha256", "sha512", "md5", "hash", "checksum", "fingerprint",
     "thumbprint", "etag", "commit", "nonce"});
constexpr auto k_id_words =
    std::to_array<std::string_view>({"id", "ids", "uuid", "arn", "version", "kid"});

// The "secret id" of an approle login is a secret, not an id.
bool ends_with_secret_id(std::string_view name) {
  const auto words = words_of(name);
  return words.size() >= 2 && words.back() == "id" && words[words.size() - 2] == "secret";
}

bool matches(std::string_view value, const RE2& pattern) {
  return RE2::FullMatch(re2::StringPiece(value.data(), value.size()), pattern);
}

bool is_hex_digest(std::string_view value) {
  static const RE2 k_digest("\"?(?:sha(?:1|256|512)[:-])?[0-9a-f]{32,128}\"?", RE2::Latin1);
  return matches(value, k_digest);
}

bool is_uuid(std::string_view value) {
  static const RE2 k_uuid("(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", RE2::Latin1);
  return matches(value, k_uuid);
}

bool is_id(std::string_view value) {
  static const RE2 k_id(
      "(?i)[a-z]{0,16}-?(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{8,"
      "40})(?:-s[0-9]+)?"
      "|(?:AROA|AIDA|AGPA|ANPA|ANVA|AIPA|APKA|ASCA)[A-Z0-9]{12,24}",
      RE2::Latin1);
  return matches(value, k_id);
}

// A name of a place, whose own secrets (userinfo, query) the formats know: ARN, URL, e-mail
// address, path.
bool is_reference(std::string_view value) {
  static const RE2 k_reference(
      "arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:[0-9]*:.+"
      "|[A-Za-z][A-Za-z0-9+.-]*://.*"
      "|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}",
      RE2::Latin1);
  return matches(value, k_reference);
}

// "/app/db/c25a2675…/password": a path whose parts are words or ids.
bool is_path(std::string_view value) {
  if (value.find('/') == std::string_view::npos) return false;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t end = std::min(value.find('/', at), value.size());
    const std::string_view part = value.substr(at, end - at);
    if (!reads_as_words(part) && !is_id(part) && !is_hex_digest(part)) return false;
    at = end + 1;
  }
  return true;
}

int kinds_of_characters(std::string_view value) {
  const auto any = [&](auto test) { return std::any_of(value.begin(), value.end(), test) ? 1 : 0; };
  return any(is_upper) + any(is_lower) + any(is_digit) +
         any([](char c) { return !is_upper(c) && !is_lower(c) && !is_digit(c); });
}

// Long enough, and varied enough for its length, to be a key or a made password. A number alone
// never is.
bool is_varied(std::string_view value) {
  const int kinds = kinds_of_characters(value);
  if (std::all_of(value.begin(), value.end(), is_digit)) return false;
  const double bits = shannon_entropy(value);
  if (value.size() >= 20) return bits >= 3.0;
  if (value.size() >= 12) return bits >= 2.8 && kinds >= 2;
  return value.size() >= 8 && bits >= 2.5 && kinds >= 3;
}

// KEY=, key: , "key": , `key =, ?key=
const RE2& assignment() {
  static const RE2 k_assignment(
      "(?i)([a-z0-9_.-]*(?:pass|pwd|secret|token|key|credential|auth|bearer|jwt|sas)[a-z0-9_.-]*)"
      "[\"'`\\\\]{0,2}[ \\t]*(?:=>|:=|=|:)[ \\t]*",
      RE2::Latin1);
  return k_assignment;
}

// What is assigned at `text[at]`: up to the closing quote, or bare up to a blank or delimiter.
// Bounded, so that a text of nothing but assignments is still read in linear time; longer values
// are judged by their start.
std::string_view value_at(std::string_view text, std::size_t at) {
  constexpr std::size_t longest = 256;
  constexpr std::string_view quotes = "\"'`";
  std::string_view value = text.substr(at, longest);
  if (value.starts_with('\\')) value.remove_prefix(1);
  const bool is_quoted = !value.empty() && quotes.find(value[0]) != std::string_view::npos;
  const std::string ends = is_quoted ? std::string{value[0], '\n'} : " \t\r\n\"'`,;&<>";
  if (is_quoted) value.remove_prefix(1);
  value = value.substr(0, value.find_first_of(ends));
  if (is_quoted && value.ends_with('\\')) value.remove_suffix(1);
  return value;
}

bool is_secret_field(std::string_view field, std::string_view value) {
  const bool is_escaped = value.find('\\') != std::string_view::npos;
  return is_opaque_value(field, is_escaped ? DecodedText::decode(value).text() : value);
}

SecretSpan field_span(std::string_view text, std::string_view value) {
  const auto begin = static_cast<std::size_t>(value.data() - text.data());
  return {k_secret_field_rule, begin, begin + value.size()};
}

// "secret" in arn:aws:secretsmanager:eu-west-2:111122223333:secret:app/db-a1B2c3 names no field.
bool is_inside_arn(std::string_view text, std::size_t name_at) {
  const std::size_t reach = std::min<std::size_t>(name_at, 256);
  const std::string_view before = text.substr(name_at - reach, reach);
  const std::size_t blank = before.find_last_of(" \t\r\n\"'`\\<>(){},;=");
  return before.substr(blank == std::string_view::npos ? 0 : blank + 1).starts_with("arn:");
}

void find_assignments(std::string_view text, std::vector<SecretSpan>& found) {
  re2::StringPiece groups[2];
  for (std::size_t at = 0; at < text.size();) {
    if (!assignment().Match(re2::StringPiece(text.data(), text.size()), at, text.size(),
                            RE2::UNANCHORED, groups, 2))
      return;
    at = static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data());
    const std::string_view name(groups[1].data(), groups[1].size());
    const std::string_view value = value_at(text, at);
    const auto name_at = static_cast<std::size_t>(name.data() - text.data());
    if (names_a_secret(name) && is_secret_field(name, value) && !is_inside_arn(text, name_at))
      found.push_back(field_span(text, value));
  }
}

}  // namespace

bool names_a_secret(std::string_view name) {
  const auto words = words_of(name);
  std::string squeezed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_one_of(words[i], k_secret_words)) return true;
    const bool is_key = words[i] == "key" || words[i] == "keys";
    if (is_key && i > 0 && is_one_of(words[i - 1], k_secret_keys)) return true;
    squeezed += words[i];
  }
  if (!words.empty() && words.back() == "pass") return true;
  return std::any_of(k_secret_parts.begin(), k_secret_parts.end(), [&](std::string_view part) {
    return squeezed.find(part) != std::string::npos;
  });
}

bool is_placeholder(std::string_view value) {
  static const RE2 k_placeholder(
      "\\$?\\{.*\\}|<.*>|\\[.*\\]|%.*%|\\$[A-Za-z_][A-Za-z0-9_]*|[*xX.#_-]+"
      "|(?i:to_pin|redacted|changeme|change_me|null|none)",
      RE2::Latin1);
  return value.empty() || matches(value, k_placeholder);
}

bool is_opaque_value(std::string_view field, std::string_view value) {
  if (!is_varied(value) || is_placeholder(value) || is_reference(value)) return false;
  if (value.find_first_of(" \t\n\r") != std::string_view::npos) return false;
  if (!is_uuid(value) && (reads_as_words(value) || is_path(value))) return false;
  if (is_hex_digest(value) && has_word(field, k_digest_words)) return false;
  const bool names_an_id = has_word(field, k_id_words) && !ends_with_secret_id(field);
  return !(names_an_id && is_id(value));
}

void find_secret_fields(std::string_view text, std::vector<SecretSpan>& found) {
  find_assignments(text, found);
  for_each_json_string(text, [&](const JsonString& string) {
    const bool is_named = names_a_secret(string.key) || names_a_secret(string.group);
    if (is_named && is_secret_field(string.key, string.value))
      found.push_back(field_span(text, string.value));
  });
}

}  // namespace runpin
