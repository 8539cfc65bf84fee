// M3.H: budget, spend and the proof that it bought something.
#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr const char* k_export = "inputs/aws_focus.csv";
constexpr const char* k_settings = "runpin.toml";
constexpr const char* k_header =
    "BilledCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,"
    "ChargePeriodStart,ChargePeriodEnd,ServiceName\n";

// An export with one charge of `amount` on `day` of 2026.
std::string export_of(const std::string& amount, const std::string& currency,
                      const std::string& day) {
  return k_header + amount + "," + currency + ",2026-02-01T00:00:00Z,2026-03-01T00:00:00Z,Usage," +
         "2026-" + day + "T00:00:00Z,2026-" + day + "T12:00:00Z,Storage\n";
}

std::vector<FaultRow> handle_faults() {
  return {
      {.code = "M3H-B1",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the registry does without the hard stop",
       .where = "@PHASE_COST_HARD_STOP_ON_MISSING_OUTCOME",
       .fix = "pin PHASE_COST_HARD_STOP_ON_MISSING_OUTCOME to true",
       .inject = [](Platform& p) { p.pin("PHASE_COST_HARD_STOP_ON_MISSING_OUTCOME", "false"); }},
      {.code = "M3H-B1",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the budget limit is not in the registry",
       .where = "handles.registry.md",
       .fix = "add a line * `DEV_FULL_MONTHLY_BUDGET_LIMIT_USD",
       .inject = [](Platform& p) { p.drop_handle("DEV_FULL_MONTHLY_BUDGET_LIMIT_USD"); }},
      {.code = "M3H-B1",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "an alert is no amount",
       .where = "@DEV_FULL_BUDGET_ALERT_2_USD",
       .fix = "pin DEV_FULL_BUDGET_ALERT_2_USD to an amount such as 300 or 300.50",
       .inject = [](Platform& p) { p.pin("DEV_FULL_BUDGET_ALERT_2_USD", "\"a lot\""); }},
      {.code = "M3H-B5",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the budget's thresholds are out of order",
       .where = "@DEV_FULL_BUDGET_ALERT_1_USD",
       .fix = "pin the four amounts in ascending order",
       .inject = [](Platform& p) { p.pin("DEV_FULL_BUDGET_ALERT_2_USD", "150"); }},
  };
}

std::vector<FaultRow> source_faults() {
  return {
      {.code = "M3H-B3",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the cost export is missing",
       .where = k_export,
       .fix = "correct cost.aws in runpin.toml, or write the export again",
       .inject = [](Platform& p) { p.remove(k_export); }},
      {.code = "M3H-B3",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the cost export is empty",
       .where = std::string(k_export) + ":1:1",
       .fix = "export cost and usage as FOCUS 1.2",
       .inject = [](Platform& p) { p.write(k_export, ""); }},
      {.code = "M3H-B3",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the cost export is of another month",
       .where = std::string("focus:") + k_export,
       .fix = "write the export again for the current month",
       .inject = [](Platform& p) { p.write(k_export, export_of("10.50", "USD", "01-20")); }},
      {.code = "M3H-B3",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the cost export's last line is cut off",
       .where = std::string(k_export) + ":2:108",
       .fix = "end it with a line feed, then runpin resume",
       .inject =
           [](Platform& p) {
             std::string text = export_of("10.50", "USD", "02-20");
             text.pop_back();
             p.write(k_export, text);
           }},
      {.code = "M3H-B3",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the cost export's amounts have the wrong sign",
       .where = std::string("focus:") + k_export,
       .fix = "correct the amounts' sign and write the export again",
       .inject = [](Platform& p) { p.write(k_export, export_of("-10.50", "USD", "02-20")); }},
      {.code = "M3H-B3",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "AWS cost capture is switched off",
       .where = "@AWS_COST_CAPTURE_ENABLED",
       .fix = "pin AWS_COST_CAPTURE_ENABLED to true",
       .inject = [](Platform& p) { p.pin("AWS_COST_CAPTURE_ENABLED", "false"); }},
      {.code = "M3H-B4",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "Databricks is deferred without a reason",
       .where = "handles.registry.md",
       .fix = "add a line * `DATABRICKS_COST_CAPTURE_DEFER_REASON",
       .inject = [](Platform& p) { p.drop_handle("DATABRICKS_COST_CAPTURE_DEFER_REASON"); }},
      {.code = "M3H-B4",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "Databricks capture is enabled without a source",
       .where = "@M3H_DATABRICKS_COST_SOURCE_URI",
       .fix = "set cost.databricks = \"focus:inputs/databricks_focus.csv\" in runpin.toml",
       .inject =
           [](Platform& p) {
             p.pin("DATABRICKS_COST_CAPTURE_ENABLED", "true");
             p.pin("M3H_DATABRICKS_COST_SOURCE_URI", "\"inputs/databricks_focus.csv\"");
             p.write("inputs/databricks_focus.csv", export_of("3", "USD", "02-20"));
           },
       .mend = [](Platform& p) { p.replace(k_settings, "# databricks =", "databricks ="); }},
      {.code = "M3H-B7",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the export mixes currencies, and no rate is known",
       .where = std::string("focus:") + k_export,
       .fix = "set cost.rates = \"inputs/fx.json\" in runpin.toml, and write "
              "{\"base\": \"USD\", \"rates\": {\"EUR\": \"RATE\"}} there",
       .inject =
           [](Platform& p) {
             const std::string euros = export_of("7", "EUR", "02-20");
             p.write(k_export, export_of("10.50", "USD", "02-20") +
                                   euros.substr(std::string(k_header).size()));
           },
       .mend =
           [](Platform& p) {
             p.replace(k_settings, "# rates = \"inputs/fx.json\"", "rates = \"inputs/fx.json\"");
             p.write("inputs/fx.json", R"({"base": "USD", "rates": {"EUR": "1.08"}})");
           }},
  };
}

