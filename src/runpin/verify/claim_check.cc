#include "runpin/verify/claim_check.h"

#include "runpin/base/bytes.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/handles.h"
#include "runpin/lanes/run_objects.h"
#include "runpin/verify/attempts.h"

namespace runpin {

std::string check_claim(const RecordedExecution& execution, EvidenceSnapshot& evidence,
                        Inventory& inventory, EvidenceFindings& findings) {
  const Json& facts = execution.facts();
  const auto& probes = facts["probes"].items();
  if (probes.empty() || probes.back()["outcome"].text() != "claimed") return "";
  const HandleFacts handles(facts["handles"]);
  const std::string& id = probes.back()["platform_run_id"].text();
  const std::string root =
      replace_all(handles.text("S3_EVIDENCE_RUN_ROOT_PATTERN"), "{platform_run_id}", id);
  if (root.empty()) return "";
  const std::string key = root + std::string(k_claim_name);
  if (const auto listed = evidence.list_from_store(root); !listed)
    findings.add(listed.error(), root);
  inventory.prefixes.insert(root);
  inventory.explained.insert(key);
  const Bytes expected =
      pretty(claim_body(execution.context, id, handles.value("ROLE_TERRAFORM_APPLY_DEV_FULL")));
  const auto object = evidence.get(ObjectKey(key));
  if (!object) {
    findings.add(object.error(), key);
  } else if (!*object) {
    findings.add({"missing", "the claim of the run's id is gone", "one object", "no object", key});
  } else if (execution.context.reservation.nonce.empty()) {
    return root;  // the reservation cannot be read, and that is said
  } else if ((*object)->bytes != expected) {
    const Reservation& reservation = execution.context.reservation;
    const auto [ours, theirs] = differing(expected, (*object)->bytes);
    findings.add(
        {"attempt",
         "the claim is not that of the attempt which pinned this id, whose reservation is " +
             execution.inputs.layout.reservation_key(reservation.execution_id).str(),
         ours, theirs, key});
  }
  return root;
}

void note_lost_claim(const VerifySetting& setting, const ExecutionId& pin,
                     EvidenceSnapshot& evidence, EvidenceFindings& findings) {
  const Handle pattern = setting.registry.get("S3_EVIDENCE_RUN_ROOT_PATTERN");
  const auto instant = instant_of(Stamp(pin.str().substr(std::string_view("m3b_").size())));
  if (pattern.state != HandleState::k_resolved || !instant) return;
  const std::string& text = pattern.value->text();
  const std::string prefix =
      text.substr(0, text.find("{platform_run_id}")) + "platform_" + instant->stamp();
  if (const auto listed = evidence.list_from_store(prefix); !listed)
    return findings.add(listed.error(), prefix);
  for (const ObjectKey& key : evidence.keys_under(prefix)) {
    if (!key.str().ends_with(k_claim_name)) continue;
    const auto object = evidence.get(key);
    const auto body = object && *object ? read_json((*object)->bytes, key.str()) : Result<Json>();
    if (body && (*body)["execution_id"].text() == pin.str())
      findings.note(
          "claimed by an attempt that was stopped before it committed; the id stays taken",
          key.str());
  }
}

}  // namespace runpin
