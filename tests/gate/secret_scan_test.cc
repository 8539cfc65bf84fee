#include "runpin/gate/secret_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "runpin/canon/json_writer.h"
#include "tests/gate/corpus_random.h"

namespace runpin {

void PrintTo(const SecretFinding& finding, std::ostream* out) {
  *out << where(finding.rule, finding.position);
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Put together here, so that no file holds a string of a credential's form.
std::string aws_id() {
  return std::string("AK") + "IAQ3EGTZ5LX7MBN2WY";
}
std::string github() {
  return std::string("gh") + "p_" + "8sK2mQv9XtB4nLw7RzC1yHd6Jf3Gp5Ta0UeV";
}
std::string opaque() {
  return std::string("q7Vt2Zx9") + "Kb4Nw8Lr3Ms6";
}
std::string pem_head() {
  return std::string(5, '-') + "BEGIN RSA PRIVATE" + " KEY" + std::string(5, '-');
}

SecretFinding finding(std::string rule, std::size_t line, std::size_t column) {
  return {std::move(rule), {line, column}};
}

std::vector<std::string> rules_of(const std::vector<SecretFinding>& findings) {
  std::vector<std::string> rules;
  for (const SecretFinding& found : findings) rules.push_back(found.rule);
  return rules;
}

TEST(SecretScan, NamesRuleAndPlace) {
  EXPECT_THAT(scan_secrets("first line\n  id " + aws_id() + "\n"),
              ElementsAre(finding("aws-access-key-id", 2, 6)));
}

TEST(SecretScan, ReportsEverySecretInOrder) {
  EXPECT_THAT(scan_secrets(github() + "\n" + aws_id() + " " + aws_id() + "\n" + pem_head()),
              ElementsAre(finding("github-token", 1, 1), finding("aws-access-key-id", 2, 1),
                          finding("aws-access-key-id", 2, 22), finding("private-key", 3, 1)));
}

TEST(SecretScan, SaysEverySecretOnceWhereTheFieldTellsItToo) {
  EXPECT_THAT(scan_secrets("{\"auth_token\": \"" + github() + "\"}"),
              ElementsAre(finding("github-token", 1, 17)));
}

TEST(SecretScan, PointsAtTheFirstEscapeOfAnEscapedSecret) {
  const std::string escaped = "\\u0041" + aws_id().substr(1);
  EXPECT_THAT(scan_secrets("{\n \"x\": \"é " + escaped + "\"}"),
              ElementsAre(finding("aws-access-key-id", 2, 11)));
}

TEST(SecretScan, FindsASecretRightAfterAnEscape) {
  EXPECT_THAT(scan_secrets("{\"x\": \"a\\n" + aws_id() + "\\n\"}"),
              ElementsAre(finding("aws-access-key-id", 1, 11)));
  EXPECT_THAT(scan_secrets("https://h/?u=x%3A" + aws_id() + "%2F"),
              ElementsAre(finding("aws-access-key-id", 1, 18)));
}

TEST(SecretScan, LooksThroughThreeLevelsOfEscapes) {
  std::string text = "{\"db_password\":{\"value\":\"" + opaque() + "\"}}";
  for (int level = 1; level <= 3; ++level) {
    text = canonical(object({{"body", text}}));
    EXPECT_THAT(rules_of(scan_secrets(text)), ElementsAre("high-entropy-secret-field"))
        << "level " << level;
  }
}

TEST(SecretScan, FindsAnEscapedUrlWithAPassword) {
  EXPECT_THAT(scan_secrets("{\"u\":\"postgres:\\/\\/app:" + opaque() + "@db\\/x\"}"),
              ElementsAre(finding("credentials-in-url", 1, 24)));
}

TEST(SecretScan, PointsAtTheBase64ThatWrapsASecret) {
  const std::string wrapped = base64_of("key: " + pem_head() + "\nabc\n");
  EXPECT_THAT(scan_secrets("data:\n  blob: " + wrapped), ElementsAre(finding("private-key", 2, 9)));
  EXPECT_THAT(
      scan_secrets("{\"blob\":\"" + base64_of("{\"password\": \"" + opaque() + "\"}") + "\"}"),
      ElementsAre(finding("high-entropy-secret-field", 1, 10)));
}

TEST(SecretScan, ReadsJsonThatIsCutOffOrDoubled) {
  EXPECT_EQ(scan_secrets("{\"a\":{\"password\":\"" + opaque()).size(), 1U);
  EXPECT_EQ(scan_secrets("{\"password\":\"" + opaque() + "\",\"password\":\"none\"}").size(), 1U);
}

TEST(SecretScan, CutOffCredentialsAreNone) {
  EXPECT_THAT(scan_secrets(aws_id().substr(0, 19)), IsEmpty());
  EXPECT_THAT(scan_secrets("x" + aws_id()), IsEmpty());
  EXPECT_THAT(scan_secrets(github().substr(0, 39)), IsEmpty());
}

// Failures name the case, never its text.
struct FieldCase {
  const char* name;
  std::string text;
};

TEST(SecretField, IsFoundWhereNameAndValueTellIt) {
  const std::string value = opaque();
  const std::string uuid = "3f2c9a7e-51d4-4b8a-9c0e-7d6f1a2b3c4d";
  const FieldCase cases[] = {
      {"environment line", "password=" + value},
      {"yaml", "DB_PASSWORD: " + value},
      {"option", "--client-secret=" + value},
      {"camel case", "dbPassword = '" + value + "'"},
      {"registry line", "* `IG_API_KEY = \"" + value + "\"` (note)"},
      {"query", "https://h/p?access_token=" + value + "&x=1"},
      {"member of secrets", "{\"secrets\": {\"db\": \"" + value + "\"}}"},
      {"item of secrets", "{\"secrets\": [\"a\", \"" + value + "\"]}"},
      {"terraform output",
       "{\"db_password\": {\"sensitive\": true, \"value\": \"" + value + "\"}}"},
      {"value in a path's handle", "{\"SSM_AURORA_PASSWORD_PATH\": \"" + value + "\"}"},
      {"quote inside", "{\"password\": \"" + value + "\\\"" + value + "\"}"},
      {"approle", "{\"secret_id\": \"" + uuid + "\"}"},
  };
  for (const FieldCase& field : cases)
    EXPECT_THAT(rules_of(scan_secrets(field.text)), ElementsAre("high-entropy-secret-field"))
        << field.name;
}

TEST(SecretField, IsLeftAloneWhereNameOrValueIsHarmless) {
  const std::string value = opaque();
  const std::string uuid = "3f2c9a7e-51d4-4b8a-9c0e-7d6f1a2b3c4d";
  const FieldCase cases[] = {
      {"other name", "value=" + value},
      {"other member", "{\"note\": \"" + value + "\"}"},
      {"prose", "password: see the runbook"},
      {"short", "password=short1"},
      {"policy word", "SECRETS_BACKEND = \"ssm_and_secrets_manager\""},
      {"angle brackets", "\"token\": \"<token-From-Vault-9>\""},
      {"variable", "TOKEN=${TOKEN_V2_From_Env}"},
      {"path", "{\"secrets\": {\"db\": \"/app/db/password\"}}"},
      {"no strings", "{\"token\": true, \"secret_count\": 12, \"auth\": null}"},
      {"id", "{\"token_id\": \"" + uuid + "\", \"secret_version_id\": \"" + uuid + "\"}"},
      {"word inside a word", "{\"author\": \"" + value + "\", \"authority\": \"" + value + "\"}"},
      {"digest",
       "{\"token_list_sha256\": \"" + std::string(32, 'a') + "0123456789abcdef0123456789abcdef\"}"},
  };
  for (const FieldCase& field : cases)
    EXPECT_THAT(scan_secrets(field.text), IsEmpty()) << field.name;
}

TEST(SecretScan, ReadsANameAndItsValueTogether) {
  EXPECT_THAT(scan_named_value("IG_API_KEY", opaque()),
              ElementsAre(finding("high-entropy-secret-field", 1, 2)));
  EXPECT_THAT(scan_named_value("SOME_HANDLE", opaque()), IsEmpty());
  EXPECT_THAT(scan_named_value("SOME_HANDLE", aws_id()),
              ElementsAre(finding("aws-access-key-id", 1, 2)));
  EXPECT_THAT(scan_named_value("SSM_AURORA_PASSWORD_PATH", opaque()),
              ElementsAre(finding("high-entropy-secret-field", 1, 2)));
}

TEST(SecretScan, PlacesAFindingInTheCanonicalFormOfANamedValue) {
  EXPECT_THAT(scan_named_value("DB_TOKENS", array({"one", Json(opaque())})),
              ElementsAre(finding("high-entropy-secret-field", 1, 9)));
  EXPECT_THAT(scan_named_value("X", object({{"a", "b"}, {"db_password", Json(opaque())}})),
              ElementsAre(finding("high-entropy-secret-field", 1, 25)));
}

TEST(SecretScan, LetsANamedValueNameASecretsPlace) {
  EXPECT_THAT(
      scan_named_value("SSM_AURORA_PASSWORD_PATH", "/fraud-platform/dev_full/aurora/password"),
      IsEmpty());
  EXPECT_THAT(scan_named_value("IG_AUTH_HEADER_NAME", "X-IG-Api-Key"), IsEmpty());
  EXPECT_THAT(scan_named_value("SECRETS_PLAINTEXT_OUTPUT_ALLOWED", false), IsEmpty());
  EXPECT_THAT(
      scan_named_value("IG_BASE_URL", "https://{api_id}.execute-api.eu-west-2.amazonaws.com/v1"),
      IsEmpty());
  EXPECT_THAT(scan_named_value("AUTH_TOKEN_REF", Json()), IsEmpty());
}

constexpr std::string_view k_registry = R"md(# HANDLES REGISTRY - v0

* `ENV_LADDER = "local_parity->dev_min->dev_full->prod_target"`
* `MSK_AUTH_MODE = "SASL_IAM"`
* `TAG_RUN_ID_KEY = "fp_run_id"` -> `fraud-platform`
* `SCENARIO_EQUIVALENCE_KEY_INPUT = "sha256(canonical_json_v1)"`
* `TF_STATE_KEY_CORE = "dev_full/core/terraform.tfstate"`
* `ORACLE_ENGINE_RUN_ID = "0b17fe1c4cd94a7f8e2a6d5b93c01e77"`
* `EVIDENCE_RUN_JSON_KEY = "evidence/runs/{platform_run_id}/run.json"`
* `MSK_CLUSTER_ARN = "arn:aws:kafka:eu-west-2:111122223333:cluster/fp-msk/4f0c2d1e-7a6b-4c3d-9e8f-0a1b2c3d4e5f-s3"`
* `MSK_BOOTSTRAP_BROKERS_SASL_IAM = "boot-4k2x9q7z.c3.kafka-serverless.eu-west-2.amazonaws.com:9098"` (materialized)
* `MSK_CLIENT_SUBNET_IDS = ["subnet-0a1b2c3d4e5f60718","subnet-0f9e8d7c6b5a43210"]`
* `MSK_SECURITY_GROUP_ID = "sg-01f2e3d4c5b6a7980"`
* `IG_AUTH_MODE = "api_key"`
* `IG_AUTH_HEADER_NAME = "X-IG-Api-Key"`
* `IG_BASE_URL = "https://{api_id}.execute-api.eu-west-2.amazonaws.com/v1"`
* `IG_BASE_URL_EKS_FALLBACK = "http://ig.ingress.svc.cluster.local:8080"`
* `REPORTER_LOCK_KEY_PATTERN = "reporter:{platform_run_id}"`
* `SSM_AURORA_PASSWORD_PATH = "/fraud-platform/dev_full/aurora/password"`
* `SSM_DATABRICKS_TOKEN_PATH = "/fraud-platform/dev_full/databricks/token"`
* `/fraud-platform/dev_full/ig/api_key`
* `SECRETS_BACKEND = "ssm_and_secrets_manager"`
* `SECRETS_PLAINTEXT_OUTPUT_ALLOWED = false`
* `KMS_KEY_ALIAS_PLATFORM = "alias/fraud-platform-dev-full"`
* `DBX_WORKSPACE_URL = "TO_PIN"`
* `ROLE_TERRAFORM_APPLY = "arn:aws:iam::111122223333:user/operator"` (repin to the managed role)
* `DB_SECRET_ARN = "arn:aws:secretsmanager:eu-west-2:111122223333:secret:fp/db-a1B2c3"`
)md";

TEST(SecretScan, FindsNothingInARegistry) {
  EXPECT_THAT(scan_secrets(k_registry), IsEmpty());
}

std::string contents_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Where the material that this project was made from lies beside it, nothing in it is a secret
// either.
TEST(SecretScan, FindsNothingInTheRegistryAndPlansBesideTheProject) {
  const std::filesystem::path beside =
      std::filesystem::path(RUNPIN_SOURCE_DIR).parent_path() / "shared";
  for (const char* folder : {"data/registries", "seeds", "spec"}) {
    if (!std::filesystem::exists(beside / folder)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(beside / folder))
      EXPECT_THAT(scan_secrets(contents_of(entry.path())), IsEmpty()) << entry.path().filename();
  }
}

// Nothing of a provider's form stands in a file: the corpora are put together at run time.
TEST(SecretScan, FindsNoProvidersCredentialInItsOwnSources) {
  int files = 0;
  const std::filesystem::path root(RUNPIN_SOURCE_DIR);
  for (const char* folder : {"src", "tests/gate"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string type = entry.path().extension();
      if (type != ".h" && type != ".cc") continue;
      ++files;
      for (const SecretFinding& found : scan_secrets(contents_of(entry.path())))
        EXPECT_TRUE(found.rule == "high-entropy-secret-field" || found.rule == "credentials-in-url")
            << where(entry.path().string(), found.position) << ": " << found.rule;
    }
  }
  EXPECT_GT(files, 50);
}

TEST(SecretScan, TakesAnyBytes) {
  CorpusRandom random(11);
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
  EXPECT_THAT(scan_secrets(""), IsEmpty());
  EXPECT_THAT(scan_secrets(all_bytes), IsEmpty());
  for (int i = 0; i < 500; ++i) {
    const std::string noise = random.of(all_bytes, random.below(400));
    const auto findings = scan_secrets(noise + " " + aws_id() + " " + noise);
    EXPECT_THAT(findings,
                testing::Contains(testing::Field(&SecretFinding::rule, "aws-access-key-id")));
  }
}

TEST(SecretScan, FindsTheOneSecretInAMebibyte) {
  const std::vector<std::string> fillers = {"token=",      "\"",
                                            "[",           "{\"",
                                            "\\u0041",     "%25",
                                            "QUtJQUFB",    "a://b:",
                                            "eyJ.",        "\"private_key\":\"",
                                            "secret_key,", "authorization: bearer ",
                                            "\\",          "\xff"};
  for (const std::string& filler : fillers) {
    std::string text;
    while (text.size() < (1U << 20)) text += filler;
    const auto findings = scan_secrets(text + "\n \n" + github() + "\n");
    EXPECT_THAT(findings, ElementsAre(finding("github-token", 3, 1))) << filler;
  }
}

TEST(SecretScan, ScansFromManyThreadsAlike) {
  std::vector<std::vector<SecretFinding>> results(8);
  std::vector<std::jthread> threads;
  for (auto& result : results)
    threads.emplace_back(
        [&result] { result = scan_secrets(aws_id() + " " + github() + "\npassword=" + opaque()); });
  threads.clear();
  for (const auto& result : results) EXPECT_EQ(result, results[0]);
  EXPECT_EQ(results[0].size(), 3U);
}

}  // namespace
}  // namespace runpin
