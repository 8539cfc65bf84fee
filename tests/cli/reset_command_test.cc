// Resets on record, through the real program: what `reset record` writes and refuses, how `resume`
// and M3.G read it, and how a receipt that another tool wrote is found and settled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/succession.h"
#include "tests/cli/held_workspace.h"

namespace runpin::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* k_later = "2026-02-23T18:00:00Z";
constexpr const char* k_receipt = "reset_20260223T180000Z/reset_receipt.json";

class ResetCommand : public ::testing::Test {
 protected:
  std::string stored(const std::string& key) const {
    const auto objects = held_.durable();
    const auto found = objects.find(k_run_control + key);
    return found == objects.end() ? "" : found->second;
  }
  // What M3.G of the newest attempt found on record.
  Json observed(const std::string& stamp) const {
    return held_.artifact("m3g_" + stamp, "m3g_reset_class_matrix.json")["observed_resets"];
  }

  HeldWorkspace held_;
};

TEST_F(ResetCommand, LetsANoGoRunGoOnFromItsFailedLane) {
  held_.drift();
  held_.restore_manifest();
  const Finished refused = held_.runpin({"resume", "--now", k_later});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_EQ(refused.out, "");
  ASSERT_THAT(lines_of(refused.err), SizeIs(1));
  EXPECT_THAT(refused.err, AllOf(HasSubstr("NO_GO_RESET_REQUIRED"),
                                 HasSubstr("no reset receipt answers m3g_20260223T175000Z"),
                                 HasSubstr(" reset record --class C --actor A")));

  const Finished done = held_.must(0, reset_record({"--now", k_later}));
  EXPECT_EQ(done.out, std::string(k_run_control) + k_receipt + "\n");
  const Json resumed = held_.json({"resume", "--now", "2026-02-23T18:01:00Z"});
  EXPECT_EQ(resumed["verdict"], Json("ADVANCE_TO_M4"));
  const auto& lanes = resumed["lanes"].items();
  EXPECT_EQ(lanes.at(5)["execution_id"], Json("m3f_20260223T174307Z"));
  EXPECT_EQ(lanes.at(6)["execution_id"], Json("m3g_20260223T180100Z"));

  const Json resets = observed("20260223T180100Z");
  ASSERT_THAT(resets.items(), SizeIs(1));
  const Json& reset = resets.items()[0];
  EXPECT_EQ(reset["receipt_id"], Json("reset_20260223T180000Z"));
  EXPECT_EQ(reset["class"], Json("service_runtime_reset"));
  EXPECT_EQ(reset["actor"], Json("duty@example"));
  EXPECT_EQ(reset["reason"], Json("manifest restored"));
  EXPECT_EQ(reset["scope"], Json("oracle manifest"));
  EXPECT_EQ(reset["recorded_at_utc"], Json(k_later));
}

// What is recorded for a later instant is not yet on record.
TEST_F(ResetCommand, AReceiptFromTheFutureDoesNotCount) {
  held_.drift();
  held_.restore_manifest();
  held_.must(0, reset_record({"--now", k_later}));
  EXPECT_NE(held_.runpin({"resume", "--now", "2026-02-23T17:59:59Z"}).exit_code, 0);
}

TEST_F(ResetCommand, WritesTheReceiptThatItPrints) {
  held_.drift();
  const Json document = held_.json(reset_record({"--now", k_later}));
  EXPECT_EQ(document["key"], Json(std::string(k_run_control) + k_receipt));
  EXPECT_EQ(document["exit_code"], Json(0));
  EXPECT_EQ(stored(k_receipt), pretty(document["receipt"]));
  const Json status = held_.json({"status"});
  EXPECT_EQ(document["receipt"],
            object({{"schema", "runpin_reset_receipt_v1"},
                    {"receipt_id", "reset_20260223T180000Z"},
                    {"recorded_at_utc", k_later},
                    {"class", "service_runtime_reset"},
                    {"actor", "duty@example"},
                    {"reason", "manifest restored"},
                    {"scope", "oracle manifest"},
                    {"adjudicates", Json::Array{}},
                    {"platform_run_id", status["platform_run_id"]},
                    {"answers_execution_id", "m3g_20260223T175000Z"},
                    {"answers_hold_class", "NO_GO_RESET_REQUIRED"},
                    {"answers_blockers", document["receipt"]["answers_blockers"]}}));
  EXPECT_THAT(document["receipt"]["answers_blockers"].items(), Contains(Json("M3G-B2")));
}

