// The harmless half of the corpus: what runpin publishes and reads, and what looks like a secret
// without being one.
#include <functional>

#include "tests/gate/corpus_random.h"
#include "tests/gate/secret_corpus.h"

namespace runpin {
namespace {

std::string stamp(CorpusRandom& random) {
  return "2026" + random.of("01", 1) + random.of("123456789", 1) + random.of("12", 1) +
         random.of(k_digits, 1) + "T" + random.of("01", 1) + random.of(k_digits, 1) +
         random.of("012345", 1) + random.of(k_digits, 1) + random.of("012345", 1) +
         random.of(k_digits, 1) + "Z";
}

std::string account(CorpusRandom& random) {
  return random.of("123456789", 12);
}

std::string word(CorpusRandom& random) {
  static const std::vector<std::string> k_words = {
      "platform",     "ledger",   "stream",   "evidence", "registry",   "handle",
      "orchestrator", "aurora",   "redis",    "lambda",   "gateway",    "runtime",
      "learning",     "snapshot", "teardown", "verdict",  "posture",    "manifest",
      "materialized", "oracle",   "ingress",  "checkout", "settlement", "warehouse"};
  return random.pick(k_words);
}

std::string words(CorpusRandom& random, std::size_t count, std::string_view between) {
  std::string text = word(random);
  for (std::size_t i = 1; i < count; ++i) text += std::string(between) + word(random);
  return text;
}

std::string quoted(const std::string& key, const std::string& value) {
  return "\"" + key + "\": \"" + value + "\"";
}

std::string digest(CorpusRandom& random) {
  const std::string key = random.pick({"sha256", "config_digest", "oracle_input_manifest_sha256",
                                       "artifact_digest", "token_list_sha256", "secret_scan_digest",
                                       "auth_policy_hash", "password_file_checksum"});
  return "{" + quoted(key, random.of(k_hex, 64)) + "}";
}

std::string run_ids(CorpusRandom& random) {
  return "{" +
         quoted("platform_run_id", "platform_" + stamp(random) + random.pick({"", "_01", "_17"})) +
         ", " + quoted("scenario_run_id", "scenario_" + random.of(k_hex, 32)) + ", " +
         quoted("execution_id", "m3" + random.of("abcdefghij", 1) + "_" + stamp(random)) + "}";
}

std::string claim(CorpusRandom& random) {
  return "{" + quoted("nonce", random.of(k_hex, 32)) + ", " +
         quoted("owner", words(random, 2, "-")) + ", " +
         quoted("auth_nonce", random.of(k_hex, 32)) + ", " +
         quoted("claimed_at_utc", "2026-02-23T17:43:07Z") + "}";
}

std::string arn(CorpusRandom& random) {
  const std::string base = "eu-west-2:" + account(random) + ":";
  const std::string text = random.pick(
      {"arn:aws:iam::" + account(random) + ":role/" + words(random, 3, "-"),
       "arn:aws:kafka:" + base + "cluster/" + words(random, 2, "-") + "/" + random.uuid() + "-s3",
       "arn:aws:secretsmanager:" + base + "secret:" + word(random) + "/db-" +
           random.of(k_base62, 6),
       "arn:aws:ssm:" + base + "parameter/" + word(random) + "/password",
       "arn:aws:kms:" + base + "key/" + random.uuid(),
       "arn:aws:states:" + base + "execution:" + words(random, 2, "-") + ":platform_" +
           stamp(random)});
  return random.pick({quoted("arn", text), "* `DB_SECRET_ARN = \"" + text + "\"`",
                      quoted("secret_arn", text), "{\"ARN\":\"" + text + "\"}",
                      "uses " + text + " for it", "secret_arn = " + text});
}

std::string resource_ids(CorpusRandom& random) {
  return "[\"subnet-0" + random.of(k_hex, 16) + "\",\"sg-0" + random.of(k_hex, 16) + "\",\"vpc-" +
         random.of(k_hex, 17) + "\"] AROA" + random.of(k_upper_digits, 17) + " AIDA" +
         random.of(k_upper_digits, 17) + " ANPA" + random.of(k_upper_digits, 17);
}

std::string etag(CorpusRandom& random) {
  return "{" + quoted("etag", "\\\"" + random.of(k_hex, 32) + random.pick({"", "-12"}) + "\\\"") +
         ", " + quoted("version_id", random.of(k_base64url, 32)) + ", " +
         quoted("request_id", random.of(k_upper_digits, 16)) + "}";
}

std::string object_key(CorpusRandom& random) {
  return quoted("key", "evidence/runs/platform_" + stamp(random) + "/run_pin/" +
                           words(random, 2, "_") + ".json") +
         ", " +
         quoted("auth_key_prefix", "evidence/dev_full/run_control/m3a_" + stamp(random) + "/");
}

std::string secret_path(CorpusRandom& random) {
  const std::string path = "/" + words(random, 2, "-") + "/dev_full/" + word(random) + "/";
  const std::string name = random.pick({"password", "token", "api_key", "secret_key"});
  return random.pick({"* `SSM_" +
                          random.pick({"AURORA_PASSWORD", "DATABRICKS_TOKEN", "IG_API_KEY"}) +
                          "_PATH = \"" + path + name + "\"` (materialized in M2.C)",
                      quoted("password_path", path + name),
                      "{\"db_secret\": {" + quoted("value", path + name) + "}}",
                      quoted("token", "\\/" + word(random) + "\\/" + random.uuid() + "\\/" + name),
                      "ROLE_TOKEN_PATH=" + path + name});
}

std::string policy_word(CorpusRandom& random) {
  return random.pick(
      {quoted("SECRETS_BACKEND", "ssm_and_secrets_manager"),
       quoted("IG_AUTH_HEADER_NAME", "X-IG-Api-Key"), quoted("IG_AUTH_MODE", "api_key"),
       quoted("auth_mode", "SASL_IAM"), "token_type: Bearer",
       quoted("KMS_KEY_ALIAS_PLATFORM", "alias/" + words(random, 3, "-")),
       quoted("secret_posture", words(random, 4, "_")), "password_policy = \"rotate_every_90d\"",
       quoted("signing_key", "alias/" + words(random, 2, "-") + "-v" + random.of(k_digits, 1)),
       quoted("token_signing_algorithm", "SHA256withRSA"),
       quoted("auth_user", "svc@" + word(random) + ".example.net"),
       quoted("secrets_posture",
              "no plaintext secret is published (" + words(random, 3, ", ") + ")"),
       quoted("token_expires_at", "2026-02-23T17:43:07.123456Z"),
       "\"secrets\": [\"" + words(random, 2, "_") + "\", \"" + words(random, 3, "-") + "\"]",
       "SECRETS_PLAINTEXT_OUTPUT_ALLOWED = false", quoted("auth_account", account(random))});
}

std::string placeholder(CorpusRandom& random) {
  const std::string value =
      random.pick({"${DB_PASSWORD_FROM_VAULT}", "<your-token-Goes-Here-1>",
                   "{{ secrets.API_KEY_V2 }}", "TO_PIN", "****************", "xxxxxxxxxxxxxxxxxxxx",
                   "$REDIS_PASSWORD_2", "[REDACTED:ab12CD34]", "%DB_PASSWORD%"});
  return random.pick({"password=" + value, quoted("api_key", value), "AUTH_TOKEN: '" + value + "'",
                      "url: postgres://app:" +
                          random.pick({"${PGPASSWORD}", "****", "{password}"}) + "@db.internal/x",
                      "AKIA" + std::string(16, 'X'), "ghp_" + std::string(36, 'x'),
                      "sk_live_" + std::string(24, '0')});
}

std::string url(CorpusRandom& random) {
  return random.pick(
      {"https://{api_id}.execute-api.eu-west-2.amazonaws.com/v1",
       "http://ig.ingress.svc.cluster.local:8080",
       "s3://" + words(random, 3, "-") + "/oracle/input_manifest.json",
       "git+ssh://git@github.com/team/repo.git", "https://example.net:8443/a@b?x=1#y",
       "boot-" + random.of(k_base36, 8) + ".c3.kafka-serverless.eu-west-2.amazonaws.com:9098",
       "jdbc:postgresql://db:5432/fraud?sslmode=verify-full&user=app",
       "abfss://" + words(random, 2, "-") + "@acct.dfs.core.windows.net/x",
       "https://example.net/?sig=none&token=" + word(random), "ssh://git@host:22/repo"});
}

std::string terraform_output(CorpusRandom& random) {
  return "{\"" + words(random, 2, "_") + "\": {\"sensitive\": false, \"type\": \"string\", " +
         quoted("value", "sg-0" + random.of(k_hex, 16)) +
         "}, \"db_secret_arn\": {\"sensitive\": false, " +
         quoted("value", "arn:aws:secretsmanager:eu-west-2:" + account(random) + ":secret:db-" +
                             random.of(k_base62, 6)) +
         "}}";
}

std::string cost_row(CorpusRandom& random) {
  return random.of(k_digits, 2) + "." + random.of(k_digits, 10) +
         ",USD,2026-02-01T00:00:00Z,2026-02-02T00:00:00Z,AWS Secrets Manager," + account(random) +
         ",EUW2-AWSSecretsManager-Secrets,\"" + random.of(k_base36, 26) + "\"\n";
}

std::string encoded_text(CorpusRandom& random) {
  return quoted("body", base64_of("{\"message\": \"" + words(random, 8, " ") + "\"}")) + ", " +
         quoted("certificate", "MII" + random.of(k_base64, 120)) + ", " +
         quoted("data", random.of(k_base64, 88));
}

std::string prose(CorpusRandom& random) {
  return "The token of the " + word(random) + " is kept in " + word(random) +
         "; the password: see the " + word(random) +
         " page. Authorization: bearer tokens are never logged. secret: " + word(random) +
         ", key = " + words(random, 2, ".") + "\n";
}

std::string small_things(CorpusRandom& random) {
  return "#" + random.of(k_hex, 6) + " v" + random.of("123456789", 1) + "." +
         random.of(k_digits, 1) + ".0-rc1 " + random.uuid() + " " + random.of(k_hex, 40) + " 0x" +
         random.of(k_hex, 16) + " " + random.of(k_digits, 18) + " C:\\new\\" + word(random) +
         " 50%25 " + random.of(k_base62, 22);
}

std::string log_of_blocker(CorpusRandom& random) {
  return "{" + quoted("code", "M3E-B7") + ", " +
         quoted("message", "secret material in the run evidence payload") + ", " +
         quoted("where", "inputs/" + word(random) + ".json:12:" + random.of("123456789", 2)) +
         ", " + quoted("found", "rule aws-secret-access-key") + ", " +
         quoted("required_platform_run_id_env_key", "REQUIRED_PLATFORM_RUN_ID") + "}";
}

}  // namespace

std::vector<HarmlessSample> make_harmless(std::uint32_t seed, int count) {
  struct Kind {
    std::string name;
    std::string (*make)(CorpusRandom&);
  };
  static const std::vector<Kind> k_kinds = {{"digests", digest},
                                            {"run ids", run_ids},
                                            {"claims", claim},
                                            {"ARNs", arn},
                                            {"resource ids", resource_ids},
                                            {"ETags and versions", etag},
                                            {"object keys", object_key},
                                            {"paths of secrets", secret_path},
                                            {"policy words", policy_word},
                                            {"placeholders", placeholder},
                                            {"URLs", url},
                                            {"terraform outputs", terraform_output},
                                            {"cost rows", cost_row},
                                            {"base64 of text", encoded_text},
                                            {"prose", prose},
                                            {"hashes, ids, versions", small_things},
                                            {"blockers", log_of_blocker}};
  CorpusRandom random(seed);
  std::vector<HarmlessSample> samples;
  for (int i = 0; i < count; ++i) {
    const Kind& kind = k_kinds[static_cast<std::size_t>(i) % k_kinds.size()];
    samples.push_back({kind.name, kind.make(random)});
  }
  return samples;
}

}  // namespace runpin
