// M3.H: what the phase may cost and what it did cost are on record, in one currency and exact, and
// no spend stands without the proof that it bought.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "runpin/canon/decimal.h"
#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/layout.h"
#include "runpin/gate/resets.h"
#include "runpin/gate/secret_scan.h"
#include "runpin/gate/succession.h"
#include "runpin/lanes/lanes.h"

namespace runpin {
namespace {

constexpr std::string_view k_limit = "DEV_FULL_MONTHLY_BUDGET_LIMIT_USD";
constexpr std::string_view k_alerts[] = {
    "DEV_FULL_BUDGET_ALERT_1_USD", "DEV_FULL_BUDGET_ALERT_2_USD", "DEV_FULL_BUDGET_ALERT_3_USD"};
constexpr std::string_view k_currency = "BUDGET_CURRENCY";
constexpr std::string_view k_aws_enabled = "AWS_COST_CAPTURE_ENABLED";
constexpr std::string_view k_dbx_enabled = "DATABRICKS_COST_CAPTURE_ENABLED";
constexpr std::string_view k_dbx_uri = "M3H_DATABRICKS_COST_SOURCE_URI";
constexpr std::string_view k_defer_reason = "DATABRICKS_COST_CAPTURE_DEFER_REASON";
constexpr std::string_view k_reenable_gate = "DATABRICKS_COST_CAPTURE_REENABLE_GATE";
constexpr std::string_view k_fields = "COST_OUTCOME_RECEIPT_REQUIRED_FIELDS";
constexpr std::string_view k_hard_stop = "PHASE_COST_HARD_STOP_ON_MISSING_OUTCOME";
constexpr std::string_view k_flags[] = {k_aws_enabled, k_dbx_enabled};
// What the gate enforces, and the registry has to ask for.
constexpr std::string_view k_posture[] = {"PHASE_COST_OUTCOME_REQUIRED", "PHASE_ENVELOPE_REQUIRED",
                                          k_hard_stop};

struct PinnedCopy {
  std::string_view handle;
  std::string_view artifact;
};
constexpr PinnedCopy k_copies[] = {
    {"PHASE_BUDGET_ENVELOPE_PATH_PATTERN", "m3h_phase_budget_envelope.json"},
    {"PHASE_COST_OUTCOME_RECEIPT_PATH_PATTERN", "m3h_phase_cost_outcome_receipt.json"},
    {"DAILY_COST_POSTURE_PATH_PATTERN", "m3h_daily_cost_posture.json"}};

const std::vector<std::string>& cost_handles() {
  static const std::vector<std::string> k_handles = [] {
    std::vector<std::string> keys{std::string(k_limit), std::string(k_currency),
                                  std::string(k_fields), "COST_CAPTURE_SCOPE"};
    for (const std::string_view key : k_alerts) keys.emplace_back(key);
    for (const std::string_view key : k_flags) keys.emplace_back(key);
    for (const std::string_view key : k_posture) keys.emplace_back(key);
    for (const PinnedCopy& copy : k_copies) keys.emplace_back(copy.handle);
    return keys;
  }();
  return k_handles;
}

CostWindow window_of(const Instant& now) {
  return {now.month_start(), now.next_day_start()};
}

Json answer_fact(const CostAnswer& answer) {
  Json billed = Json::Object{};
  for (const auto& [currency, amount] : answer.billed_by_currency)
    billed.set(currency, amount.str());
  return object({{"origin", answer.origin},
                 {"billed_by_currency", billed},
                 {"charges", answer.charges},
                 {"estimated", answer.estimated},
                 {"partial", answer.partial}});
}

// The rates file: {"base": "USD", "rates": {"EUR": "1.08"}}, one unit of the other currency in the
// base's.
Json gather_rates(World& world) {
  if (!world.workspace().rates) return nullptr;
  const std::string& path = world.workspace().rates->value;
  const auto bytes = world.documents().read(path);
  if (!bytes) return fact_of(bytes.error());
  const auto rates = read_json(*bytes, path);
  if (!rates) return fact_of(rates.error());
  return fact_of(object({{"path", path},
                         {"sha256", sha256(*bytes).str()},
                         {"base", (*rates)["base"]},
                         {"rates", (*rates)["rates"]}}));
}

struct Emitted {
  std::string key;
  std::string sha256;
};

// The proof that the spend bought: the chain's summaries and the run's own objects.
std::vector<Emitted> emitted_artifacts(const Upstream& up) {
  std::vector<Emitted> all;
  for (const auto& [name, lane] : up.lanes)
    all.push_back({lane.summary_key, lane.summary_sha256.str()});
  const Json& run = up.artifact("M3.E", "m3e_run_json_write_receipt.json");
  const Json& header = up.artifact("M3.E", "m3e_run_header_write_receipt.json");
  all.push_back({run["resolved_run_json_key"].text(), run["readback_sha256"].text()});
  all.push_back({header["resolved_run_header_key"].text(), header["readback_sha256"].text()});
  return all;
}

Json gather_reference(World& world, const Emitted& artifact) {
  const auto object_there = world.store().get(ObjectKey(artifact.key));
  const bool found = object_there && *object_there;
  return object({{"key", artifact.key},
                 {"sha256", artifact.sha256},
                 {"found", found},
                 {"found_sha256", found ? Json(sha256((*object_there)->bytes).str()) : Json()},
                 {"error", object_there ? Json() : fact_of(object_there.error())["error"]}});
}

Json gather_references(World& world, const Upstream& up) {
  return world.for_each_at_once(emitted_artifacts(up), gather_reference);
}

Json gather_approvals(World& world, const Layout& layout) {
  const auto approvals =
      read_receipts(world.store_meanwhile(), layout, k_approval_prefix, k_approval_name);
  if (!approvals) return fact_of(approvals.error());
  Json list = Json::Array{};
  for (const RecordedReceipt& approval : *approvals) {
    // What holds a secret is no approval, and its words must not be published again.
    const bool usable = scan_secrets(pretty(approval.body)).empty();
    Json entry = object({{"key", approval.key.str()}, {"sha256", approval.sha256.str()}});
    for (const char* field : {"actor", "reason", "recorded_at_utc"})
      entry.set(field, usable ? approval.body[field] : Json());
    list.push(std::move(entry));
  }
  return fact_of(list);
}

Facts gather(const LaneContext& context, const Upstream& up, World& world) {
  Facts facts = Json::Object{};
  world.check("M3H-V1-HANDLE-CLOSURE");
  std::vector<std::string> keys = cost_handles();
  keys.insert(keys.end(),
              {std::string(k_dbx_uri), std::string(k_defer_reason), std::string(k_reenable_gate)});
  facts.set("handles", gather_handles(world, keys));
  const HandleFacts handles(facts["handles"]);
  const CostWindow window = window_of(context.now);
  const bool ask_aws = handles.value(k_aws_enabled).is_true();
  const bool ask_databricks = handles.value(k_dbx_enabled).is_true();
  Json aws, databricks, rates, approvals, references;
  world.at_once({[&](World& w) {
                   w.check("M3H-V3-AWS-COST-SOURCE");
                   if (ask_aws) aws = fact_of(w.aws_billed(window), answer_fact);
                 },
                 [&](World& w) {
                   w.check("M3H-V4-DBX-COST-SOURCE");
                   if (ask_databricks)
                     databricks = fact_of(w.databricks_billed(window), answer_fact);
                 },
                 [&](World& w) {
                   w.check("M3H-V5-ENVELOPE-BUILD");
                   rates = gather_rates(w);
                   approvals = gather_approvals(w, *context.layout);
                 },
                 [&](World& w) {
                   w.check("M3H-V6-OUTCOME-BUILD");
                   references = gather_references(w, up);
                 }});
  if (ask_aws) facts.set("aws", aws);
  if (ask_databricks) {
    facts.set("databricks", databricks);
    facts.set("databricks_source", world.workspace().databricks_cost
                                       ? Json(world.workspace().databricks_cost->target)
                                       : Json());
  }
  facts.set("rates", rates);
  facts.set("approvals", approvals);
  facts.set("references", references);
  return facts;
}

std::optional<Decimal> amount_of(const Json& value) {
  const std::string& text = value.if_number() ? value.if_number()->text : value.text();
  const auto amount = Decimal::parse(text);
  return amount ? std::optional(*amount) : std::nullopt;
}

// Each copy has a key of its own: no other object's of this lane, and none that runpin itself keeps
// among an execution's.
void judge_copies(const LaneContext& context, const HandleFacts& handles, Blockers& blockers) {
  const Layout& layout = *context.layout;
  std::map<ObjectKey, std::string> taken;  // what has the key
  for (const ArtifactContract& artifact : context.lane->artifacts)
    taken[layout.artifact_key(context.execution_id, artifact.name)] = artifact.name;
  for (const std::string_view name : {k_reservation_name, k_succession_name, k_start_name})
    taken[layout.artifact_key(context.execution_id, name)] = name;
  taken[layout.artifact_key(context.execution_id, context.lane->summary_name())] =
      context.lane->summary_name();
  for (const PinnedCopy& copy : k_copies) {
    if (!handles.resolved(copy.handle)) continue;
    const std::string& pattern = handles.text(copy.handle);
    const auto key = key_from_pattern(pattern, "phase_execution_id", context.execution_id.str());
    if (!key || pattern.find("{phase_execution_id}") == std::string::npos) {
      blockers.raise("M3H-B1", handles.explain_value(
                                   copy.handle, "an object key with {phase_execution_id} in it"));
      continue;
    }
    const bool in_control_space = key->str().starts_with(layout.root());
    if (in_control_space &&
        !key->str().starts_with(layout.execution_prefix(context.execution_id))) {
      blockers.raise(
          "M3H-B1",
          {fmt::format("{} leads among the evidence of other executions", copy.handle),
           "a key outside " + layout.root() + ", or of this execution", key->str(),
           handles.where(copy.handle), fmt::format("pin {} to another key", copy.handle)});
      continue;
    }
    const auto [owner, is_free] = taken.emplace(*key, copy.handle);
    if (is_free || owner->second == copy.artifact) continue;
    blockers.raise("M3H-B1",
                   {fmt::format("{} leads to a key that is taken", copy.handle), "a key of its own",
                    fmt::format("{}, of {}", key->str(), owner->second), handles.where(copy.handle),
                    fmt::format("pin {} to another key", copy.handle)});
  }
}

void judge_handles(const LaneContext& context, const HandleFacts& handles, Blockers& blockers) {
  for (const std::string& key : handles.unresolved(cost_handles()))
    blockers.raise("M3H-B1", handles.explain(key));
  const auto malformed = [&](std::string_view key, std::string expected) {
    blockers.raise("M3H-B1", handles.explain_value(key, std::move(expected)));
  };
  for (const std::string_view key : {k_limit, k_alerts[0], k_alerts[1], k_alerts[2]})
    if (handles.resolved(key) && !amount_of(handles.value(key)))
      malformed(key, "an amount such as 300 or 300.50");
  for (const std::string_view key : k_flags)
    if (handles.resolved(key) && !handles.value(key).if_bool()) malformed(key, "true or false");
  for (const std::string_view key : k_posture)
    if (handles.resolved(key) && !handles.value(key).is_true()) malformed(key, "true");
  if (handles.resolved(k_currency) && !k_limit.ends_with("_" + handles.text(k_currency)))
    malformed(k_currency, fmt::format("the currency of {}", k_limit));
  judge_copies(context, handles, blockers);
}

// One source's spend in the budget's currency; nothing, and a blocker, where it cannot be used.
std::optional<Decimal> judge_source(const HandleFacts& handles, const Facts& facts,
                                    const char* source, std::string_view code, Blockers& blockers) {
  const Fact answer(facts[source]);
  if (answer.failed()) {
    blockers.raise(
        code,
        {fmt::format("the {} cost source gives no usable answer", source),
         "charges within the window", answer.error["message"].text(), answer.error["where"].text(),
         answer.fix_or(
             fmt::format("correct cost.{} in runpin.toml, or write the export again", source))});
    return {};
  }
  const std::string& origin = answer.value["origin"].text();
  if (answer.value["charges"].integer() == 0) {
    blockers.raise(code, {fmt::format("the {} cost source holds no charge of this month", source),
                          "at least one charge within the window", "none", origin,
                          "write the export again for the current month"});
    return {};
  }
  Decimal total;
  const std::string& budget = handles.text(k_currency);
  const Fact rates(facts["rates"]);
  for (const auto& [currency, amount] : answer.value["billed_by_currency"].members()) {
    const auto billed = amount_of(amount);
    const auto rate = amount_of(currency == budget ? Json(1) : rates.value["rates"][currency]);
    const bool same_base = currency == budget || rates.value["base"].text() == budget;
    if (!billed || !rate || !same_base || *rate <= Decimal()) {
      const std::string pair = fmt::format("\"{}\": \"RATE\"", currency);
      blockers.raise("M3H-B7",
                     {fmt::format("spend in {} cannot be turned into {}", currency, budget),
                      fmt::format("a rate for {} in the file that cost.rates names, base {}",
                                  currency, budget),
                      facts["rates"].is_null() ? "runpin.toml names no cost.rates"
                      : rates.failed()         ? rates.failure()
                                               : "no such rate",
                      origin,
                      facts["rates"].is_null()
                          ? fmt::format("set cost.rates = \"inputs/fx.json\" in runpin.toml, and "
                                        "write {{\"base\": \"{}\", \"rates\": {{{}}}}} there",
                                        budget, pair)
                          : fmt::format("write {} into the rates file, base {}", pair, budget)});
      return {};
    }
    total = total + *billed * *rate;
  }
  if (total < Decimal()) {
    blockers.raise(
        code, {fmt::format("the {} cost source bills less than nothing for this month", source),
               "charges that outweigh their credits, or equal them",
               fmt::format("{} {}", total.str(), budget), origin,
               "correct the amounts' sign and write the export again; where the credits are real, "
               "export the charges without them (ChargeCategory Credit)"});
    return {};
  }
  return total;
}

void judge_databricks_deferral(const HandleFacts& handles, Blockers& blockers) {
  for (const std::string_view key : {k_defer_reason, k_reenable_gate})
    if (!handles.resolved(key)) blockers.raise("M3H-B4", handles.explain(key));
}

void judge_databricks_source(const HandleFacts& handles, const Facts& facts, Blockers& blockers) {
  if (!handles.resolved(k_dbx_uri)) {
    blockers.raise("M3H-B4", handles.explain(k_dbx_uri));
  } else if (facts["databricks_source"] != handles.value(k_dbx_uri)) {
    blockers.raise("M3H-B4",
                   {"the Databricks cost source is not the pinned one", handles.text(k_dbx_uri),
                    facts["databricks_source"].is_null() ? "runpin.toml names no cost.databricks"
                                                         : facts["databricks_source"].text(),
                    handles.where(k_dbx_uri),
                    fmt::format("set cost.databricks = \"focus:{}\" in runpin.toml",
                                handles.text(k_dbx_uri))});
  }
}

// The month-to-date spend over all enabled sources; nothing where one of them cannot be used.
std::optional<Decimal> judge_sources(const HandleFacts& handles, const Facts& facts,
                                     Blockers& blockers) {
  std::optional<Decimal> total;
  if (handles.value(k_aws_enabled).is_true())
    total = judge_source(handles, facts, "aws", "M3H-B3", blockers);
  else if (handles.resolved(k_aws_enabled))
    blockers.raise("M3H-B3",
                   {"AWS cost capture is switched off, and nothing waives it",
                    "AWS_COST_CAPTURE_ENABLED = true", "false", handles.where(k_aws_enabled),
                    "pin AWS_COST_CAPTURE_ENABLED to true"});
  if (!handles.value(k_dbx_enabled).is_true()) {
    if (handles.resolved(k_dbx_enabled)) judge_databricks_deferral(handles, blockers);
    return total;
  }
  judge_databricks_source(handles, facts, blockers);
  const auto databricks = judge_source(handles, facts, "databricks", "M3H-B4", blockers);
  return total && databricks ? std::optional(*total + *databricks) : std::nullopt;
}

void judge_envelope(const HandleFacts& handles, Blockers& blockers) {
  std::optional<Decimal> before = Decimal();
  std::vector<std::string> amounts;
  bool ordered = true;
  for (const std::string_view key : {k_alerts[0], k_alerts[1], k_alerts[2], k_limit}) {
    const auto amount = amount_of(handles.value(key));
    if (!amount) return;  // judged as a handle already
    const bool above = key == k_limit ? *amount >= *before : *amount > *before;
    ordered = ordered && above;
    amounts.push_back(amount->str());
    before = amount;
  }
  if (!ordered)
    blockers.raise("M3H-B5",
                   {"the budget thresholds are not in order",
                    "0 < alert 1 < alert 2 < alert 3 <= limit", join(amounts, ", "),
                    handles.where(k_alerts[0]), "pin the four amounts in ascending order"});
}

std::string alert_level(const HandleFacts& handles, const Decimal& spend) {
  std::string level = "none";
  for (int i = 0; i < 3; ++i) {
    const auto alert = amount_of(handles.value(k_alerts[i]));
    if (alert && spend >= *alert) level = fmt::format("alert_{}", i + 1);
  }
  return level;
}

// An approval from the future is not yet given.
bool approved(const Facts& facts, const Instant& now) {
  for (const Json& approval : facts["approvals"]["value"].items()) {
    const auto recorded = Instant::parse_rfc3339(approval["recorded_at_utc"].text());
    const auto says = [&](std::string_view field) {
      return approval[field].text().find_first_not_of(" \t\r\n") != std::string::npos;
    };
    const bool whole = says("actor") && says("reason");
    if (whole && recorded && *recorded >= window_of(now).start && *recorded <= now) return true;
  }
  return false;
}

void judge_spend(const HandleFacts& handles, const Facts& facts, const Instant& now,
                 const Decimal& spend, Blockers& blockers) {
  if (blockers.raised("M3H-B6") && spend > Decimal())
    blockers.raise(
        "M3H-B9",
        {"money was spent, and no accepted outcome receipt stands against it",
         "an outcome receipt with exactly the required fields",
         fmt::format("{} {} and no such receipt", spend.str(), handles.text(k_currency)),
         handles.where(k_fields),
         fmt::format("mend what M3H-B6 names, then {}, then runpin resume", k_reset_command)});
  if (const auto limit = amount_of(handles.value(k_limit)); limit && spend > *limit)
    blockers.raise(
        "M3H-B10",
        {"month-to-date spend is above the budget's limit, which no approval covers",
         fmt::format("at most {} {}", limit->str(), handles.text(k_currency)),
         fmt::format("{} {}", spend.str(), handles.text(k_currency)), handles.where(k_limit),
         fmt::format("spend less, or pin {} to the amount that may be spent", k_limit)});
  else if (alert_level(handles, spend) == "alert_3" && !approved(facts, now))
    blockers.raise(
        "M3H-B10",
        {"month-to-date spend has reached alert 3 without a recorded approval",
         "an approval of this month, or less spend",
         fmt::format("{} {}", spend.str(), handles.text(k_currency)), handles.where(k_alerts[2]),
         "runpin approve cost --actor A --reason R, then runpin resume"});
}

// The receipt's fields as this lane can fill them; which of them the receipt holds, the registry
// says.
Json outcome_fields(const LaneContext& context, const Upstream& up, const HandleFacts& handles,
                    const std::optional<Decimal>& spend) {
  const CostWindow window = window_of(context.now);
  Json emitted = Json::Array{};
  for (const Emitted& artifact : emitted_artifacts(up))
    emitted.push(object({{"key", artifact.key}, {"sha256", artifact.sha256}}));
  return object(
      {{"phase_id", k_phase_id},
       {"phase_execution_id", context.execution_id.str()},
       {"window_start_utc", window.start.rfc3339()},
       {"window_end_utc", window.end.rfc3339()},
       {"spend_amount", spend ? Json(spend->str()) : Json()},
       {"spend_currency", handles.value(k_currency)},
       {"artifacts_emitted", emitted},
       {"decision_or_risk_retired",
        "P1 RUN_PINNED: run identity, config digest, orchestrator entry and hand-off are proven"}});
}

// `fields`: the receipt under the names that it will carry.
void judge_outcome(const HandleFacts& handles, const Facts& facts, const Json& fields,
                   Blockers& blockers) {
  if (!handles.resolved(k_fields)) return;  // judged as a handle already
  const std::vector<std::string> required = split_list(handles.text(k_fields));
  const std::set<std::string> asked(required.begin(), required.end());
  std::set<std::string> known;
  for (const auto& [field, value] : fields.members()) known.insert(field);
  if (asked != known || asked.size() != required.size())
    blockers.raise("M3H-B6",
                   handles.explain_value(k_fields, "\"" + join({known.begin(), known.end()}, ",") +
                                                       "\", in any order"));
  for (const Json& reference : facts["references"].items())
    if (!reference["error"].is_null())
      blockers.raise(
          "M3H-B6", {"evidence that the outcome receipt refers to cannot be read",
                     "SHA-256 " + reference["sha256"].text(), reference["error"]["message"].text(),
                     reference["key"].text(), "bring the evidence store back, then runpin resume"});
    else if (reference["found_sha256"] != reference["sha256"])
      blockers.raise(
          "M3H-B6",
          {"evidence that the outcome receipt refers to is gone or was changed",
           "SHA-256 " + reference["sha256"].text(),
           reference["found"].is_true() ? "SHA-256 " + reference["found_sha256"].text()
                                        : "no object",
           reference["key"].text(), "runpin run: evidence that is gone cannot be mended in place"});
}

Json envelope(const LaneContext& context, const HandleFacts& handles) {
  const CostWindow window = window_of(context.now);
  const auto amount = [&](std::string_view key) {
    const auto value = amount_of(handles.value(key));
    return value ? Json(value->str()) : Json();
  };
  return object({{"phase_execution_id", context.execution_id.str()},
                 {"budget_currency", handles.value(k_currency)},
                 {"monthly_limit", amount(k_limit)},
                 {"alert_1", amount(k_alerts[0])},
                 {"alert_2", amount(k_alerts[1])},
                 {"alert_3", amount(k_alerts[2])},
                 {"window_start_utc", window.start.rfc3339()},
                 {"window_end_utc", window.end.rfc3339()}});
}

Json posture(const LaneContext& context, const HandleFacts& handles, const Facts& facts,
             const std::optional<Decimal>& spend) {
  Json sources = Json::Array{};
  for (const char* source : {"aws", "databricks"}) {
    const Json& answer = facts[source]["value"];
    if (answer.is_object()) sources.push(Json(answer).set("source", source));
  }
  if (handles.value(k_dbx_enabled) == Json(false))
    sources.push(object({{"source", "databricks"},
                         {"deferred", true},
                         {"defer_reason", handles.value(k_defer_reason)},
                         {"reenable_gate", handles.value(k_reenable_gate)}}));
  return object({{"as_of_utc", context.now.rfc3339()},
                 {"month_to_date_spend", spend ? Json(spend->str()) : Json()},
                 {"spend_currency", handles.value(k_currency)},
                 {"alert_level", spend ? Json(alert_level(handles, *spend)) : Json()},
                 {"sources", sources}});
}

Judgement judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  const HandleFacts handles(facts["handles"]);
  Blockers blockers(*context.lane);
  judge_handles(context, handles, blockers);
  judge_envelope(handles, blockers);
  const std::optional<Decimal> spend = judge_sources(handles, facts, blockers);
  const Json fields = outcome_fields(context, up, handles, spend);
  judge_outcome(handles, facts, context.names->to_pinned(fields), blockers);
  if (spend) judge_spend(handles, facts, context.now, *spend, blockers);
  Judgement judgement;
  judgement.platform_run_id = up.artifact("M3.B", "m3b_run_identity_seed.json")["platform_run_id"];
  judgement.bodies.emplace_back("m3h_phase_budget_envelope.json", envelope(context, handles));
  judgement.bodies.emplace_back("m3h_phase_cost_outcome_receipt.json", fields);
  judgement.bodies.emplace_back("m3h_daily_cost_posture.json",
                                posture(context, handles, facts, spend));
  if (!blockers.raised("M3H-B1"))
    for (const PinnedCopy& copy : k_copies)
      judgement.copies.emplace_back(copy.artifact,
                                    replace_all(handles.text(copy.handle), "{phase_execution_id}",
                                                context.execution_id.str()));
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& h_cost_outcome() {
  static const Lane k_lane{
      {.lane = "M3.H",
       .letter = 'h',
       .slug = "cost-outcome",
       .title = "Cost envelope and outcome receipt",
       .reads = {"M3.A", "M3.B", "M3.C", "M3.D", "M3.E", "M3.F", "M3.G"},
       .artifacts = {{"m3h_phase_budget_envelope.json",
                      {"phase_id", "phase_execution_id", "budget_currency", "monthly_limit",
                       "alert_1", "alert_2", "alert_3", "window_start_utc", "window_end_utc"}},
                     {"m3h_phase_cost_outcome_receipt.json",
                      {"phase_id", "phase_execution_id", "window_start_utc", "window_end_utc",
                       "spend_amount", "spend_currency", "artifacts_emitted",
                       "decision_or_risk_retired"}},
                     {"m3h_daily_cost_posture.json",
                      {"as_of_utc", "month_to_date_spend", "spend_currency", "alert_level",
                       "sources", "overall_pass"}},
                     {"m3h_cost_source_receipts.json", {"execution_id", "receipts"}}},
       .checks = {"M3H-V1-HANDLE-CLOSURE", "M3H-V2-UPSTREAM-PASS", "M3H-V3-AWS-COST-SOURCE",
                  "M3H-V4-DBX-COST-SOURCE", "M3H-V5-ENVELOPE-BUILD", "M3H-V6-OUTCOME-BUILD",
                  "M3H-V7-DURABLE-PUBLISH"},
       .blockers =
           {{"M3H-B1", Severity::k_s2, "M3-B8", "a budget or cost handle is missing or malformed"},
            {"M3H-B2", Severity::k_s2, "M3-B8", "an M3.A to M3.G summary is missing or not green"},
            {"M3H-B3", Severity::k_s2, "M3-B8",
             "the AWS cost source fails or its answer cannot be used"},
            {"M3H-B4", Severity::k_s2, "M3-B8",
             "Databricks capture is enabled without a usable pinned source, or disabled without "
             "its deferral contract"},
            {"M3H-B5", Severity::k_s2, "M3-B8",
             "the budget envelope lacks a field or its thresholds are not ordered"},
            {"M3H-B6", Severity::k_s2, "M3-B8",
             "the outcome receipt's fields are not exactly the required ones, or a reference does "
             "not resolve"},
            {"M3H-B7", Severity::k_s2, "M3-B8", "a spend cannot be normalized to BUDGET_CURRENCY"},
            {"M3H-B8", Severity::k_s2, "M3-B5",
             "a durable artifact could not be published or read back"},
            {"M3H-B9", Severity::k_s1, "M3-B8", "spend without an accepted outcome receipt"},
            {"M3H-B10", Severity::k_s2, "M3-B8",
             "month-to-date spend at or above alert 3 without a recorded approval (added to the "
             "seeds' list)"}},
       .codes = {.local_write = "M3H-B8",
                 .publish = "M3H-B8",
                 .read_back = "M3H-B8",
                 .incomplete = "M3H-B6",
                 .secret = "M3H-B6",
                 .missing_upstream = "M3H-B2"},
       .publish_check = "M3H-V7-DURABLE-PUBLISH",
       .receipts_artifact = "m3h_cost_source_receipts.json",
       .always_runs = false},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
