// Finished runs are changed in every way that a hand with the database can, and `verify` must find
// it: named, and never as verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "runpin/base/bytes.h"
#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "tests/support/process.h"
#include "tests/support/verified.h"
#include "tests/tampering/evidence_db.h"
#include "tests/tampering/finished_runs.h"
#include "tests/tampering/random_change.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t k_seed = 20260223;
constexpr int k_trials_a_kind = 150;
constexpr int k_trials_with_the_binary = 60;

using Objects = std::map<std::string, std::string>;

struct Tampering {
  std::vector<std::string> keys;  // everything that was changed, what it began with first: one of
                                  // them must be named
  // The record was rewritten up to its root, or is the root itself: then it may contradict nothing.
  bool reaches_root = false;
};

// Draws a change of the run and makes it; nothing where the run has nothing of the kind.
using Kind = std::optional<Tampering> (*)(Random&, const FinishedRun&, EvidenceDb&);

template <class Map>
const auto& any_of(Random& random, const Map& map) {
  return *std::next(map.begin(), static_cast<std::ptrdiff_t>(draw(random, map.size())));
}

bool ends_with_any(const std::string& key, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (key.ends_with(name)) return true;
  return false;
}

bool is_document_of_attempt(const std::string& key) {
  return ends_with_any(
      key, {"/claim.json", "/reservation.json", "/continued_by.json", "/starts_at.json"});
}

// What nothing else of a run tells of: the nonce of a run that was held before it claimed an id.
bool is_bound(const FinishedRun& run, const std::string& key) {
  return run.has_claim || !key.ends_with("/reservation.json");
}

// A run's objects by a condition on the key.
template <class Condition>
Objects those(const FinishedRun& run, Condition condition) {
  Objects objects;
  for (const auto& [key, bytes] : run.own)
    if (is_bound(run, key) && condition(key)) objects[key] = bytes;
  return objects;
}

std::string flipped(Random& random, std::string bytes) {
  char& byte = bytes[draw(random, bytes.size())];
  byte = static_cast<char>(byte ^ (1 << draw(random, 7)));
  return bytes;
}

bool is_root(const FinishedRun& run, const std::string& bytes) {
  return sha256(bytes).str() == run.root;
}

std::optional<Tampering> flip_a_byte(Random& random, const FinishedRun& run, EvidenceDb& db) {
  const auto& [key, bytes] = any_of(random, run.own);
  db.set(key, flipped(random, bytes), EvidenceDb::Digest::k_is_left);
  return Tampering{{key}};
}

std::optional<Tampering> flip_a_byte_and_its_digest(Random& random, const FinishedRun& run,
                                                    EvidenceDb& db) {
  const Objects objects = those(run, [](const std::string&) { return true; });
  const auto& [key, bytes] = any_of(random, objects);
  db.set(key, flipped(random, bytes));
  return Tampering{{key}, is_root(run, bytes)};
}

std::string name_in(const std::string& key) {
  return key.substr(key.rfind('/'));
}

std::optional<Tampering> swap_with_another_run(Random& random, const FinishedRun& run,
                                               EvidenceDb& db) {
  const auto& [key, bytes] = any_of(random, run.own);
  for (const auto& [other, other_bytes] : run.other)
    if (name_in(other) == name_in(key) && other_bytes != bytes) {
      db.set(key, other_bytes);
      return Tampering{{key}};
    }
  return {};
}

std::optional<Tampering> remove_an_object(Random& random, const FinishedRun& run, EvidenceDb& db) {
  const auto& [key, bytes] = any_of(random, run.own);
  db.remove(key);
  return Tampering{{key}};
}

std::optional<Tampering> move_an_object(Random& random, const FinishedRun& run, EvidenceDb& db) {
  const auto& [key, bytes] = any_of(random, run.own);
  db.rename(key, key + ".bak");
  return Tampering{{key, key + ".bak"}};
}

std::optional<Tampering> add_an_object(Random& random, const FinishedRun& run, EvidenceDb& db) {
  static constexpr const char* k_names[] = {
      "note.json",        "m3x_extra.json",       "continued_by.json",
      "reservation.json", "deep/er/summary.json", "claim"};
  const auto& [key, bytes] = any_of(random, run.own);
  const std::string added =
      key.substr(0, key.rfind('/') + 1) + k_names[draw(random, std::size(k_names))];
  if (run.own.contains(added)) return {};
  db.add(added, draw(random, 2) == 0 ? bytes : "{}\n");
  return Tampering{{added}};
}

