// runpin explain: the exact bytes that identity and digest are the hash of, and where each field
// came from.
#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_writer.h"
#include "runpin/cli/command.h"
#include "runpin/cli/gate_wiring.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/identity.h"
#include "runpin/gate/secret_scan.h"
#include "runpin/lanes/oracle_manifest.h"

namespace runpin::cli {
namespace {

struct Options {};

void add(CLI::App& app, Options&) {
  app.footer(
      "Told from the registry and the oracle manifest as they are now. The bytes are printed as "
      "hashed: feed\n"
      "them to sha256sum to see the same digest.");
}

// What today's inputs give.
Result<IdentityPayload> current_payload(const GateWiring& gate) {
  World world(gate.ports(), gate.loaded().workspace, gate.loaded().registry);
  const Json handles = gather_handles(world, identity_handles());
  const Json manifest_fact = gather_manifest(world, HandleFacts(handles));
  const Fact manifest(manifest_fact);
  if (manifest.failed())
    return fail(ErrorKind::k_config, manifest.error["message"].text(),
                manifest.error["where"].text(), "correct inputs.oracle_manifest in runpin.toml");
  return identity_payload(HandleFacts(handles),
                          {manifest.value["uri"].text(), Sha256(manifest.value["sha256"].text())});
}

struct Explained {
  std::string name;  // "config_digest"
  std::string value;
  std::string formula;  // the profile or mode
  Json payload;
};

void show(const Explained& explained, const Json& sources, Context& context) {
  const std::string bytes = canonical(explained.payload);
  Json fields = Json::Object{};
  for (const auto& [field, value] : explained.payload.members())
    fields.set(field,
               object({{"source", sources[field].is_null() ? Json("computed") : sources[field]},
                       {"value", value}}));
  context.output.document(object({{"name", explained.name},
                                  {"value", explained.value},
                                  {"formula", explained.formula},
                                  {"sha256", sha256(bytes).str()},
                                  {"canonical_bytes", bytes},
                                  {"fields", fields},
                                  {"exit_code", k_success}}));
  context.output.progress(
      fmt::format("{} = {} ({})", explained.name, explained.value, explained.formula));
  for (const auto& [field, value] : fields.members())
    context.output.progress(fmt::format("  {:<32} from {}", field, value["source"].text()));
  context.output.progress(fmt::format("hashed, {} bytes:", bytes.size()));
  context.output.text(bytes);
}

// The bytes are shown exactly as they were hashed, or not at all.
Result<void> check_showable(const Registry& registry, const Json& payload, const Json& sources) {
  auto secrets = scan_secrets(canonical(payload));
  std::string source;
  for (const auto& [field, value] : payload.members()) {
    std::vector<std::string> names = registry.names_of(sources[field].text());
    names.push_back(field);
    const auto found = scan_named_value(names, value);
    if (found.empty()) continue;
    if (source.empty()) source = sources[field].text();
    secrets.insert(secrets.end(), found.begin(), found.end());
  }
  if (secrets.empty()) return {};
  return fail(ErrorKind::k_config,
              fmt::format("what is hashed holds secret material (rule {}), and is not shown",
                          secrets.front().rule),
              source, "take the secret out of the input, and rotate it");
}

template <class Choose>
int explain(Context& context, Choose choose) {
  const auto gate = GateWiring::make(context);
  if (!gate) return context.output.error(gate.error());
  const auto payload = current_payload(**gate);
  if (!payload) return context.output.error(payload.error());
  const Explained explained = choose(*payload, identity_of(*payload, sha256));
  if (const auto ok =
          check_showable((*gate)->loaded().registry, explained.payload, payload->sources);
      !ok)
    return context.output.error(ok.error());
  show(explained, payload->sources, context);
  return k_success;
}

int explain_digest(const Options&, Context& context) {
  return explain(context, [](const IdentityPayload& payload, const Identity& identity) {
    return Explained{"config_digest", identity.config_digest, payload.profile,
                     payload.digest_input_payload};
  });
}

int explain_scenario(const Options&, Context& context) {
  return explain(context, [](const IdentityPayload&, const Identity& identity) {
    return Explained{"scenario_run_id", identity.scenario_run_id,
                     "scenario_ + the first 32 hex digits of SHA-256", identity.scenario_payload};
  });
}

}  // namespace

Command explain_command() {
  return make_group(
      "explain", "Show the exact bytes behind a digest",
      {make_command<Options>("digest", "What config_digest is the hash of", add, explain_digest),
       make_command<Options>("scenario", "What scenario_run_id is derived from", add,
                             explain_scenario)});
}

}  // namespace runpin::cli
