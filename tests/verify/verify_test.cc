// What `verify` says of runs that nobody tampered with, of those that did not come to their end,
// and of stores that do not answer. Tampering has tests of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/adapters/sqlite/sqlite_evidence_store.h"
#include "runpin/base/bytes.h"
#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
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
  p.sql("DELETE FROM objects WHERE key LIKE '%/m3j_%'");
  const Verified verified = verify(p);
  EXPECT_EQ(verified.exit_code, 3);
  EXPECT_EQ(verified.document["verified"], Json(false));
  EXPECT_EQ(kinds(verified), std::vector<std::string>{"incomplete"});
}

TEST(Verify, FindsArtifactsWhoseSummaryIsGoneWhereAStopCannotLeaveThem) {
  Platform p;
  p.run();
  p.delete_object(p.key('j', "m3j_execution_summary.json"));
  const Verified verified = verify(p);
  EXPECT_EQ(verified.exit_code, 4);
  EXPECT_EQ(kinds(verified),
            (std::vector<std::string>{"unexplained", "unexplained", "incomplete"}));
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

TEST(Verify, DoubtsALaneThatLeftNoDurableEvidenceUntilAResumeReplacesIt) {
  Platform p;
  refuse_publishing(p, "m3d_execution_summary.json", 9);
  p.run();
  p.undo();
  const Verified verified = verify(p);
  EXPECT_EQ(verified.exit_code, 3);
  EXPECT_THAT(kinds(verified), ::testing::Contains("missing"));
  EXPECT_EQ(p.resume().exit_code, 0);
  expect_verified(verify(p), 0, "ADVANCE_TO_M4");
}

TEST(Verify, FindsThatASummaryIsGoneThatTheAttemptsVerdictHadSeen) {
  Platform p;
  p.run();
  p.delete_object(p.key('d', "m3d_execution_summary.json"));
  const Verified verified = verify(p);
  EXPECT_EQ(verified.exit_code, 4);
  EXPECT_THAT(kinds(verified), ::testing::Contains("missing"));
}

// What a lane says of storage that took nothing is no way around being judged again.
TEST(Verify, DoubtsAVerdictThatSaysItStoodBehindWhatWasNotTaken) {
  Platform p;
  p.drop_handle("REQUIRED_PLATFORM_RUN_ID_ENV_KEY");
  p.run();
  p.forge_summary('j', [&](Json& summary) {
    Json facts = summary["facts"];
    facts.set("not_durable", Json::Array{Json("m3d_" + p.stamp())});
    summary.set("facts", facts);
  });
  const Verified verified = verify(p);
  EXPECT_NE(verified.exit_code, 0);
  EXPECT_THAT(kinds(verified), ::testing::Contains("judgement"));
}

TEST(Verify, IsAskedBeforeAResumedRunIsClosed) {
  Platform p;
  p.run('f');
  const std::string key = p.key('a', "reservation.json");
  const std::string edited =
      replace_all(p.durable().at(key), "\"last_lane\": \"f\"", "\"last_lane\": \"g\"");
  p.delete_object(key);
  p.put(key, edited);
  const Outcome resumed = p.resume();
  EXPECT_EQ(resumed.exit_code, 4);
  ASSERT_TRUE(resumed.report);
  EXPECT_EQ(resumed.report->lanes.back().blockers.front().code, "M3J-B5");
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

// What somebody writes into the store beside a run that is sound.
std::string reservation_text(const std::string& id, const std::string& continues, char last_lane,
                             const std::string& reserved_at) {
  return pretty(object({{"execution_id", id},
                        {"reserved_at_utc", reserved_at},
                        {"nonce", std::string(32, 'a')},
                        {"continues", continues.empty() ? Json() : Json(continues)},
                        {"first_lane", std::string(1, id[2])},
                        {"last_lane", std::string(1, last_lane)}}));
}

std::string first_execution(const Platform& p) {
  return "m3a_" + p.stamp();
}

std::string key_of(const std::string& execution, const std::string& name) {
  return "evidence/run_control/" + execution + "/" + name;
}

// A resume that took its place behind the run and never started.
void put_successor(Platform& p, char last_lane) {
  const std::string id = "m3d_20991231T235959Z";
  const std::string reservation =
      reservation_text(id, first_execution(p), last_lane, "2099-12-31T23:59:59Z");
  p.put(key_of(id, "reservation.json"), reservation);
  p.put(p.key('a', "continued_by.json"),
        pretty(object({{"execution_id", id},
                       {"continues", first_execution(p)},
                       {"reservation_sha256", sha256(reservation).str()}})));
}

void delete_lanes(Platform& p, const std::string& letters) {
  for (const auto& [key, bytes] : p.durable())
    for (const char letter : letters)
      if (key.find(std::string("/m3") + letter + "_" + p.stamp()) != std::string::npos)
        p.delete_object(key);
}

TEST(Verify, TakesNoOtherRunForTheOneThatIsNamed) {
  Platform p;
  p.run();
  const std::string id = p.run_id();
  for (const std::string& name : {std::string("platform_"), id.substr(0, 13),
                                  id.substr(0, id.size() - 1), id + "_01", id + "x"})
    EXPECT_EQ(verify(p, {name}).exit_code, 2) << name;
}

TEST(Verify, ComparesTheClaimThoughAnotherReservationHasItsNonce) {
  Platform p;
  p.run();
  const auto own = read_json(p.durable()[p.key('a', "reservation.json")], "reservation");
  Json other = *own;
  const std::string id = first_execution(p) + "_01";
  p.put(key_of(id, "reservation.json"), pretty(other.set("execution_id", id)));
  const Verified verified = verify(p, {p.run_id()});
  EXPECT_EQ(verified.exit_code, 4);
  EXPECT_THAT(pretty(verified.document["findings"]), HasSubstr("has the nonce of an attempt"));
}

TEST(Verify, AsksForWhatTheLastAttemptThatStartedWasAskedFor) {
  Platform held;
  held.pin("ROLE_STEP_FUNCTIONS_ORCHESTRATOR", "\"arn:aws:iam::000000000000:role/another\"");
  held.run();
  held.undo();
  delete_lanes(held, "dij");
  put_successor(held, 'c');
  EXPECT_EQ(verify(held).exit_code, 3);
  EXPECT_EQ(held.command({"status"}), 3);
  Platform green;
  green.run();
  put_successor(green, 'c');
  expect_verified(verify(green), 0, "ADVANCE_TO_M4");
}

TEST(Verify, TakesOnlyWhatARunOrResumeWritesForAGivenUpReservation) {
  for (const std::string continues : {"", "m3a_19990101T000000Z"}) {
    Platform p;
    p.run();
    const std::string id = "m3e_" + p.stamp();
    p.put(p.key('e', "reservation.json"),
          reservation_text(id, continues, 'j', "1999-01-01T00:00:00Z"));
    const Verified verified = verify(p, {p.run_id()});
    EXPECT_EQ(verified.exit_code, 4);
    EXPECT_THAT(kinds(verified), ::testing::Contains("unexplained"));
  }
}

TEST(Verify, ExplainsNoObjectByTheRegistryOnceTheRunsOwnStand) {
  Platform p;
  p.run();
  p.pin("RUN_PIN_PATH_PATTERN", "\"evidence/runs/{platform_run_id}/final_verdict.json\"");
  p.put("evidence/runs/" + p.run_id() + "/final_verdict.json", "{}\n");
  const Verified verified = verify(p);
  EXPECT_EQ(verified.exit_code, 4);
  EXPECT_EQ(kinds(verified), std::vector<std::string>{"unexplained"});
}

TEST(Verify, DoesNotPassOverALeftoverThatCannotBeRead) {
  Platform p;
  p.run('c');
  const std::string key = "evidence/runs/" + p.run_id() + "/run.json";
  p.put(key, "{}\n");
  expect_verified(verify(p), 0, nullptr);
  p.sql("UPDATE objects SET sha256 = ? WHERE key = ?", {std::string(64, '0'), key});
  EXPECT_EQ(kinds(verify(p)), std::vector<std::string>{"unreadable"});
}

// The reset receipt of a run that was at NO_GO and was gone on from.
std::string go_on_behind_a_reset(Platform& p) {
  p.undo();
  p.command({"reset", "record", "--class", "service_runtime_reset", "--actor", "amy", "--reason",
             "mended", "--scope", "m3"});
  p.resume();
  for (const auto& [key, bytes] : p.durable())
    if (key.ends_with("/reset_receipt.json")) return key;
  throw std::runtime_error("no reset receipt");
}

// NO_GO at M3.G, which asks for resets itself, or behind it, where M3.J proves M3.G again.
std::string no_go_and_reset(Platform& p, char lane) {
  if (lane == 'g') {
    p.run('f');
    p.replace("inputs/input_manifest.json", "{", "{ ");
    p.resume();
  } else {
    p.replace("handles.registry.md", "decision_or_risk_retired\"",
              "decision_or_risk_retired,bogus\"");
    p.run();
  }
  return go_on_behind_a_reset(p);
}

TEST(Verify, ReadsTheResetReceiptBehindANoGo) {
  for (const char lane : std::string("gh")) {
    SCOPED_TRACE(lane);
    Platform p;
    const std::string key = no_go_and_reset(p, lane);
    expect_verified(verify(p), 0, "ADVANCE_TO_M4");
    p.sql(
        "INSERT INTO objects (key, version, sha256, bytes) SELECT key, 2, sha256, bytes FROM "
        "objects WHERE key = ?",
        {key});
    EXPECT_EQ(kinds(verify(p)), std::vector<std::string>{"rewritten"});
    p.delete_object(key);
    EXPECT_EQ(verify(p).exit_code, 4);
    p.put(key, pretty(object({{"actor", "mallory"}})));
    EXPECT_EQ(verify(p).exit_code, 4);
  }
}

TEST(Verify, EscapesWhatAKeyWouldDoToATerminal) {
  Platform p;
  p.run();
  p.put(p.key('j', "x\nverified  ADVANCE_TO_M4\x1b[2J"), "{}\n");
  const std::string out = verify_text(p.root());
  EXPECT_THAT(out, HasSubstr("x\\x0averified  ADVANCE_TO_M4\\x1b[2J"));
  EXPECT_THAT(out, ::testing::Not(HasSubstr("\nverified")));
}

class OutOfReach : public ::testing::Test {
 protected:
  OutOfReach() { platform_.run(); }

  Verification verification(const PortFaults& faults) {
    SqliteEvidenceStore sound(platform_.root() / ".runpin/platform.db", "sqlite:platform.db");
    FaultyStore store(sound, faults);
    return verification(store);
  }

  Verification verification(EvidenceStore& store) {
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

// Gives no answer when it is asked whether it is there, and counts what it is asked besides.
class SilentStore final : public FaultyStore {
 public:
  using FaultyStore::FaultyStore;
  Result<void> check_reachable() override {
    return fail(ErrorKind::k_unavailable, "no answer", "the store");
  }
  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override {
    ++asked;
    return FaultyStore::list_versions(prefix);
  }
  int asked = 0;
};

TEST_F(OutOfReach, IsNotWaitedForASecondTime) {
  const PortFaults faults;
  SqliteEvidenceStore sound(platform_.root() / ".runpin/platform.db", "sqlite:platform.db");
  SilentStore store(sound, faults);
  EXPECT_EQ(verification(store).exit_code(), ExitCode::k_held);
  EXPECT_EQ(store.asked, 0);
}

}  // namespace
}  // namespace runpin::testing
