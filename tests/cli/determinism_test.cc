// The same inputs at the same instant give the same evidence, byte for byte, wherever and by
// whomever the program is run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <regex>
#include <set>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_writer.h"
#include "tests/adapters/temp_dir.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

struct Place {
  std::string directory;  // below the test's own
  std::map<std::string, std::string> environment;
  std::string umask;
  bool unprivileged = false;
};

const std::vector<Place>& places() {
  static const std::vector<Place> k_places{
      {"a",
       {{"TZ", "Asia/Kolkata"}, {"LC_ALL", "C"}, {"HOME", "/home/quillon"}, {"USER", "quillon"}},
       "022"},
      {"deep er/é/workspace-of-another-name",
       {{"TZ", "America/New_York"},
        {"LC_ALL", "de_DE.UTF-8"},
        {"HOME", "/var/empty/zebulon"},
        {"USER", "zebulon"},
        {"LOGNAME", "zebulon"},
        {"HOSTNAME", "kittiwake"},
        {"TMPDIR", "/tmp/zebulon"}},
       "077"},
      {"x/y/z",
       {{"TZ", "Pacific/Chatham"}, {"LC_ALL", "tr_TR.UTF-8"}, {"LANG", "ar_EG.UTF-8"}},
       "000",
       true}};
  return k_places;
}

// What may differ: the claim and the reservations hold a random nonce, and who names a reservation
// does so by its SHA-256. None of them is an artifact.
std::string without_nonce(const std::string& key, const std::string& bytes) {
  const bool has_nonce = key.ends_with("/claim.json") || key.ends_with("/reservation.json");
  if (!has_nonce && !key.ends_with("/continued_by.json")) return bytes;
  Json body = parsed(bytes);
  if (has_nonce) {
    EXPECT_EQ(body["nonce"].text().size(), 32u);
    body.set("nonce", "random");
  }
  if (!key.ends_with("/reservation.json")) {
    EXPECT_EQ(body["reservation_sha256"].text().size(), 64u);
    body.set("reservation_sha256", "of a random nonce");
  }
  return pretty(body);
}

class Determinism : public ::testing::Test {
 protected:
  struct Evidence {
    std::map<std::string, std::string> durable, local;
    std::string report;
  };

  // Where every user can run it.
  void SetUp() override { fs::copy_file(runpin_binary(), dir_.path() / "runpin"); }

  // `commands` at a place, started from there; the shell sets the umask.
  Evidence evidence_at(const Place& place, const std::vector<std::string>& commands) {
    const fs::path parent = dir_.path() / place.directory;
    fs::create_directories(parent);
    for (fs::path at = parent; at != dir_.path().parent_path(); at = at.parent_path())
      fs::permissions(at, fs::perms::all);
    Evidence evidence;
    for (const std::string& command : commands) {
      Program program;
      program.command = {"/bin/sh", "-c", "umask " + place.umask + " && " + command,
                         (dir_.path() / "runpin").string()};
      program.directory = parent.string();
      program.set = place.environment;
      program.unprivileged = place.unprivileged;
      evidence.report = run_to_end(program);
    }
    const SampleWorkspace made = SampleWorkspace::standing_at(parent / "w");
    for (const auto& [key, bytes] : made.durable())
      evidence.durable[key] = without_nonce(key, bytes);
    evidence.local = made.local();
    return evidence;
  }

  static std::string run_to_end(const Program& program) {
    const Finished done = run(program);
    EXPECT_THAT(done.exit_code, ::testing::AnyOf(0, 3)) << done.err;
    return done.out;
  }

  void expect_the_same_everywhere(const std::vector<std::string>& commands) {
    const Evidence first = evidence_at(places()[0], commands);
    ASSERT_GT(first.durable.size(), 40u);
    for (std::size_t i = 1; i < places().size(); ++i) {
      SCOPED_TRACE(places()[i].directory);
      const Evidence other = evidence_at(places()[i], commands);
      EXPECT_EQ(other.durable, first.durable);
      EXPECT_EQ(other.local, first.local);
      EXPECT_EQ(other.report, first.report);
    }
    for (const auto& [key, bytes] : first.durable) expect_nothing_of_this_machine(key, bytes);
  }

  void expect_nothing_of_this_machine(const std::string& key, const std::string& bytes) {
    char host[256] = {};
    gethostname(host, sizeof host - 1);
    EXPECT_FALSE(std::regex_search(bytes, std::regex("\\b" + std::string(host) + "\\b"))) << key;
    for (const std::string& word :
         {dir_.path().string(), dir_.path().filename().string(), std::string("quillon"),
          std::string(RUNPIN_SOURCE_DIR), fs::current_path().string()})
      EXPECT_THAT(bytes, Not(HasSubstr(word))) << key;
  }

  TempDir dir_;
};

TEST_F(Determinism, ARunIsTheSameInEveryDirectoryZoneLocaleAndForEveryUser) {
  expect_the_same_everywhere(
      {"\"$0\" init w --sample", "\"$0\" -w w run --now 2026-02-23T17:43:07Z --json"});
}

TEST_F(Determinism, AHoldAndItsResumeAreTheSameToo) {
  expect_the_same_everywhere(
      {"\"$0\" init w --sample && cp w/docs/run_process_flow.md sound.md && "
       "sed -i 's/Rerun from failed/Rerun from any/' w/docs/run_process_flow.md",
       "\"$0\" -w w run --now 2028-02-29T23:59:59Z --json",
       "cp sound.md w/docs/run_process_flow.md && "
       "\"$0\" -w w resume --now 2028-03-01T00:00:00Z --json"});
}

TEST_F(Determinism, TheRootSummaryHasOneHashEverywhere) {
  std::set<std::string> hashes;
  for (const Place& place : places())
    hashes.insert(sha256(evidence_at(place, {"\"$0\" init w --sample",
                                             "\"$0\" -w w run --now 2026-02-23T17:43:07Z"})
                             .durable.at("evidence/run_control/m3j_20260223T174307Z/"
                                         "m3j_execution_summary.json"))
                      .str());
  EXPECT_EQ(hashes.size(), 1u);
}

TEST_F(Determinism, ChangesWithWhatItIsAFunctionOf) {
  const Place& place = places()[0];
  const auto at = [&](const std::string& name, const std::string& now) {
    return evidence_at({place.directory + name, place.environment, place.umask},
                       {"\"$0\" init w --sample", "\"$0\" -w w run --now " + now});
  };
  EXPECT_NE(at("1", "2026-02-23T17:43:07Z").local, at("2", "2026-02-23T17:43:08Z").local);
}

}  // namespace
}  // namespace runpin::testing