std::optional<Tampering> add_a_version(Random& random, const FinishedRun& run, EvidenceDb& db) {
  const auto& [key, bytes] = any_of(random, run.own);
  db.add(key, draw(random, 2) == 0 ? bytes : flipped(random, bytes), 2);
  return Tampering{{key}};
}

std::optional<Tampering> set_a_delete_marker(Random& random, const FinishedRun& run,
                                             EvidenceDb& db) {
  const auto& [key, bytes] = any_of(random, run.own);
  db.mark_deleted(key);
  return Tampering{{key}};
}

std::optional<Tampering> edit_a_digest(Random& random, const FinishedRun& run, EvidenceDb& db) {
  const auto& [key, bytes] = any_of(random, run.own);
  db.set_digest(key, sha256(bytes + "x").str());
  return Tampering{{key}};
}

std::optional<Tampering> lose_a_trigger(Random& random, const FinishedRun&, EvidenceDb& db) {
  static constexpr const char* k_triggers[] = {"objects_refuse_update", "objects_refuse_delete",
                                               "objects_refuse_replace"};
  const std::string name = k_triggers[draw(random, std::size(k_triggers))];
  const bool weakened = draw(random, 2) == 0;
  db.lose_trigger(name, weakened ? "CREATE TRIGGER " + name +
                                       " BEFORE UPDATE ON objects WHEN 0 BEGIN SELECT 1; END"
                                 : "");
  return Tampering{{name}};
}

Tampering forge(const FinishedRun& run, EvidenceDb& db, const std::string& key, const Json& body,
                bool to_the_root) {
  Tampering tampering{{key}};
  for (const auto& [other, bytes] : rehashed(run.own, {{key, pretty(body)}}, to_the_root)) {
    db.set(other, bytes);
    if (other != key) tampering.keys.push_back(other);
    tampering.reaches_root = tampering.reaches_root || is_root(run, run.own.at(other));
  }
  return tampering;
}

Json parsed_object(const std::string& bytes) {
  return read_json(bytes, "evidence").value_or(Json());
}

bool is_listed_artifact(const std::string& key) {
  return key.find("/m3") != std::string::npos && !is_document_of_attempt(key) &&
         !ends_with_any(key, {"run.json", "run_header.json"});
}

std::optional<Tampering> edit_and_relist(Random& random, const FinishedRun& run, EvidenceDb& db) {
  const Objects objects = those(run, is_listed_artifact);
  const auto& [key, bytes] = any_of(random, objects);
  return forge(run, db, key, changed(random, parsed_object(bytes)), false);
}

std::optional<Tampering> edit_and_rehash(Random& random, const FinishedRun& run, EvidenceDb& db) {
  const Objects objects = those(run, [](const auto& key) { return !is_document_of_attempt(key); });
  const auto& [key, bytes] = any_of(random, objects);
  return forge(run, db, key, changed(random, parsed_object(bytes)), true);
}

std::optional<Tampering> edit_facts_and_rehash(Random& random, const FinishedRun& run,
                                               EvidenceDb& db) {
  const Objects objects = those(run, [&](const std::string& key) {
    return !parsed_object(run.own.at(key))["facts"].members().empty();
  });
  const auto& [key, bytes] = any_of(random, objects);
  return forge(run, db, key, changed_within(random, parsed_object(bytes), "facts"), true);
}

// What decides: whoever wants a run through would change these.
std::optional<Tampering> edit_a_verdict_and_rehash(Random& random, const FinishedRun& run,
                                                   EvidenceDb& db) {
  static const std::map<std::string, Json> k_wishes{{"verdict", "ADVANCE_TO_M4"},
                                                    {"m4_entry_ready", true},
                                                    {"overall_pass", true},
                                                    {"hold_class", nullptr},
                                                    {"unresolved_blockers", Json::Array{}},
                                                    {"blockers", Json::Array{}},
                                                    {"blocker_count", 0},
                                                    {"unresolved", Json::Array{}},
                                                    {"next_gate", "M3.J_READY"}};
  const Objects objects = those(run, is_listed_artifact);
  const auto& [key, bytes] = any_of(random, objects);
  const auto& [field, wish] = any_of(random, k_wishes);
  Json body = parsed_object(bytes);
  if (!body.find(field)) return {};
  if (body[field] == wish)
    body = changed_within(random, body, field);
  else
    body.set(field, wish);
  Tampering tampering = forge(run, db, key, body, true);
  tampering.reaches_root = false;  // a verdict follows from the facts: it is found without the root
  return tampering;
}

std::optional<Tampering> edit_a_document_of_an_attempt(Random& random, const FinishedRun& run,
                                                       EvidenceDb& db) {
  const Objects objects = those(run, is_document_of_attempt);
  if (objects.empty()) return {};
  const auto& [key, bytes] = any_of(random, objects);
  db.set(key, pretty(changed(random, parsed_object(bytes))));
  return Tampering{{key}};
}

