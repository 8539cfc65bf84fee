// Many processes at once on one embedded store: ids are handed out once each, and the law of the
// suffixes holds to the last of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <set>
#include <thread>

#include "tests/adapters/temp_dir.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

constexpr int k_processes = 64;

struct Outcome {
  Finished done;
  Json report;
};

class PinRace : public ::testing::Test {
 protected:
  // One process a command line, all at once; the wall time is printed.
  std::vector<Outcome> race(const std::vector<std::vector<std::string>>& commands) {
    return race(workspace_, commands);
  }
  static std::vector<Outcome> race(const SampleWorkspace& workspace,
                                   const std::vector<std::vector<std::string>>& commands) {
    std::vector<Outcome> outcomes(commands.size());
    std::vector<std::thread> threads;
    const auto started = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < commands.size(); ++i)
      threads.emplace_back([&, i] {
        auto arguments = commands[i];
        arguments.push_back("--json");
        outcomes[i].done = workspace.runpin(arguments);
        outcomes[i].report = parsed(outcomes[i].done.out);
      });
    for (std::thread& thread : threads) thread.join();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;
    std::cout << "figure: race of " << commands.size() << " processes in " << wall.count()
              << " s\n";
    return outcomes;
  }

  // Each run proves itself again, and says what it said when it ended.
  void expect_verified(const std::vector<Outcome>& outcomes) const {
    for (const Outcome& outcome : outcomes) {
      const std::string id = outcome.report["lanes"].items().at(0)["execution_id"].text();
      const Finished again = workspace_.runpin({"verify", id, "--json"});
      EXPECT_EQ(again.exit_code, outcome.done.exit_code) << again.out << again.err;
      EXPECT_EQ(parsed(again.out)["verified"], Json(true)) << again.out;
    }
  }

  TempDir dir_;
  SampleWorkspace workspace_{dir_.path()};
};

std::string code_at(const Json& report, std::size_t lane) {
  const auto& blockers = report["lanes"].items().at(lane)["blockers"].items();
  return blockers.size() == 1 ? blockers.front()["code"].text() : "";
}

TEST_F(PinRace, OfSixtyFourAtOneInstantTwentyOneGetAnIdAndTheOthersHold) {
  const auto outcomes = race({k_processes, std::vector<std::string>{"run", "--now", k_sample_now}});
  std::set<std::string> ids, stamps;
  int held = 0;
  for (const Outcome& outcome : outcomes) {
    ASSERT_EQ(outcome.report["lanes"].items().size(), 10u) << outcome.done.out << outcome.done.err;
    stamps.insert(outcome.report["lanes"].items()[0]["execution_id"].text());
    if (outcome.done.exit_code == 0) {
      EXPECT_EQ(outcome.report["verdict"], Json("ADVANCE_TO_M4"));
      ids.insert(outcome.report["platform_run_id"].text());
      continue;
    }
    ++held;
    EXPECT_EQ(outcome.done.exit_code, 3) << outcome.done.err;
    EXPECT_EQ(code_at(outcome.report, 1), "M3B-B2");
    EXPECT_EQ(outcome.report["platform_run_id"], Json());
  }
  EXPECT_EQ(ids.size(), 21u);
  EXPECT_EQ(held, k_processes - 21);
  EXPECT_EQ(stamps.size(), static_cast<std::size_t>(k_processes));
  std::set<std::string> expected{"platform_20260223T174307Z"};
  for (int suffix = 1; suffix <= 20; ++suffix)
    expected.insert("platform_20260223T174307Z_" + std::string(suffix < 10 ? "0" : "") +
                    std::to_string(suffix));
  EXPECT_EQ(ids, expected);
  EXPECT_EQ(workspace_.json({"list"})["runs"].items().size(), outcomes.size());
  const std::string logbook = workspace_.read("docs/logbook.md");
  for (const Outcome& outcome : outcomes) {
    const std::string marker =
        "<!-- runpin " + outcome.report["lanes"].items()[9]["execution_id"].text() + " -->";
    EXPECT_NE(logbook.find(marker), std::string::npos) << marker;
    EXPECT_EQ(logbook.find(marker), logbook.rfind(marker)) << marker;
  }
  expect_verified(outcomes);
}

