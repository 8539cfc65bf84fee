#include "runpin/lanes/platform_trust.h"

#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/iam_role.h"
#include "runpin/gate/store_probe.h"

namespace runpin {
namespace {

constexpr std::string_view k_role = "ROLE_TERRAFORM_APPLY_DEV_FULL";
constexpr const char* k_store_code = "M3A-B5";
constexpr const char* k_caller_code = "M3A-B6";

std::string form_of(const Json& versioned) {
  return versioned.is_true() ? "a versioned bucket" : "an unversioned bucket";
}

Json role_json(const std::optional<IamRole>& role) {
  if (!role) return nullptr;
  return object({{"partition", role->partition}, {"account", role->account}, {"name", role->name}});
}

Json user_json(std::string_view arn) {
  return is_user_arn(arn) ? Json(sha256(arn).str()) : Json();
}

}  // namespace

// The stamp's reservation was written a moment ago: it shows how the bucket keeps versions now.
Json gather_store_trust(const LaneContext& context, World& world) {
  if (world.workspace().store.kind == BackendKind::k_sqlite) return nullptr;
  Result<std::optional<RecordedReceipt>> probe;
  Result<bool> versioned;
  world.at_once({[&](World& w) { probe = newest_probe(w.store(), *context.layout); },
                 [&](World& w) {
                   versioned = is_versioned(w.store(),
                                            context.layout->reservation_key(context.execution_id));
                 }});
  if (!probe) return fact_of(probe.error());
  if (!*probe) return fact_of(object({{"probe", nullptr}}));
  if (!versioned) return fact_of(versioned.error());
  const Json& said = (*probe)->body;
  return fact_of(object({{"probe", (*probe)->key.str()},
                         {"probe_sha256", (*probe)->sha256.str()},
                         {"passed", said["passed"]},
                         {"violations", said["violations"]},
                         {"versioned", said["versioned"]},
                         {"versioned_now", *versioned}}));
}

void judge_store_trust(const Json& fact, const std::string& store, Blockers& blockers) {
  if (fact.is_null() || blockers.raised(k_store_code)) return;
  const Fact trust(fact);
  const std::string fix = "runpin probe-store, then runpin run";
  const Json& probe = trust.value["probe"];
  if (trust.failed())
    blockers.raise(k_store_code,
                   {"whether the evidence store keeps write-once cannot be found out",
                    "the receipt of runpin probe-store", trust.failure(), store, fix});
  else if (probe.is_null())
    blockers.raise(k_store_code, {"the evidence store was never seen to keep write-once",
                                  "the receipt of runpin probe-store", "none", store, fix});
  else if (!trust.value["passed"].is_true())
    blockers.raise(
        k_store_code,
        {"the evidence store does not keep write-once", "one winner of all racing writers",
         join(trust.value["violations"].strings().value_or(std::vector<std::string>{"no receipt"}),
              "; "),
         probe.text(), "use a store that honours If-None-Match (docs/aws.md), " + fix});
  else if (trust.value["versioned"] != trust.value["versioned_now"])
    blockers.raise(k_store_code, {"the bucket's versioning was changed since it was probed",
                                  form_of(trust.value["versioned"]),
                                  form_of(trust.value["versioned_now"]), probe.text(), fix});
}

Json gather_caller(World& world) {
  if (!world.has_caller()) return nullptr;
  return fact_of(world.caller_arn(), [](const std::string& arn) {
    return object({{"caller", describe_caller(arn)},
                   {"role", role_json(parse_role(arn))},
                   {"user_sha256", user_json(arn)}});
  });
}

void judge_caller(const Json& fact, const HandleFacts& handles, Blockers& blockers) {
  if (fact.is_null() || !handles.resolved(k_role)) return;
  const Fact caller(fact);
  const std::string& pinned = handles.text(k_role);
  if (caller.failed()) {
    blockers.raise(k_caller_code,
                   {"whose credentials these are cannot be found out", pinned, caller.failure(),
                    handles.where(k_role), "give its credentials (docs/aws.md), then runpin run"});
    return;
  }
  const auto role = parse_role(pinned);
  if (!role && !is_user_arn(pinned)) {
    blockers.raise(k_caller_code,
                   handles.explain_value(
                       k_role, "the ARN of a role or an IAM user, to hold the caller against"));
  } else if (role ? role_json(role) != caller.value["role"]
                  : user_json(pinned) != caller.value["user_sha256"]) {
    const char* act_as = role ? "assume that role (aws sts assume-role, or role_arn in a profile)"
                              : "use that user's credentials";
    blockers.raise(k_caller_code,
                   {"these credentials are not those that the registry pins", pinned,
                    caller.value["caller"].text(), handles.where(k_role),
                    fmt::format("{}, or pin the role that you run as for {}", act_as, k_role)});
  }
}

}  // namespace runpin