TEST_F(ResetCommand, EachNoGoNeedsAReceiptOfItsOwn) {
  held_.drift();
  held_.must(0, reset_record({"--now", k_later}));
  held_.must(4, {"resume", "--now", "2026-02-23T18:01:00Z"});  // the manifest is still another one
  held_.restore_manifest();
  const Finished refused = held_.runpin({"resume", "--now", "2026-02-23T18:02:00Z"});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.err, HasSubstr("no reset receipt answers m3g_20260223T180100Z"));
  held_.must(0, reset_record({"--now", "2026-02-23T18:03:00Z"}));
  held_.must(0, {"resume", "--now", "2026-02-23T18:04:00Z"});
  EXPECT_THAT(observed("20260223T180400Z").items(), SizeIs(2));
}

TEST_F(ResetCommand, AReceiptThatIsNoAnswerDoesNotCount) {
  held_.drift();
  Json receipt = object({{"actor", "a"},
                         {"reason", "r"},
                         {"class", "checkpoint_reset"},
                         {"scope", "s"},
                         {"recorded_at_utc", k_later},
                         {"answers_execution_id", "m3g_20260223T175000Z"}});
  const struct {
    const char* field;
    Json value;
    const char* said;
  } k_cases[] = {
      {"recorded_at_utc", "2026-02-23T17:49:59Z", "it is older than the attempt"},
      {"recorded_at_utc", "yesterday", "it has no usable recorded_at_utc"},
      {"actor", " ", "it has no usable actor"},
      {"actor", nullptr, "it has no usable actor"},
      {"class", "full_wipe", "its class is not permitted"},
      {"answers_execution_id", "m3a_20260223T174307Z", "no reset receipt answers"},
      {"answers_execution_id", nullptr, "no reset receipt answers"},
  };
  int number = 0;
  for (const auto& c : k_cases) {
    HeldWorkspace held;
    held.drift();
    Json flawed = receipt;
    flawed.set(c.field, c.value);
    held.plant("reset_20260223T18000" + std::to_string(number++) + "Z/reset_receipt.json",
               pretty(flawed));
    const Finished refused = held.runpin({"resume", "--now", "2026-02-23T19:00:00Z"});
    EXPECT_EQ(refused.exit_code, 4) << c.said;
    EXPECT_THAT(refused.err, HasSubstr(c.said));
  }
  held_.plant("reset_20260223T180000Z/reset_receipt.json", pretty(receipt));
  held_.restore_manifest();
  held_.must(0, {"resume", "--now", "2026-02-23T19:00:00Z"});
}

TEST_F(ResetCommand, RefusesWhatShouldNotStandOnRecordAndWritesNothing) {
  held_.drift();
  const std::string secret = std::string("AKIA") + "QRSTUVWX3456MNOP";
  const struct {
    const char* option;
    std::string value;
    const char* said;
  } k_cases[] = {
      {"--class", "full_wipe",
       "use one of service_runtime_reset, checkpoint_reset, data_replay_reset"},
      {"--class", "", "is no permitted reset class"},
      {"--class", secret, "is no permitted reset class"},
      {"--actor", "", "found none"},
      {"--reason", "  ", "found none"},
      {"--scope", "\u00a0", "found none"},
      {"--actor", "a\nb", "line break"},
      {"--reason", "a\x1b[2Jb", "control character"},
      {"--scope", "a\u202eb", "control character"},
      {"--scope", "a\u0085b", "control character"},
      {"--actor", "\xff", "UTF-8"},
      {"--actor", std::string(201, 'a'), "at most 200 characters, found 201"},
      {"--reason", std::string(2001, 'a'), "at most 2000 characters"},
      {"--scope", std::string(501, 'a'), "at most 500 characters"},
      {"--actor", secret, "aws-access-key-id"},
      {"--reason", "rotated " + secret, "aws-access-key-id"},
      {"--scope", "https://user:hunter2hunter2@example.com/x", "secret material"},
      {"--now", "2026-02-23", "--now"},
      {"--now", "2026-02-23T17:49:59Z", "is before 2026-02-23T17:50:00Z"},
      {"--adjudicates", "reset_20200101T000000Z", "neither a reset receipt's id nor the stamp"},
      {"--adjudicates", secret, "neither a reset receipt's id nor the stamp"},
  };
  const auto before = held_.durable();
  for (const auto& c : k_cases) {
    auto arguments = reset_record({"--now", k_later});
    const auto option = std::find(arguments.begin(), arguments.end(), c.option);
    if (option == arguments.end())
      arguments.insert(arguments.end(), {c.option, c.value});
    else
      *(option + 1) = c.value;
    for (const bool json : {false, true}) {
      if (json) arguments.push_back("--json");
      const Finished done = held_.runpin(arguments);
      EXPECT_EQ(done.exit_code, 2) << c.option << " " << c.said;
      EXPECT_THAT(done.err, HasSubstr(c.said));
      EXPECT_THAT(lines_of(done.err), SizeIs(1)) << c.said;
      EXPECT_THAT(done.out + done.err, Not(HasSubstr(secret)));
      EXPECT_THAT(done.out + done.err, Not(HasSubstr("hunter2")));
    }
  }
  EXPECT_EQ(held_.durable(), before);
}

