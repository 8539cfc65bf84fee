// What `verify` says of runs that nobody tampered with, of those that did not come to their end,
// and of stores that do not answer. Tampering has tests of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/adapters/sqlite/sqlite_evidence_store.h"
#include "runpin/canon/json_writer.h"
#include "runpin/cli/command_line.h"
#include "runpin/cli/gate_wiring.h"
#include "runpin/lanes/lanes.h"
#include "runpin/verify/verifier.h"
#include "tests/faults/faulty_ports.h"
#include "tests/faults/platform.h"
#include "tests/support/verified.h"

namespace runpin::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* k_receipt = "inputs/m2j_m3_entry_readiness_receipt.json";

Verified verify(const Platform& platform, const std::vector<std::string>& arguments = {}) {
  return testing::verify(platform.root(), arguments);
}

std::vector<std::string> kinds(const Verified& verified) {
  std::vector<std::string> kinds;
  for (const Json& finding : verified.document["findings"].items())
    kinds.push_back(finding["kind"].text());
  return kinds;
}

void expect_verified(const Verified& verified, int exit_code, const Json& verdict) {
  EXPECT_EQ(verified.document["verified"], Json(true)) << pretty(verified.document);
  EXPECT_EQ(verified.exit_code, exit_code);
  EXPECT_EQ(verified.document["verdict"], verdict);
}

TEST(Verify, ProvesAnAdvance) {
  Platform p;
  const Outcome run = p.run();
  const Verified verified = verify(p);
  expect_verified(verified, 0, "ADVANCE_TO_M4");
  EXPECT_EQ(verified.document["judged_again"], Json(10));
  EXPECT_EQ(verified.document["root"]["sha256"].text(),
            run.report->lanes.back().evidence.summary_sha256.str());
  EXPECT_TRUE(verified.document["notes"].items().empty());
}

TEST(Verify, ExitsWithTheHoldOfARunThatVerifies) {
  Platform held;
  held.replace(k_receipt, "\"m3_entry_ready\": true", "\"m3_entry_ready\": false");
  held.run();
  expect_verified(verify(held), 3, "HOLD_M3");
  Platform no_go;
  no_go.run('f');
  no_go.replace("inputs/input_manifest.json", "{", "{ ");
  no_go.resume();
  expect_verified(verify(no_go), 4, "HOLD_M3");
}

TEST(Verify, ProvesGreenLanesOfARunThatWasToGoNoFurther) {
  for (const char to : std::string("abcdefghi")) {
    SCOPED_TRACE(to);
    Platform p;
    p.run(to);
    expect_verified(verify(p), 0, nullptr);
  }
}

TEST(Verify, ProvesEveryAttemptOfARunThatWasResumed) {
  Platform p;
  p.replace(k_receipt, "\"m3_entry_ready\": true", "\"m3_entry_ready\": false");
  p.run();
  p.undo();
  p.resume('c');
  p.resume('f');
  p.write("docs/run_process_flow.md", "# nothing\n");
  p.resume();
  p.undo();
  p.resume();
  expect_verified(verify(p), 0, "ADVANCE_TO_M4");
}

TEST(Verify, ProvesAVerdictThatHoldsWhatWasGreenBefore) {
  Platform p;
  p.run('h');
  p.replace(k_receipt, "\"m3_entry_ready\": true", "\"m3_entry_ready\": false");
  p.resume();
  p.undo();
  expect_verified(verify(p), 3, "HOLD_M3");
}

TEST(Verify, NeedsNothingButTheEvidenceAndWhereItLies) {
  Platform p;
  p.run();
  for (const char* file : {k_receipt, "inputs/input_manifest.json", "docs/run_process_flow.md"})
    p.remove(file);
  std::filesystem::remove_all(p.root() / "runs");
  expect_verified(verify(p), 0, "ADVANCE_TO_M4");
}

TEST(Verify, TakesAnyRunByAnyOfItsNames) {
  Platform p;
  p.run();
  const std::string id = p.run_id(), stamp = p.stamp();
  p.replace(k_receipt, "\"m3_entry_ready\": true", "\"m3_entry_ready\": false");
  p.run();
  for (const std::string& name : {id, stamp, "m3d_" + stamp})
    expect_verified(verify(p, {name}), 0, "ADVANCE_TO_M4");
  expect_verified(verify(p), 3, "HOLD_M3");
  for (const std::string name : {"platform_20200101T000000Z", "m3d_20200101T000000Z", "x", ""})
    EXPECT_EQ(verify(p, {name}).exit_code, 2) << name;
}

TEST(Verify, DoubtsARunThatHasNoVerdictYet) {
  Platform p;
  p.run();
  p.delete_object(p.key('j', "m3j_execution_summary.json"));
  const Verified verified = verify(p);
  EXPECT_EQ(verified.exit_code, 3);
  EXPECT_EQ(verified.document["verified"], Json(false));
  EXPECT_EQ(kinds(verified), std::vector<std::string>{"incomplete"});
  EXPECT_EQ(verified.document["notes"].items().size(), 2u);  // the verdict's artifacts, no evidence
}