std::vector<FaultRow> outcome_faults() {
  return {
      {.code = "M3H-B6",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "the outcome receipt is to have another field, and nothing was spent",
       .where = "@COST_OUTCOME_RECEIPT_REQUIRED_FIELDS",
       .fix = "pin COST_OUTCOME_RECEIPT_REQUIRED_FIELDS to \"artifacts_emitted,",
       .inject =
           [](Platform& p) {
             p.replace("handles.registry.md", "decision_or_risk_retired", "happiness");
             p.write(k_export, export_of("0", "USD", "02-20"));
           }},
      {.code = "M3H-B9",
       .severity = "S1",
       .phase = "M3-B8",
       .exit = 4,
       .fault = "money was spent, and no outcome receipt can stand against it",
       .where = "@COST_OUTCOME_RECEIPT_REQUIRED_FIELDS",
       .fix = "mend what M3H-B6 names, then runpin reset record --class C",
       .inject =
           [](Platform& p) {
             p.replace("handles.registry.md", "decision_or_risk_retired", "happiness");
           },
       .also = {"M3H-B6"}},
      {.code = "M3H-B10",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "spend has reached alert 3, and nobody approved it",
       .where = "@DEV_FULL_BUDGET_ALERT_3_USD",
       .fix = "runpin approve cost --actor A --reason R, then runpin resume",
       .inject = [](Platform& p) { p.write(k_export, export_of("405", "USD", "02-20")); },
       .mend = [](Platform&) {}},
      {.code = "M3H-B10",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "spend is above the limit",
       .where = "@DEV_FULL_MONTHLY_BUDGET_LIMIT_USD",
       .fix = "spend less, or pin DEV_FULL_MONTHLY_BUDGET_LIMIT_USD",
       .inject = [](Platform& p) { p.write(k_export, export_of("450.01", "USD", "02-20")); }},
  };
}

std::vector<FaultRow> publication_faults() {
  return {
      {.code = "M3H-B2",
       .severity = "S2",
       .phase = "M3-B8",
       .exit = 4,
       .fault = "an artifact of M3.D is deleted before M3.H reads it",
       .where = "evidence/run_control/m3d_{base}/m3d_execution_summary.json",
       .fix = "runpin run: committed evidence is never mended in place",
       .after = 'g',
       .inject = [](Platform& p) { p.delete_object(p.key('d', "m3d_command_receipts.json")); },
       .also = {"M3I-B1"}},
      {.code = "M3H-B6",
       .severity = "S2",
       .phase = "M3-B8",
       .fault = "a defect leaves a field out of an M3.H artifact",
       .where = "m3h_phase_budget_envelope.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .inject = [](Platform& p) { give_judge(p, 'h', forgetful_judge<h_cost_outcome>); }},
      {.code = "M3H-B8",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when M3.H publishes",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'h'); }},
  };
}

}  // namespace

std::vector<FaultRow> h_faults() {
  std::vector<FaultRow> all;
  for (const auto& part :
       {handle_faults(), source_faults(), outcome_faults(), publication_faults()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace runpin::testing