TEST_F(ResetCommand, RepeatsNoSecretThatStandsInTheWrongPlace) {
  held_.drift();
  const std::string secret = std::string("AKIA") + "QRSTUVWX3456MNOP";
  for (const auto& arguments :
       {reset_record({"run", secret}), reset_record({secret}), reset_record({"--" + secret})}) {
    const Finished done = held_.runpin(arguments);
    EXPECT_EQ(done.exit_code, 2);
    EXPECT_THAT(done.out + done.err, Not(HasSubstr(secret)));
  }
}

TEST_F(ResetCommand, AcceptsWordsOfAnyLanguageUpToTheirLimit) {
  held_.drift();
  std::string longest;
  for (int i = 0; i < 200; ++i) longest += "😀";
  auto arguments = reset_record({"--now", k_later});
  arguments[5] = longest;
  const Json document = held_.json(arguments);
  EXPECT_EQ(document["receipt"]["actor"], Json(longest));
}

TEST_F(ResetCommand, TakesTheNextIdWhereTheSecondIsTaken) {
  held_.drift();
  std::vector<std::string> keys;
  for (int i = 0; i < 3; ++i) keys.push_back(held_.must(0, reset_record({"--now", k_later})).out);
  const std::string root = k_run_control;
  EXPECT_THAT(keys, ElementsAre(root + "reset_20260223T180000Z/reset_receipt.json\n",
                                root + "reset_20260223T180000Z_01/reset_receipt.json\n",
                                root + "reset_20260223T180000Z_02/reset_receipt.json\n"));
  for (int i = 3; i < 100; ++i)
    held_.plant(std::string("reset_20260223T180000Z_") + (i < 10 ? "0" : "") + std::to_string(i) +
                    "/reset_receipt.json",
                "{}");
  const Finished full = held_.runpin(reset_record({"--now", k_later}));
  EXPECT_EQ(full.exit_code, 2);
  EXPECT_THAT(full.err, HasSubstr("try again a second later"));
}

TEST_F(ResetCommand, RacingWritersEachGetAnIdOfTheirOwn) {
  held_.drift();
  std::vector<std::future<Finished>> racing;
  for (int i = 0; i < 8; ++i)
    racing.push_back(std::async(std::launch::async, [this] {
      return held_.runpin(reset_record({"--now", k_later}));
    }));
  std::set<std::string> keys;
  for (auto& one : racing) {
    const Finished done = one.get();
    EXPECT_EQ(done.exit_code, 0) << done.err;
    keys.insert(done.out);
  }
  EXPECT_THAT(keys, SizeIs(8));
}

TEST_F(ResetCommand, IsForRunsThatAreHeld) {
  const Finished none = held_.runpin(reset_record());
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("the store knows no run yet"));
  held_.must(0, {"run", "--to", "c", "--now", "2026-02-23T17:43:07Z"});
  EXPECT_THAT(held_.must(2, reset_record()).err, HasSubstr("nothing holds the run"));
  held_.must(0, {"resume", "--now", "2026-02-23T17:44:00Z"});
  const Finished advanced = held_.must(2, reset_record());
  EXPECT_THAT(advanced.err, HasSubstr("nothing holds the run of m3d_20260223T174400Z"));
  EXPECT_THAT(advanced.err, HasSubstr("runpin -w " + held_.root().string() + " run"));
}