TEST(Verify, NamesASummaryThatIsGoneBeforeALaterOne) {
  Platform p;
  p.run();
  p.delete_object(p.key('g', "m3g_execution_summary.json"));
  const Verified verified = verify(p);
  EXPECT_EQ(verified.exit_code, 4);
  EXPECT_THAT(kinds(verified), ::testing::Contains("missing"));
}

TEST(Verify, FindsAnotherRootThanTheReaders) {
  Platform p;
  p.run();
  EXPECT_EQ(verify(p, {"--root", std::string(64, '0')}).exit_code, 4);
  EXPECT_EQ(verify(p, {"--root", "c3d4"}).exit_code, 2);
}

// The first `times` publications of a lane are refused.
void refuse_publishing(Platform& p, const std::string& summary, int times) {
  auto left = std::make_shared<int>(times);
  p.faults.refusals.push_back({[=](std::string_view operation, const std::string& key) {
                                 return operation == "publish" && key.ends_with(summary) &&
                                        (*left)-- > 0;
                               },
                               {ErrorKind::k_unavailable, "no answer", "the store", ""}});
}

TEST(Verify, ProvesALaneThatItsPublicationHeld) {
  for (const char* summary :
       {"m3d_execution_summary.json", "m3i_execution_summary.json", "m3j_execution_summary.json"}) {
    SCOPED_TRACE(summary);
    Platform p;
    refuse_publishing(p, summary, 1);
    p.run();
    p.undo();
    expect_verified(verify(p), 3, "HOLD_M3");
  }
}

TEST(Verify, SaysWhereOnlyASummaryCouldBePublished) {
  Platform p;
  refuse_publishing(p, "m3d_execution_summary.json", 2);
  p.run();
  p.undo();
  const Verified verified = verify(p);
  expect_verified(verified, 3, "HOLD_M3");
  EXPECT_THAT(pretty(verified.document["notes"]), HasSubstr("not judged again"));
}

TEST(Verify, DoesNotProveALaneThatLeftNoDurableEvidence) {
  Platform p;
  refuse_publishing(p, "m3d_execution_summary.json", 9);
  p.run();
  p.undo();
  const Verified verified = verify(p);
  EXPECT_EQ(verified.exit_code, 4);
  EXPECT_THAT(kinds(verified), ::testing::Contains("missing"));
}

TEST(Verify, ProvesALaneThatWasRefusedForWantOfAnAnswer) {
  Platform p;
  p.run('c');
  p.faults.refusals.push_back({[](std::string_view operation, const std::string& key) {
                                 return operation == "get" &&
                                        key.ends_with("/m3b_run_identity_seed.json");
                               },
                               {ErrorKind::k_unavailable, "no answer", "the store", ""}});
  p.resume();
  p.undo();
  expect_verified(verify(p), 3, "HOLD_M3");
}

class OutOfReach : public ::testing::Test {
 protected:
  OutOfReach() { platform_.run(); }

  Verification verification(const PortFaults& faults) {
    SqliteEvidenceStore sound(platform_.root() / ".runpin/platform.db", "sqlite:platform.db");
    FaultyStore store(sound, faults);
    const auto registry = Registry::parse(platform_.read("handles.registry.md"), "registry");
    const auto layout = Layout::from(*registry);
    const FieldNames names;
    const auto answer =
        verify_run({all_lanes(), store, one_after_another, *registry, *layout, names}, {});
    if (!answer) throw std::runtime_error(one_line(answer.error()));
    return *answer;
  }

  Platform platform_;
};

TEST_F(OutOfReach, IsADoubtWhicheverObjectItIs) {
  int objects = 0;
  for (const auto& [silent, bytes] : platform_.durable()) {
    SCOPED_TRACE(silent);
    PortFaults faults;
    faults.refusals.push_back(
        {[&silent = silent](std::string_view operation, const std::string& key) {
           return operation == "get" && key == silent;
         },
         {ErrorKind::k_unavailable, "no answer", silent, ""}});
    const Verification verification = OutOfReach::verification(faults);
    EXPECT_FALSE(verification.verified());
    EXPECT_EQ(verification.exit_code(), ExitCode::k_held)
        << pretty(to_json(verification)["findings"]);
    bool named = false;
    for (const EvidenceFinding& finding : verification.findings)
      named = named || finding.where == silent;
    EXPECT_TRUE(named);
    ++objects;
  }
  std::printf("figure: objects that did not answer, each a doubt: %d\n", objects);
}

TEST_F(OutOfReach, IsADoubtWhereNothingCanBeListed) {
  PortFaults faults;
  faults.refusals.push_back(
      {[](std::string_view operation, const std::string&) { return operation == "list_versions"; },
       {ErrorKind::k_unavailable, "no answer", "the store", ""}});
  const Verification verification = OutOfReach::verification(faults);
  EXPECT_FALSE(verification.verified());
  EXPECT_EQ(verification.exit_code(), ExitCode::k_held);
}

}  // namespace
}  // namespace runpin::testing
