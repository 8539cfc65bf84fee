// What closes a resumed run though no lane is proven again: evidence that does not verify.
#include "runpin/gate/closing_proof.h"

#include <gtest/gtest.h>

#include "runpin/lanes/lanes.h"

namespace runpin::testing {
namespace {

Facts facts_with(bool is_doubt_only) {
  return object({{"evidence_flaw", object({{"kind", "digest"},
                                           {"message", "it is another one"},
                                           {"expected", "e"},
                                           {"found", "f"},
                                           {"where", "w"},
                                           {"is_doubt_only", is_doubt_only}})}});
}

TEST(ClosingProof, HoldsForAResetWhereEvidenceWasChanged) {
  const auto blockers = broken_proofs(j_phase_verdict(), {}, facts_with(false));
  ASSERT_EQ(blockers.size(), 1u);
  EXPECT_EQ(blockers[0].code, "M3J-B5");
  EXPECT_EQ(blockers[0].severity, Severity::k_s1);
  EXPECT_NE(blockers[0].says.message.find("digest: it is another one"), std::string::npos);
  EXPECT_EQ(blockers[0].says.where, "w");
}

TEST(ClosingProof, HoldsForRemediationWhereEvidenceCouldNotBeRead) {
  const auto blockers = broken_proofs(j_phase_verdict(), {}, facts_with(true));
  ASSERT_EQ(blockers.size(), 1u);
  EXPECT_EQ(blockers[0].code, "M3J-B2");
  EXPECT_EQ(blockers[0].severity, Severity::k_s2);
}

TEST(ClosingProof, HoldsNothingWhereAllOfItVerifies) {
  EXPECT_TRUE(broken_proofs(j_phase_verdict(), {}, object({{"evidence_flaw", Json()}})).empty());
}

}  // namespace
}  // namespace runpin::testing