TEST_F(ResetCommand, MayBeRecordedForARunOnHold) {
  const std::string runbook = held_.read("docs/run_process_flow.md");
  held_.replace("docs/run_process_flow.md", "Mandatory reset classes", "Reset classes");
  held_.must(3, {"run", "--now", "2026-02-23T17:43:07Z"});
  const Json document = held_.json(reset_record({"--now", k_later}));
  EXPECT_EQ(document["receipt"]["answers_hold_class"], Json("HOLD_REMEDIATE"));
  EXPECT_EQ(document["receipt"]["answers_execution_id"], Json("m3a_20260223T174307Z"));
  held_.write("docs/run_process_flow.md", runbook);
  held_.must(0, {"resume", "--now", k_later});
  EXPECT_THAT(observed("20260223T180000Z").items(), SizeIs(1));
}

TEST_F(ResetCommand, ANoGoOfAnEarlierRunIsAnsweredByName) {
  held_.drift();
  held_.restore_manifest();
  held_.must(0, {"run", "--now", "2026-02-23T17:55:00Z"});
  EXPECT_EQ(held_.runpin(reset_record({"--now", k_later})).exit_code, 2);
  const Json document = held_.json(reset_record({"--now", k_later, "20260223T174307Z"}));
  EXPECT_EQ(document["receipt"]["answers_execution_id"], Json("m3g_20260223T175000Z"));
}

// A fix as the blocker prints it, with words for its letters.
std::vector<std::string> as_arguments(const std::string& fix) {
  const std::string command = fix.substr(0, fix.find(", then "));
  std::vector<std::string> arguments;
  for (std::size_t at = command.find(' ') + 1; at != 0; at = command.find(' ', at) + 1)
    arguments.push_back(command.substr(at, command.find(' ', at) - at));
  for (std::string& word : arguments) {
    if (word == "C") word = "data_replay_reset";
    if (word == "A" || word == "R" || word == "S") word = "words";
  }
  return arguments;
}

TEST_F(ResetCommand, AFlawedReceiptOfAnotherToolHoldsUntilItIsAdjudicated) {
  const struct {
    const char* code;
    std::string bytes;
  } k_cases[] = {
      {"M3G-B5", "{}"},
      {"M3G-B5", "[1, 2"},
      {"M3G-B5", "7"},
      {"M3G-B5",
       R"({"actor": "a", "reason": "r", "class": "checkpoint_reset", "scope": "s",
           "answers_execution_id": "m3a_20260223T174307Z"})"},
      {"M3G-B5",
       R"({"actor": "a", "reason": "r", "class": "checkpoint_reset", "scope": ["s"],
           "recorded_at_utc": "2026-02-23T17:43:07Z", "platform_run_id": "platform_20260223T174307Z"})"},
      {"M3G-B4",
       R"({"actor": "a", "reason": "r", "class": "full_wipe", "scope": "s",
           "recorded_at_utc": "2026-02-23T17:43:07Z", "platform_run_id": "platform_20260223T174307Z"})"},
  };
  for (const auto& c : k_cases) {
    HeldWorkspace held;
    held.must(0, {"run", "--to", "f", "--now", "2026-02-23T17:43:07Z"});
    held.plant("reset_by_hand/reset_receipt.json", c.bytes);
    EXPECT_EQ(held.runpin({"resume", "--now", "2026-02-23T17:50:00Z"}).exit_code, 3) << c.bytes;
    const auto blockers = held.blockers();
    ASSERT_THAT(blockers, Contains(Key(std::string(c.code)))) << c.bytes;
    const Json& says = blockers.at(c.code);
    EXPECT_EQ(says["where"], Json(std::string(k_run_control) + "reset_by_hand/reset_receipt.json"));
    auto cure = as_arguments(says["fix"].text());
    cure.insert(cure.end(), {"--now", k_later});
    held.must(0, cure);
    const Finished resumed = held.runpin({"resume", "--now", "2026-02-23T18:01:00Z"});
    EXPECT_EQ(resumed.exit_code, 0) << c.bytes << resumed.out;
    held.must(0, {"run", "--now", "2026-02-23T18:02:00Z"});
  }
}

