#include "tests/gate/secret_makers.h"

namespace runpin {
namespace {

// `prefix` + `length` random characters.
Maker prefixed(std::vector<std::string> prefixes, std::string_view alphabet, std::size_t length,
               std::string suffix = "") {
  return [=](CorpusRandom& random) -> Made {
    const std::string secret = random.pick(prefixes) + random.of(alphabet, length) + suffix;
    return {secret, secret};
  };
}

// `name` + `length` random characters + `end`, where the name is needed to know it.
Maker named(std::vector<std::string> names, std::string_view alphabet, std::size_t length,
            std::string end = "") {
  return [=](CorpusRandom& random) -> Made {
    const std::string secret = random.of(alphabet, length) + end;
    return {random.pick(names) + secret, secret};
  };
}

Made dotted(std::vector<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) text += part;
  return {text, text};
}

Made jwt(CorpusRandom& random) {
  const std::string algorithm = random.pick({"HS256", "RS256", "ES256", "EdDSA"});
  const std::string header = random.pick({"{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}",
                                          "{\"typ\": \"JWT\", \"alg\": \"" + algorithm + "\"}",
                                          "{\"kid\":\"k1\",\"alg\":\"" + algorithm + "\"}"});
  const std::string claims = "{\"sub\":\"" + random.of(k_digits, 8) + "\",\"iat\":1771868587}";
  return dotted({base64url_of(header), ".", base64url_of(claims), ".", random.of(k_base64url, 43)});
}

Made pem(CorpusRandom& random) {
  const std::string kind = random.pick({"RSA ", "EC ", "", "OPENSSH ", "DSA ", "ENCRYPTED "});
  const std::string dashes(5, '-');
  std::string text = dashes + "BEGIN " + kind + "PRIVATE KEY" + dashes + "\n";
  for (int line = 0; line < 4; ++line) text += random.of(k_base64, 64) + "\n";
  return {text + dashes + "END " + kind + "PRIVATE KEY" + dashes,
          text.substr(text.find('\n') + 1, 64)};
}

Made pgp(CorpusRandom& random) {
  const std::string dashes(5, '-');
  const std::string body = random.of(k_base64, 64);
  return {dashes + "BEGIN PGP PRIVATE KEY BLOCK" + dashes + "\n\n" + body +
              "\n=" + random.of(k_base64, 4),
          body};
}

Made service_account(CorpusRandom& random) {
  const std::string body = random.of(k_base64, 64);
  const std::string key = "\"private_key\": \"" + std::string(5, '-') + "BEGIN PRIVATE KEY" +
                          std::string(5, '-') + "\\n" + body + "\\n\"";
  const std::string type = "\"type\": \"service_account\"";
  const std::string id = "\"private_key_id\": \"" + random.of(k_hex, 40) + "\"";
  const bool key_first = random.below(2) == 0;
  return {"{" + (key_first ? key + ", " + id + ", " + type : type + ", " + id + ", " + key) + "}",
          body};
}

Made url_with_password(CorpusRandom& random) {
  const std::string scheme =
      random.pick({"postgres", "postgresql", "mysql", "redis", "mongodb+srv", "amqp", "https",
                   "jdbc:postgresql", "snowflake", "rediss"});
  const std::string secret =
      random.pick({random.of(k_base62, 12), random.of(k_base36, 8) + "!" + random.of(k_base62, 4),
                   random.of(k_hex, 32), random.of(k_lower, 9)});
  const std::string user = random.pick({"fraud_app", "admin", "", "svc-reader"});
  const std::string host = random.pick(
      {"db.internal:5432/fraud", "10.0.4.17:6379/0", "cluster.example.net", "[fd00::1]:80"});
  return {scheme + "://" + user + ":" + secret + "@" + host, secret};
}

Made presigned(CorpusRandom& random) {
  const std::string secret = random.of(k_hex, 64);
  return {
      "https://example-bucket.s3.amazonaws.com/evidence/run.json?X-Amz-Algorithm=AWS4-HMAC-SHA256"
      "&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=" +
          secret,
      secret};
}

Made sas(CorpusRandom& random) {
  const std::string secret = random.of(k_base62, 40) + random.pick({"%2B", "%2F", "abc"}) + "%3D";
  return {
      "https://acct.blob.core.windows.net/c/"
      "f.csv?sv=2022-11-02&se=2026-03-01T00%3A00%3A00Z&sr=b&sp=r&sig=" +
          secret,
      secret};
}

Made header(CorpusRandom& random) {
  const std::string token = random.of(k_base62, 40);
  const std::string basic = base64_of("svc:" + random.of(k_base62, 14));
  const bool is_basic = random.below(2) == 0;
  const std::string secret = is_basic ? basic : token;
  return {"Authorization: " + std::string(is_basic ? "Basic " : "Bearer ") + secret, secret};
}

Made field(CorpusRandom& random) {
  const std::string name =
      random.pick({"password", "DB_PASSWORD", "clientSecret", "api_key", "x-api-key", "AUTH_TOKEN",
                   "IG_API_KEY", "redisPassword", "aurora_passwd", "signing_key", "credentials"});
  const std::string secret =
      random.pick({random.of(k_base62, 24), random.of(k_hex, 32), random.of(k_base64, 44),
                   random.of(k_base36, 32), random.of(k_hex, 64), random.uuid(),
                   random.of(k_base62, 12) + "!" + random.of(k_digits, 2) + "$"});
  return {random.pick({name + "=" + secret, name + ": '" + secret + "'",
                       "\"" + name + "\": \"" + secret + "\"",
                       "{\"" + name + "\": {\"sensitive\": true, \"value\": \"" + secret + "\"}}"}),
          secret};
}

std::vector<RuleMaker> aws_makers() {
  return {
      {"aws-access-key-id", prefixed({"AKIA", "ASIA", "ABIA", "ACCA"}, k_base32, 16)},
      {"aws-secret-access-key",
       named({"aws_secret_access_key = ", "AWS_SECRET_ACCESS_KEY=", "\"SecretAccessKey\": \"",
              "<SecretAccessKey>", "secret_key: '", "export AWS_SECRET_KEY=\""},
             k_base64, 40)},
      {"aws-secret-access-key",
       [](CorpusRandom& random) -> Made {
         const std::string secret = random.of(k_base64, 40);
         return {"AKIA" + random.of(k_base32, 16) + random.pick({",", ":", " ", "\", \""}) + secret,
                 secret};
       }},
      {"aws-session-token", prefixed({"IQoJb3JpZ2luX2Vj", "FwoGZXIvYXdzE"}, k_base64, 300, "==")},
      {"aws-session-token",
       named({"aws_session_token = ", "\"SessionToken\": \"", "X-Amz-Security-Token="}, k_base64,
             320, "=")},
      {"aws-presigned-url", presigned},
      {"aws-presigned-url",
       [](CorpusRandom& random) -> Made {
         const std::string secret = random.of(k_base62, 27) + "=";
         return {"https://b.s3.amazonaws.com/k?AWSAccessKeyId=AKIA" + random.of(k_base32, 16) +
                     "&Expires=1771868587&Signature=" + secret,
                 secret};
       }},
      {"aws-bedrock-api-key", prefixed({"ABSK"}, k_base64, 120)},
  };
}

std::vector<RuleMaker> platform_makers() {
  return {
      {"github-token", prefixed({"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}, k_base62, 36)},
      {"github-fine-grained-token",
       [](CorpusRandom& random) {
         return dotted({"github_pat_", random.of(k_base62, 22), "_", random.of(k_base62, 59)});
       }},
      {"slack-token",
       [](CorpusRandom& random) {
         return dotted({random.pick({"xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-"}),
                        random.of("123456789", 12), "-", random.of(k_digits, 12), "-",
                        random.of(k_base62, 24)});
       }},
      {"slack-token", prefixed({"xoxe.xoxp-1-", "xoxe-1-", "xoxa-2-"}, k_base62, 60)},
      {"slack-app-token",
       [](CorpusRandom& random) {
         return dotted({"xapp-1-A", random.of(k_upper_digits, 10), "-", random.of(k_digits, 13),
                        "-", random.of(k_hex, 64)});
       }},
      {"slack-webhook-url",
       [](CorpusRandom& random) -> Made {
         const std::string secret = random.of(k_base62, 24);
         return {
             "https://hooks.slack."
             "com/services/T" +
                 random.of(k_upper_digits, 8) + "/B" + random.of(k_upper_digits, 10) + "/" + secret,
             secret};
       }},
      {"databricks-token", prefixed({"dapi", "dose", "dkea"}, k_hex, 32)},
      {"databricks-token", prefixed({"dapi"}, k_hex, 32, "-2")},
      {"stripe-secret-key", prefixed({"sk_live_", "rk_live_", "sk_test_"}, k_base62, 24)},
      {"stripe-webhook-secret", prefixed({"whsec_"}, k_base62, 32)},
  };
}

std::vector<RuleMaker> google_and_azure_makers() {
  return {
      {"google-api-key", prefixed({"AIza"}, k_base64url, 35)},
      {"google-oauth-client-secret", prefixed({"GOCSPX-"}, k_base64url, 28)},
      {"google-oauth-token", prefixed({"ya29.", "ya29.a0Af"}, k_base64url, 120)},
      {"google-oauth-token", prefixed({"1//0"}, k_base64url, 60)},
      {"google-service-account-key", service_account},
      {"azure-storage-account-key",
       named({"DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=", "AccountKey="},
             k_base64, 86, "==")},
      {"azure-storage-account-key",
       [](CorpusRandom& random) {
         return dotted({random.of(k_base64, 76), "+ASt", random.of(k_base62, 6), "=="});
       }},
      {"azure-shared-access-key",
       named({"Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey="},
             k_base64, 43, "=")},
      {"azure-sas-signature", sas},
      {"azure-client-secret",
       [](CorpusRandom& random) {
         return dotted(
             {random.of(k_base62, 3), random.of("78", 1), "Q~", random.of(k_base64url, 34)});
       }},
      {"azure-devops-token",
       [](CorpusRandom& random) {
         return dotted({random.of(k_base62, 76), "AZDO", random.of(k_base62, 4)});
       }},
  };
}

std::vector<RuleMaker> general_makers() {
  return {
      {"private-key", pem},
      {"private-key", pgp},
      {"age-secret-key", prefixed({"AGE-SECRET-KEY-1"}, k_upper_digits, 58)},
      {"json-web-token", jwt},
      {"credentials-in-url", url_with_password},
      {"credentials-in-url",
       [](CorpusRandom& random) -> Made {
         const std::string secret = random.of(k_base62, 40);
         return {"https://" + secret + "@git.example.net/team/repo.git", secret};
       }},
      {"authorization-header", header},
      {"high-entropy-secret-field", field},
  };
}

std::vector<RuleMaker> further_makers() {
  return {
      {"gitlab-token", prefixed({"glpat-", "glptt-", "glrt-", "gldt-"}, k_base64url, 20)},
      {"npm-token", prefixed({"npm_"}, k_base62, 36)},
      {"pypi-token", prefixed({"pypi-AgEIcHlwaS5vcmc"}, k_base64url, 150)},
      {"twilio-api-key", prefixed({"SK"}, k_hex, 32)},
      {"sendgrid-api-key",
       [](CorpusRandom& random) {
         return dotted({"SG.", random.of(k_base64url, 22), ".", random.of(k_base64url, 43)});
       }},
      {"vault-token", prefixed({"hvs.", "hvb."}, k_base64url, 92)},
      {"terraform-cloud-token",
       [](CorpusRandom& random) {
         return dotted({random.of(k_base62, 14), ".atlasv1.", random.of(k_base64url, 67)});
       }},
      {"openai-api-key",
       [](CorpusRandom& random) {
         return dotted({"sk-proj-", random.of(k_base62, 58),
                        "T3Blbk"
                        "FJ",
                        random.of(k_base62, 58)});
       }},
      {"anthropic-api-key", prefixed({"sk-ant-api03-", "sk-ant-admin01-"}, k_base64url, 93, "AA")},
      {"huggingface-token", prefixed({"hf_"}, k_base62, 34)},
      {"datadog-api-key",
       named({"DD_API_KEY=", "datadog_app_key: ", "\"dd-api-key\": \""}, k_hex, 32)},
      {"docker-token", prefixed({"dckr_pat_"}, k_base64url, 27)},
      {"grafana-token",
       [](CorpusRandom& random) {
         return dotted({"glsa_", random.of(k_base62, 32), "_", random.of(k_hex, 8)});
       }},
      {"new-relic-key", prefixed({"NRAK-"}, k_upper_digits, 27)},
      {"digitalocean-token", prefixed({"dop_v1_", "doo_v1_"}, k_hex, 64)},
      {"artifactory-token", prefixed({"AKCp"}, k_base62, 69)},
  };
}

void add(std::vector<RuleMaker>& all, std::vector<RuleMaker> more) {
  for (RuleMaker& maker : more) all.push_back(std::move(maker));
}

}  // namespace

std::vector<RuleMaker> secret_makers() {
  std::vector<RuleMaker> all = aws_makers();
  add(all, platform_makers());
  add(all, google_and_azure_makers());
  add(all, general_makers());
  add(all, further_makers());
  return all;
}

}  // namespace runpin