struct NamedKind {
  const char* name;
  Kind make;
};
constexpr NamedKind k_kinds[] = {
    {"a byte flipped", flip_a_byte},
    {"a byte flipped, the row's digest made to agree", flip_a_byte_and_its_digest},
    {"an object swapped with that of another run", swap_with_another_run},
    {"an object removed", remove_an_object},
    {"an object moved", move_an_object},
    {"an object added", add_an_object},
    {"a second version", add_a_version},
    {"a delete marker", set_a_delete_marker},
    {"a row's digest edited", edit_a_digest},
    {"a trigger dropped or weakened", lose_a_trigger},
    {"an object edited, its summary made to agree", edit_and_relist},
    {"an object edited, all above it made to agree", edit_and_rehash},
    {"facts edited, all above them made to agree", edit_facts_and_rehash},
    {"a verdict edited, all above it made to agree", edit_a_verdict_and_rehash},
    {"claim, reservation, succession or start edited", edit_a_document_of_an_attempt}};

constexpr int k_kinds_a_part = 3;
constexpr int k_parts = static_cast<int>(std::size(k_kinds)) / k_kinds_a_part;
constexpr int k_most_by_root_a_part = 50;
static_assert(std::size(k_kinds) % k_kinds_a_part == 0);
static_assert(k_parts * (k_kinds_a_part * k_trials_a_kind - k_most_by_root_a_part) >= 2000);

bool names_one_of(const Json& document, const std::vector<std::string>& keys) {
  for (const Json& finding : document["findings"].items())
    for (const char* field : {"where", "message", "found"})
      for (const std::string& key : keys)
        if (finding[field].text().find(key) != std::string::npos) return true;
  return false;
}

bool is_refused(const Verified& verified) {
  return (verified.exit_code == 3 || verified.exit_code == 4) &&
         verified.document["verified"] == Json(false) &&
         !verified.document["findings"].items().empty();
}

class DatabaseKept {
 public:
  explicit DatabaseKept(const FinishedRun& run) : root_(run.platform->root()) {
    fs::copy_file(database(), kept(), fs::copy_options::overwrite_existing);
  }
  ~DatabaseKept() {
    for (const char* suffix : {"-wal", "-shm"}) fs::remove(database().string() + suffix);
    fs::copy_file(kept(), database(), fs::copy_options::overwrite_existing);
  }
  DatabaseKept(const DatabaseKept&) = delete;
  DatabaseKept& operator=(const DatabaseKept&) = delete;
  fs::path database() const { return root_ / ".runpin/platform.db"; }

 private:
  fs::path kept() const { return root_ / "platform.db.kept"; }
  fs::path root_;
};

struct Tally {
  int changes = 0;
  int named_at_the_source = 0;
  int found_by_root = 0;
};

std::string summary_of(const Json& document) {
  std::string text;
  for (const Json& finding : document["findings"].items())
    text += finding["kind"].text() + " " + finding["where"].text() + ": " +
            finding["message"].text() + "\n";
  return text;
}

void expect_found(const FinishedRun& run, const Tampering& tampering, Tally& tally) {
  SCOPED_TRACE(tampering.keys.front());
  ++tally.changes;
  const Verified seen = verify(run.platform->root());
  if (is_refused(seen)) {
    EXPECT_TRUE(names_one_of(seen.document, tampering.keys)) << summary_of(seen.document);
    if (names_one_of(seen.document, {tampering.keys.front()})) ++tally.named_at_the_source;
    return;
  }
  EXPECT_TRUE(tampering.reaches_root) << "exit " << seen.exit_code << " " << pretty(seen.document);
  if (!tampering.reaches_root) return;
  const Verified by_root = verify(run.platform->root(), {"--root", run.root});
  ASSERT_TRUE(is_refused(by_root)) << pretty(by_root.document);
  EXPECT_EQ(by_root.document["findings"].items().front()["kind"].text(), "root");
  ++tally.found_by_root;
}

// One part has three kinds; ctest runs the parts beside each other.
class TamperingOfAKind : public ::testing::TestWithParam<int> {};

Tally tamper(Random& random, const NamedKind& kind) {
  Tally tally;
  while (tally.changes < k_trials_a_kind && !::testing::Test::HasFatalFailure()) {
    const auto& runs = finished_runs();
    const FinishedRun& run = runs[draw(random, runs.size())];
    SCOPED_TRACE(run.name);
    const DatabaseKept kept(run);
    std::optional<Tampering> tampering;
    {
      EvidenceDb db(kept.database());
      tampering = kind.make(random, run, db);
    }
    if (tampering) expect_found(run, *tampering, tally);
  }
  std::printf(
      "figure: tampering, %s: %d changes, %d named at their source, %d found by --root alone\n",
      kind.name, tally.changes, tally.named_at_the_source, tally.found_by_root);
  return tally;
}