TEST_F(ResetCommand, AReceiptOfAnotherRunConcernsOnlyThatRun) {
  held_.must(0, {"run", "--to", "f", "--now", "2026-02-23T17:43:07Z"});
  held_.plant("reset_a/reset_receipt.json", R"({"answers_execution_id": "m3a_20250101T000000Z"})");
  held_.plant("reset_b/reset_receipt.json", R"({"platform_run_id": "platform_20250101T000000Z"})");
  held_.must(0, {"resume", "--now", "2026-02-23T17:50:00Z"});
  EXPECT_THAT(observed("20260223T175000Z").items(), SizeIs(0));
}

TEST_F(ResetCommand, ASecretInAnotherToolsReceiptIsNotPublishedAgain) {
  const std::string secret = std::string("AKIA") + "QRSTUVWX3456MNOP";
  held_.must(0, {"run", "--to", "f", "--now", "2026-02-23T17:43:07Z"});
  held_.plant("reset_by_hand/reset_receipt.json",
              R"({"class": "checkpoint_reset", "actor": "a", "scope": "s", "reason": ")" + secret +
                  R"(", "recorded_at_utc": "2026-02-23T17:43:07Z"})");
  const Finished held = held_.runpin({"resume", "--now", "2026-02-23T17:50:00Z", "-v"});
  EXPECT_EQ(held.exit_code, 3);
  EXPECT_THAT(held_.blockers(), Contains(Key(std::string("M3G-B5"))));
  EXPECT_THAT(held.out + held.err, Not(HasSubstr(secret)));
  for (const auto& [key, bytes] : held_.durable())
    EXPECT_TRUE(key.find("reset_by_hand") != std::string::npos ||
                bytes.find(secret) == std::string::npos)
        << key;
}

TEST_F(ResetCommand, ARunThatWentOnAfterNoGoWithoutAResetHoldsUntilItIsAdjudicated) {
  held_.drift();
  held_.restore_manifest();
  const Reservation unanswered{ExecutionId("m3g_20260223T175500Z"),
                               *Instant::parse_stamp("20260223T175500Z"),
                               "0",
                               ExecutionId("m3g_20260223T175000Z"),
                               'g',
                               'j',
                               'g'};
  held_.plant("m3g_20260223T175500Z/reservation.json", pretty(to_json(unanswered)));
  held_.plant("m3g_20260223T175500Z/starts_at.json", start_body(unanswered));
  held_.plant("m3g_20260223T175000Z/continued_by.json", succession_body(unanswered));
  held_.must(3, {"resume", "--now", "2026-02-23T17:56:00Z"});
  const auto blockers = held_.blockers();
  ASSERT_THAT(blockers, Contains(Key(std::string("M3G-B6"))));
  auto cure = as_arguments(blockers.at("M3G-B6")["fix"].text());
  cure.insert(cure.end(), {"--now", k_later});
  held_.must(0, cure);
  held_.must(0, {"resume", "--now", k_later});
}

TEST_F(ResetCommand, ReadsItsReceiptsUnderPinnedFieldNames) {
  held_.replace("handles.registry.md", "`FIELD_PLATFORM_RUN_ID = \"platform_run_id\"`",
                "`FIELD_PLATFORM_RUN_ID = \"prid\"`");
  held_.drift();
  held_.restore_manifest();
  const Json document = held_.json(reset_record({"--now", k_later}));
  EXPECT_TRUE(document["receipt"]["prid"].if_string());
  EXPECT_EQ(document["receipt"].find("platform_run_id"), nullptr);
  held_.must(0, {"resume", "--now", k_later});
}

TEST_F(ResetCommand, HelpNamesTheClassesAndTheLaw) {
  const std::string help = held_.must(0, {"reset", "record", "--help"}).out;
  for (const char* said : {"service_runtime_reset, checkpoint_reset, data_replay_reset",
                           "NO_GO_RESET_REQUIRED", "--adjudicates", "Who made the reset"})
    EXPECT_THAT(help, HasSubstr(said));
}

}  // namespace
}  // namespace runpin::testing
