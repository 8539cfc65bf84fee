// Proves a run again from durable evidence alone: every hash, link, contract, write-once and
// verdict, of every execution of every attempt. Nothing is gathered again, and nothing is written.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "runpin/gate/report.h"
#include "runpin/gate/world.h"
#include "runpin/verify/evidence_finding.h"

namespace runpin {

struct Verification {
  RunReport report;      // how the run stands by its evidence
  std::string root_key;  // the summary at the root of the hash tree: M3.J's, or the last lane's
  Sha256 root_sha256;
  std::size_t objects = 0;  // that were read
  std::size_t bytes = 0;
  std::size_t links = 0;         // from a lane's summary to one that it stood on
  std::size_t judged_again = 0;  // executions
  std::vector<EvidenceFinding> findings;
  std::vector<EvidenceNote> notes;

  bool verified() const { return findings.empty(); }
  // Verified: that of the run itself, so that only an advance (or green lanes of a run that was to
  // go no further) is a success. Else NO_GO_RESET_REQUIRED's, or HOLD_REMEDIATE's where nothing is
  // shown to be wrong and some of it could not be read, or is not there yet.
  ExitCode exit_code() const;
};

struct VerifyOptions {
  std::optional<std::string> run;   // platform_run_id, stamp, execution id; nothing: the newest
  std::optional<std::string> root;  // SHA-256 of the root summary, as the reader knows it
};

// Where evidence lies, and what judges it. The referenced things must outlive the call.
struct VerifySetting {
  std::span<const Lane> lanes;
  EvidenceStore& store;
  AtOnce at_once;
  const Registry& registry;  // only for where evidence lies that no recorded fact tells
  const Layout& layout;
  const FieldNames& names;  // only for a lane that records none
};

// k_config when the store knows no such run, k_not_found when there is no store at all; all else is
// a finding.
Result<Verification> verify_run(const VerifySetting& setting, const VerifyOptions& options);

// {platform_run_id, scenario_run_id, config_digest, verdict, hold_class, exit_code, verified, root,
// objects, bytes, links, judged_again, findings, notes}
Json to_json(const Verification& verification);

}  // namespace runpin
