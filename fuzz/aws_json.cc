// What Step Functions, Cost Explorer and sources of credentials answer with: JSON.
#include <algorithm>

#include "fuzz/property.h"
#include "runpin/adapters/aws/ce_answers.h"
#include "runpin/adapters/aws/json_credentials.h"
#include "runpin/adapters/aws/service_error.h"
#include "runpin/adapters/aws/states_answers.h"
#include "runpin/canon/json_writer.h"

namespace runpin::fuzz {
namespace {

template <class T>
void must_tell_flaw(const Parsed<T>& parsed) {
  if (parsed) return;
  must(!parsed.error().empty(), "a flaw is told");
  must(parsed.error().find('\n') == std::string::npos, "a flaw is told in one line");
}

Json to_json(const StateMachineRef& ref) {
  return object({{"name", ref.name}, {"stateMachineArn", ref.arn}});
}

Json to_json(const OrchestratorExecution& execution) {
  return object({{"executionArn", execution.arn},
                 {"name", execution.name},
                 {"status", execution.status},
                 {"input", execution.input}});
}

Json to_json(const CostOfPeriod& period) {
  const Json cost = object({{"Amount", period.amount.str()}, {"Unit", period.unit}});
  return object({{"TimePeriod", object({{"Start", period.start}, {"End", period.end}})},
                 {"Total", object({{"UnblendedCost", cost}})},
                 {"Estimated", period.estimated}});
}

template <class Items>
Json listed(const Items& items) {
  Json list(Json::Array{});
  for (const auto& item : items) list.push(to_json(item));
  return list;
}

// `parse` is the inverse of `render`, which gives a page from the items of one.
template <class Page, class Items>
void reads_back(std::string_view json, Parsed<Page> (*parse)(ByteView), Items Page::*items,
                const char* list, std::string Page::*token, const char* token_name) {
  const auto page = parse(json);
  must_tell_flaw(page);
  if (!page) return;
  const Json body = object({{list, listed((*page).*items)}, {token_name, (*page).*token}});
  const auto again = parse(canonical(body));
  must(again && listed((*again).*items) == listed((*page).*items), "a page reads back");
  must((*again).*token == (*page).*token, "where it goes on reads back");
}

bool fits_a_header(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

void examine_credentials(std::string_view json) {
  const auto keys = parse_json_credentials(json, "SessionToken");
  must_tell_flaw(keys);
  if (!keys) return;
  must(!keys->access_key_id.empty() && !keys->secret_access_key.empty(), "credentials are whole");
  for (const auto* text : {&keys->access_key_id, &keys->secret_access_key, &keys->session_token})
    must(fits_a_header(*text), "credentials can stand in a header");
}

}  // namespace

void examine(std::string_view input) {
  using Machines = StatesPage<StateMachineRef>;
  using Executions = StatesPage<OrchestratorExecution>;
  reads_back(input, parse_state_machines, &Machines::items, "stateMachines", &Machines::next_token,
             "nextToken");
  reads_back(input, parse_executions, &Executions::items, "executions", &Executions::next_token,
             "nextToken");
  reads_back(input, parse_cost_page, &CostPage::periods, "ResultsByTime",
             &CostPage::next_page_token, "NextPageToken");
  must_tell_flaw(parse_state_machine(input));
  must_tell_flaw(parse_started(input));
  const auto execution = parse_execution(input);
  must_tell_flaw(execution);
  if (execution) {
    const auto again = parse_execution(canonical(to_json(*execution)));
    must(again && to_json(*again) == to_json(*execution), "an execution reads back");
  }
  examine_credentials(input);
  const ServiceError said = json_error({400, {}, std::string(input)});
  const Error error =
      error_of({"Step Functions", "DescribeExecution", "states:X", "arn"}, 400, said);
  must(error.message.find('\n') == std::string::npos, "a refusal is told in one line");
}

}  // namespace runpin::fuzz
