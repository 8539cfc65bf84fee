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
    std::vector<Outcome> outcomes(commands.size());
    std::vector<std::thread> threads;
    const auto started = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < commands.size(); ++i)
      threads.emplace_back([&, i] {
        auto arguments = commands[i];
        arguments.push_back("--json");
        outcomes[i].done = workspace_.runpin(arguments);
        outcomes[i].report = parsed(outcomes[i].done.out);
      });
    for (std::thread& thread : threads) thread.join();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;
    std::cout << "figure: race of " << commands.size() << " processes in " << wall.count()
              << " s\n";
    return outcomes;
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
}

TEST_F(PinRace, OfSixtyFourAtDifferentInstantsAllAdvance) {
  std::vector<std::vector<std::string>> commands;
  for (int i = 0; i < k_processes; ++i)
    commands.push_back({"run", "--now",
                        "2026-02-23T17:" + std::to_string(10 + i / 60) + ":" +
                            (i % 60 < 10 ? "0" : "") + std::to_string(i % 60) + "Z"});
  std::set<std::string> ids;
  for (const Outcome& outcome : race(commands)) {
    EXPECT_EQ(outcome.done.exit_code, 0) << outcome.done.out << outcome.done.err;
    ids.insert(outcome.report["platform_run_id"].text());
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(k_processes));
}

// A run that was stopped half way, gone on with by several people at once: nobody's evidence gets
// into another's way.
TEST_F(PinRace, ResumesOfOneRunAtOneInstantAdvanceOrFindItDone) {
  workspace_.json({"run", "--to", "d", "--now", "2026-02-23T17:00:00Z"});
  std::set<std::string> verdicts;
  int advanced = 0;
  for (const Outcome& outcome :
       race({8, std::vector<std::string>{"resume", "--now", k_sample_now}})) {
    if (outcome.done.exit_code == 2) {
      EXPECT_NE(outcome.done.err.find("nothing to resume"), std::string::npos) << outcome.done.err;
      continue;
    }
    EXPECT_EQ(outcome.done.exit_code, 0) << outcome.done.out << outcome.done.err;
    EXPECT_EQ(outcome.report["platform_run_id"], Json("platform_20260223T170000Z"));
    verdicts.insert(outcome.report["lanes"].items().at(9)["execution_id"].text());
    ++advanced;
  }
  EXPECT_GE(advanced, 1);
  EXPECT_EQ(verdicts.size(), static_cast<std::size_t>(advanced));
  EXPECT_EQ(workspace_.json({"status"})["verdict"], Json("ADVANCE_TO_M4"));
  EXPECT_EQ(workspace_.json({"list"})["runs"].items().size(), 1u);
}

}  // namespace
}  // namespace runpin::testing
