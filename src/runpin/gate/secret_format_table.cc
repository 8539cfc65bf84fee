#include "runpin/gate/secret_format_table.h"

#include <algorithm>
#include <array>
#include <string>

#include "runpin/gate/decoded_text.h"
#include "runpin/gate/secret_fields.h"

namespace runpin {
namespace {

// Between a name and its value: ="…", ": '…', >…, => …
#define RUNPIN_ASSIGNED \
  "[A-Za-z0-9_.\\-]*[\"'`\\\\]{0,3}[ \\t]*(?:=>|:=|=|:|>|,)[ \\t]*[\"'`\\\\]{0,3}"

bool is_random_key(std::string_view secret) {
  const auto has = [&](char first, char last) {
    return std::any_of(secret.begin(), secret.end(),
                       [&](char c) { return c >= first && c <= last; });
  };
  return has('a', 'z') && has('A', 'Z') && shannon_entropy(secret) >= 3.5;
}

bool is_no_placeholder(std::string_view secret) {
  return !is_placeholder(secret);
}

bool is_opaque(std::string_view secret) {
  return !is_placeholder(secret) && !reads_as_words(secret);
}

// RFC 7617: base64 of user:password.
bool is_basic_pair(std::string_view secret) {
  return decode_base64_text(secret).find(':') != std::string::npos;
}

bool has_jose_header(std::string_view secret) {
  const std::string header = decode_base64_text(secret.substr(0, secret.find('.')));
  return header.starts_with('{') && header.find("\"alg\"") != std::string::npos;
}

// Sources: the providers' own documentation of their prefixes (AWS IAM "Understanding unique ID
// prefixes", GitHub "token formats", Slack "token types", Azure SAS and connection strings, RFC
// 7468, RFC 7515, RFC 3986) and the formats that secret scanners publicly agree on. AWS ids that
// are no credentials (AROA, AIDA, …) are left alone.
constexpr auto k_formats = std::to_array<SecretFormat>({
    {.rule = "aws-access-key-id",
     .keywords = "akia asia abia acca",
     .secret = "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
     .after = "(?:[^A-Za-z0-9]|$)"},
    {.rule = "aws-secret-access-key",
     .keywords = "aws secret",
     .secret = "[A-Za-z0-9/+]{40}",
     .before = "(?i:aws|secret)[A-Za-z0-9_.\\- ]*" RUNPIN_ASSIGNED,
     .after = "(?:[^A-Za-z0-9/+=]|$)",
     .check = is_random_key},
    {.rule = "aws-secret-access-key",
     .keywords = "akia asia",
     .secret = "[A-Za-z0-9/+]{40}",
     .before = "(?:AKIA|ASIA)[A-Z0-9]{16}[^A-Za-z0-9/+]{1,6}",
     .after = "(?:[^A-Za-z0-9/+=]|$)",
     .check = is_random_key},
    {.rule = "aws-session-token",
     .keywords = "iqojb3jpz2lu fwogzxiv fqogzxiv",
     .secret = "(?:IQoJb3JpZ2lu|FwoGZXIv|FQoGZXIv)[A-Za-z0-9/+=_-]{40,}"},
    {.rule = "aws-session-token",
     .keywords = "session security",
     .secret = "[A-Za-z0-9/+]{100,}={0,2}",
     .before = "(?i:session|security)[_-]?(?i:token)" RUNPIN_ASSIGNED,
     .check = is_random_key},
    {.rule = "aws-presigned-url",
     .keywords = "x-amz-signature",
     .secret = "[0-9a-f]{64}",
     .before = "(?i:x-amz-signature)="},
    {.rule = "aws-presigned-url",
     .keywords = "awsaccesskeyid",
     .secret = "[A-Za-z0-9/+%]{26,}={0,2}",
     .before = "AWSAccessKeyId=[^\\s\"']*[?&]Signature="},
    {.rule = "aws-bedrock-api-key", .keywords = "absk", .secret = "ABSK[A-Za-z0-9+/]{100,}={0,2}"},
    {.rule = "github-token",
     .keywords = "ghp_ gho_ ghu_ ghs_ ghr_",
     .secret = "gh[pousr]_[A-Za-z0-9]{36,}"},
    {.rule = "github-fine-grained-token",
     .keywords = "github_pat_",
     .secret = "github_pat_[A-Za-z0-9_]{36,}"},
    {.rule = "slack-token",
     .keywords = "xoxa xoxb xoxc xoxe xoxo xoxp xoxr xoxs",
     .secret = "xox[abceoprs](?:\\.xox[bp])?-[A-Za-z-]{0,16}[0-9][A-Za-z0-9-]{14,}"},
    {.rule = "slack-token", .keywords = "xoxd-", .secret = "xoxd-[A-Za-z0-9%+/=_-]{30,}"},
    {.rule = "slack-app-token",
     .keywords = "xapp-",
     .secret = "xapp-[0-9]-[A-Za-z0-9]{8,}-[0-9]{8,}-[A-Za-z0-9]{32,}"},
    {.rule = "slack-webhook-url",
     .keywords = "hooks.slack",
     .secret = "(?:services|workflows|triggers)/[A-Z0-9]{6,}/[A-Za-z0-9]{6,}/[A-Za-z0-9/]{16,}",
     .before = "hooks\\.slack(?:-gov)?\\.com/"},
    {.rule = "databricks-token",
     .keywords = "dapi dose dkea",
     .secret = "d(?:api|ose|kea)[0-9a-f]{32}(?:-[0-9])?",
     .after = "(?:[^A-Za-z0-9]|$)"},
    {.rule = "google-api-key", .keywords = "aiza", .secret = "AIza[A-Za-z0-9_-]{35}"},
    {.rule = "google-oauth-client-secret",
     .keywords = "gocspx-",
     .secret = "GOCSPX-[A-Za-z0-9_-]{28}"},
    {.rule = "google-oauth-token", .keywords = "ya29.", .secret = "ya29\\.[A-Za-z0-9_.-]{30,}"},
    {.rule = "google-oauth-token", .keywords = "1//0", .secret = "1//0[A-Za-z0-9_-]{38,}"},
    {.rule = "google-service-account-key",
     .keywords = "service_account",
     .secret = "[^\"]{32,}",
     .before = "\"type\"\\s*:\\s*\"service_account\"[^}]{0,600}?\"private_key\"\\s*:\\s*\""},
    {.rule = "google-service-account-key",
     .keywords = "service_account",
     .secret = "[^\"]{32,}",
     .before = "\"private_key\"\\s*:\\s*\"",
     .after = "\"[^}]{0,600}?\"type\"\\s*:\\s*\"service_account\""},
    {.rule = "azure-storage-account-key",
     .keywords = "accountkey",
     .secret = "[A-Za-z0-9+/]{80,}={0,2}",
     .before = "(?i:AccountKey)" RUNPIN_ASSIGNED},
    {.rule = "azure-storage-account-key",
     .keywords = "+ast acdb",
     .secret = "[A-Za-z0-9+/]{70,78}(?:\\+ASt|ACDb)[A-Za-z0-9+/]{4,8}==",
     .before = "(?:^|[^A-Za-z0-9+/])"},
    {.rule = "azure-shared-access-key",
     .keywords = "sharedaccesskey sharedsecret",
     .secret = "[A-Za-z0-9+/]{40,}={0,2}",
     .before = "(?i:SharedAccessKey|SharedSecret(?:Value|Key)?)[\"']?[ \\t]*[=:][ \\t]*[\"']?"},
    {.rule = "azure-sas-signature",
     .keywords = "sig=",
     .secret = "[A-Za-z0-9%+/_-]{43,}={0,2}",
     .before = "(?:^|[^A-Za-z0-9_])sig="},
    {.rule = "azure-client-secret",
     .keywords = "q~",
     .secret = "[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}",
     .before = "(?:^|[^A-Za-z0-9_~.-])"},
    {.rule = "azure-devops-token",
     .keywords = "azdo",
     .secret = "[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}",
     .after = "(?:[^A-Za-z0-9]|$)"},
    {.rule = "stripe-secret-key",
     .keywords = "sk_live_ rk_live_ sk_test_ rk_test_",
     .secret = "[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"},
    {.rule = "stripe-webhook-secret",
     .keywords = "whsec_",
     .secret = "whsec_[A-Za-z0-9+/]{24,}={0,2}"},
    {.rule = "private-key",
     .keywords = "private key",
     .secret = "-{4,5} ?BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)? ?-{4,5}",
     .before = ""},
    {.rule = "private-key",
     .keywords = "putty-user-key-file-",
     .secret = "PuTTY-User-Key-File-[0-9]: ?[a-z0-9-]+"},
    {.rule = "age-secret-key",
     .keywords = "age-secret-key-1",
     .secret = "AGE-SECRET-KEY-1[A-Z0-9]{58}"},
    {.rule = "json-web-token",
     .keywords = "eyj eya ewo ewk ew0",
     .secret = "e[yw][A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_.-]{8,}",
     .check = has_jose_header},
    {.rule = "credentials-in-url",
     .keywords = "://",
     .secret = "[^\\s/?#\"'<>@]+",
     .before = "[A-Za-z][A-Za-z0-9+.-]*://[^\\s/?#\"'<>@:]*:",
     .after = "@[A-Za-z0-9_.\\[$-]",
     .check = is_no_placeholder},
    {.rule = "credentials-in-url",
     .keywords = "://",
     .secret = "[A-Za-z0-9_]{20,}",
     .before = "(?i:https?|git|ssh)://",
     .after = "@[A-Za-z0-9_.\\[$-]",
     .check = is_opaque},
    {.rule = "authorization-header",
     .keywords = "authorization",
     .secret = "[A-Za-z0-9+/]{8,}={0,2}",
     .before =
         "(?i:authorization)[\"'`\\\\]{0,3}[ \\t]*[=:][ \\t]*[\"'`\\\\]{0,3}(?i:basic)[ \\t]+",
     .check = is_basic_pair},
    {.rule = "authorization-header",
     .keywords = "authorization",
     .secret = "[A-Za-z0-9._~+/-]{8,}={0,2}",
     .before = "(?i:authorization)[\"'`\\\\]{0,3}[ \\t]*[=:][ "
               "\\t]*[\"'`\\\\]{0,3}(?i:bearer|token)[ \\t]+",
     .check = is_opaque},
    {.rule = "authorization-header",
     .keywords = "bearer",
     .secret = "[A-Za-z0-9._~+/-]{20,}={0,2}",
     .before = "(?:^|[^A-Za-z0-9])(?i:bearer)[ \\t]+",
     .check = is_opaque},
    {.rule = "gitlab-token",
     .keywords = "glpat- glptt- gldt- glrt- glcbt- glsoat- glagent- glimt- glffct- gloas- glft-",
     .secret = "gl(?:pat|ptt|dt|rt|cbt|soat|agent|imt|ffct|oas|ft)-[A-Za-z0-9_.-]{20,}"},
    {.rule = "npm-token", .keywords = "npm_", .secret = "npm_[A-Za-z0-9]{36}"},
    {.rule = "pypi-token", .keywords = "pypi-age", .secret = "pypi-AgE[A-Za-z0-9_-]{50,}"},
    {.rule = "twilio-api-key",
     .keywords = "sk",
     .secret = "SK[0-9a-f]{32}",
     .after = "(?:[^A-Za-z0-9]|$)"},
    {.rule = "sendgrid-api-key",
     .keywords = "sg.",
     .secret = "SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}"},
    {.rule = "vault-token",
     .keywords = "hvs. hvb. hvr.",
     .secret = "hv[sbr]\\.[A-Za-z0-9_-]{24,}",
     .check = is_opaque},
    {.rule = "terraform-cloud-token",
     .keywords = ".atlasv1.",
     .secret = "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,}"},
    {.rule = "openai-api-key",
     .keywords = "t3blbkfj",
     .secret = "sk-[A-Za-z0-9_-]{16,}T3BlbkFJ[A-Za-z0-9_-]{16,}"},
    {.rule = "anthropic-api-key",
     .keywords = "sk-ant-",
     .secret = "sk-ant-[a-z0-9]{3,12}-[A-Za-z0-9_-]{32,}"},
    {.rule = "huggingface-token", .keywords = "hf_", .secret = "hf_[A-Za-z0-9]{34}"},
    {.rule = "datadog-api-key",
     .keywords = "datadog dd_api dd-api ddapi dd_app dd-app ddapp",
     .secret = "[0-9a-f]{32}(?:[0-9a-f]{8})?",
     .before = "(?i:(?:^|[^A-Za-z0-9])dd|datadog)[_-]?(?i:api|app|application)[_-]?(?i:"
               "key)" RUNPIN_ASSIGNED,
     .after = "(?:[^A-Za-z0-9]|$)"},
    {.rule = "docker-token", .keywords = "dckr_", .secret = "dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,}"},
    {.rule = "grafana-token", .keywords = "glsa_", .secret = "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"},
    {.rule = "new-relic-key", .keywords = "nrak-", .secret = "NRAK-[A-Z0-9]{27}"},
    {.rule = "digitalocean-token", .keywords = "_v1_", .secret = "do[opr]_v1_[a-f0-9]{64}"},
    {.rule = "artifactory-token", .keywords = "akcp", .secret = "AKCp[A-Za-z0-9]{69,}"},
});
#undef RUNPIN_ASSIGNED

}  // namespace

std::span<const SecretFormat> secret_format_table() {
  return k_formats;
}

}  // namespace runpin