TEST_F(PinRace, OfSixtyFourAtDifferentInstantsAllAdvance) {
  std::vector<std::vector<std::string>> commands;
  for (int i = 0; i < k_processes; ++i)
    commands.push_back({"run", "--now",
                        "2026-02-23T17:" + std::to_string(10 + i / 60) + ":" +
                            (i % 60 < 10 ? "0" : "") + std::to_string(i % 60) + "Z"});
  std::set<std::string> ids;
  const auto outcomes = race(commands);
  for (const Outcome& outcome : outcomes) {
    EXPECT_EQ(outcome.done.exit_code, 0) << outcome.done.out << outcome.done.err;
    ids.insert(outcome.report["platform_run_id"].text());
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(k_processes));
  expect_verified(outcomes);
}

// How many M4 entry receipts the store holds that let M4 in, whichever attempt wrote them.
int receipts_that_let_in(const SampleWorkspace& workspace) {
  int count = 0;
  for (const auto& [key, bytes] : workspace.durable())
    if (key.ends_with("/m4_entry_readiness_receipt.json"))
      count += parsed(bytes)["m4_entry_ready"].is_true() ? 1 : 0;
  return count;
}

// A run that was stopped half way, gone on with by several people at once.
TEST_F(PinRace, OfSeveralResumesOfOneRunOneAdvances) {
  for (const char* to : {"a", "b", "c", "d", "e", "g", "i"}) {
    SCOPED_TRACE(to);
    TempDir dir;
    SampleWorkspace workspace(dir.path());
    workspace.json({"run", "--to", to, "--now", "2026-02-23T17:00:00Z"});
    int advanced = 0;
    for (const Outcome& outcome :
         race(workspace, {8, std::vector<std::string>{"resume", "--now", k_sample_now}})) {
      advanced += outcome.done.exit_code == 0 ? 1 : 0;
      if (outcome.done.exit_code != 0) {
        EXPECT_EQ(outcome.done.exit_code, 2) << outcome.done.out << outcome.done.err;
        EXPECT_THAT(outcome.done.err,
                    ::testing::AnyOf(::testing::HasSubstr("nothing to resume"),
                                     ::testing::HasSubstr("another resume goes on from"),
                                     ::testing::HasSubstr("took this run over")));
      }
    }
    EXPECT_EQ(advanced, 1);
    EXPECT_EQ(receipts_that_let_in(workspace), 1);
    EXPECT_EQ(workspace.json({"status"})["verdict"], Json("ADVANCE_TO_M4"));
    EXPECT_EQ(workspace.json({"list"})["runs"].items().size(), 1u);
  }
}

// A resume that comes while the run is still under way: one of the two brings it to its end.
TEST_F(PinRace, AResumeTakesOverARunThatIsUnderWayAndNoneIsDoubled) {
  for (int i = 0; i < 24; ++i) {
    SCOPED_TRACE(i);
    TempDir dir;
    SampleWorkspace workspace(dir.path());
    Outcome late;
    std::thread resume([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(10 + 4 * i));
      late.done = workspace.runpin({"resume", "--now", "2026-02-23T17:43:12Z", "--json"});
    });
    const Finished run = workspace.runpin({"run", "--now", k_sample_now, "--json"});
    resume.join();
    EXPECT_EQ((run.exit_code == 0) + (late.done.exit_code == 0), 1)
        << run.exit_code << run.err << late.done.exit_code << late.done.err;
    EXPECT_EQ(std::max(run.exit_code, late.done.exit_code), 2);
    EXPECT_EQ(receipts_that_let_in(workspace), 1);
    EXPECT_EQ(workspace.json({"status"})["verdict"], Json("ADVANCE_TO_M4"));
  }
}

}  // namespace
}  // namespace runpin::testing