TEST_P(TamperingOfAKind, IsFoundAndNamed) {
  const std::uint64_t seed = k_seed + static_cast<std::uint64_t>(GetParam());
  Random random(seed);
  std::printf("figure: tampering, part %d of %d, seed %llu\n", GetParam() + 1, k_parts,
              static_cast<unsigned long long>(seed));
  Tally all;
  for (int i = 0; i < k_kinds_a_part; ++i) {
    const NamedKind& kind = k_kinds[GetParam() * k_kinds_a_part + i];
    SCOPED_TRACE(kind.name);
    const Tally tally = tamper(random, kind);
    all.changes += tally.changes;
    all.found_by_root += tally.found_by_root;
  }
  EXPECT_EQ(all.changes, k_kinds_a_part * k_trials_a_kind);
  EXPECT_LE(all.found_by_root, k_most_by_root_a_part);
  std::printf(
      "figure: tampering, part %d of %d: %d changes found without the root, %d by --root alone\n",
      GetParam() + 1, k_parts, all.changes - all.found_by_root, all.found_by_root);
}

INSTANTIATE_TEST_SUITE_P(Parts, TamperingOfAKind, ::testing::Range(0, k_parts));

TEST(Tampering, KeepsStatusFromTellingAnAdvance) {
  int advances = 0;
  for (const FinishedRun& run : finished_runs()) {
    Program status;
    status.command = {RUNPIN_BINARY, "-w", run.platform->root().string(), "status"};
    if (testing::run(status).out.find("ADVANCE_TO_M4") == std::string::npos) continue;
    ++advances;
    SCOPED_TRACE(run.name);
    const DatabaseKept kept(run);
    {
      EvidenceDb db(kept.database());
      const auto objects = db.objects();
      for (const auto& [key, bytes] : objects)
        if (key.ends_with("/m3a_execution_summary.json"))
          for (const auto& [later, summary] : objects)
            if (later.ends_with("/m3b_execution_summary.json"))
              db.set(later, replace_all(summary, sha256(bytes).str(), std::string(64, '0')));
    }
    const Finished done = testing::run(status);
    EXPECT_EQ(done.exit_code, 2) << done.out;
    EXPECT_THAT(done.err, ::testing::HasSubstr("evidence does not hold: link"));
    EXPECT_THAT(done.out, ::testing::Not(::testing::HasSubstr("ADVANCE")));
  }
  EXPECT_GT(advances, 0);
}

TEST(Tampering, IsSaidByTheProgramItself) {
  Random random(k_seed + 99);
  int told = 0;
  while (told < k_trials_with_the_binary && !::testing::Test::HasFatalFailure()) {
    const auto& [name, make] = k_kinds[static_cast<std::size_t>(told) % std::size(k_kinds)];
    const auto& runs = finished_runs();
    const FinishedRun& run = runs[draw(random, runs.size())];
    SCOPED_TRACE(std::string(name) + ", " + run.name);
    const DatabaseKept kept(run);
    std::optional<Tampering> tampering;
    {
      EvidenceDb db(kept.database());
      tampering = make(random, run, db);
    }
    if (!tampering) continue;
    Program program;
    program.command = {RUNPIN_BINARY, "-w", run.platform->root().string(), "verify"};
    if (tampering->reaches_root)
      program.command.insert(program.command.end(), {"--root", run.root});
    const Finished done = testing::run(program);
    ++told;
    ASSERT_THAT(done.exit_code, ::testing::AnyOf(3, 4)) << done.out << done.err;
    ASSERT_THAT(done.out, ::testing::HasSubstr("\nNOT VERIFIED: ")) << join(tampering->keys, ", ");
    ASSERT_THAT(done.out, ::testing::Not(::testing::HasSubstr("\nverified  ")));
  }
  std::printf("figure: tampering told by the program itself: %d\n", told);
}

TEST(Tampering, IsNotSeenWhereThereIsNone) {
  for (const FinishedRun& run : finished_runs()) {
    SCOPED_TRACE(run.name);
    const Verified sound = verify(run.platform->root(), {"--root", run.root});
    EXPECT_EQ(sound.document["verified"], Json(true)) << pretty(sound.document);
    EXPECT_EQ(sound.exit_code, run.exit_code);
  }
}

}  // namespace
}  // namespace runpin::testing
