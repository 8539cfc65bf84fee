// The scan measured: recall on secrets of every rule in every context, false positives on harmless
// texts. Prints one line a rule and the total.
#include "tests/gate/secret_corpus.h"

#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <set>

#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {

constexpr std::uint32_t k_seed = 20260223;
constexpr int k_per_maker = 300;
constexpr int k_harmless = 10200;

struct Recall {
  int made = 0;
  int found = 0;
};

bool finds(const SecretSample& sample) {
  for (const SecretFinding& finding : scan_secrets(sample.text))
    if (finding.rule == sample.rule) return true;
  return false;
}

double percent(const Recall& recall) {
  return 100.0 * recall.found / recall.made;
}

// Where the scan goes wrong is named by rule and context; the text itself stays out of the log.
TEST(SecretCorpus, EverySecretIsFoundAndNoHarmlessTextIs) {
  std::map<std::string, Recall> by_rule;
  Recall all;
  for (const SecretSample& sample : make_secrets(k_seed, k_per_maker)) {
    const bool found = finds(sample);
    EXPECT_TRUE(found) << sample.rule << " is missed in context: " << sample.context;
    for (Recall* recall : {&by_rule[sample.rule], &all}) {
      ++recall->made;
      recall->found += found ? 1 : 0;
    }
  }
  int false_positives = 0;
  for (const HarmlessSample& sample : make_harmless(k_seed, k_harmless)) {
    const auto findings = scan_secrets(sample.text);
    false_positives += findings.empty() ? 0 : 1;
    EXPECT_TRUE(findings.empty()) << findings[0].rule << " fires on " << sample.kind << ": "
                                  << sample.text;
  }
  for (const auto& [rule, recall] : by_rule)
    std::cout << "figure: secret scan: " << rule << ": " << recall.made << " positives, recall "
              << percent(recall) << "%\n";
  std::cout << "figure: secret scan: " << all.made << " positives, recall " << percent(all) << "%; "
            << k_harmless << " negatives, " << false_positives << " false positives\n";
  EXPECT_GE(by_rule.size(), 40U);
}

TEST(SecretCorpus, EveryRuleIsMeasured) {
  std::map<std::string, int> made;
  for (const SecretSample& sample : make_secrets(k_seed, 200)) ++made[sample.rule];
  const std::vector<std::string> rules = secret_rules();
  for (const std::string& rule : rules) EXPECT_GE(made[rule], 200) << rule;
  EXPECT_EQ(made.size(), std::set<std::string>(rules.begin(), rules.end()).size());
}

// No six bytes in a row of any secret are in what the scan reports, the public prefix apart.
TEST(SecretCorpus, FindingsHoldNoPieceOfTheSecret) {
  std::set<std::string> reported;
  for (const std::string& rule : secret_rules()) reported.insert(rule);
  for (const SecretSample& sample : make_secrets(k_seed + 1, 30)) {
    for (const SecretFinding& finding : scan_secrets(sample.text)) {
      ASSERT_TRUE(reported.contains(finding.rule)) << "a rule that is no rule of the table";
      const std::size_t body = sample.secret.starts_with("github_pat_") ? 11 : 0;
      for (std::size_t at = body; at + 6 <= sample.secret.size(); ++at)
        ASSERT_EQ(finding.rule.find(sample.secret.substr(at, 6)), std::string::npos) << sample.rule;
    }
  }
}

TEST(SecretCorpus, IsTheSameForTheSameSeed) {
  const auto once = make_secrets(7, 5);
  const auto again = make_secrets(7, 5);
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i].text, again[i].text);
}

}  // namespace
}  // namespace runpin
