// runpin orchestrator: the embedded orchestrator's state machines and executions, for people who
// run without AWS.
#include <fmt/format.h>

#include "runpin/canon/json_reader.h"
#include "runpin/cli/command.h"
#include "runpin/cli/embedded_orchestrator.h"
#include "runpin/cli/load_workspace.h"
#include "runpin/cli/state_machine_plan.h"

namespace runpin::cli {
namespace {

struct CreateOptions {
  std::optional<std::string> name;
  std::optional<std::string> role;
};

struct ExecutionOptions {
  std::string execution;
  std::string input = "{}";
  std::optional<std::string> machine;
};

struct ListOptions {};

void add_create(CLI::App& app, CreateOptions& options) {
  app.add_option("NAME", options.name,
                 "The state machine (default: the registry's SFN_PLATFORM_RUN_ORCHESTRATOR_V0)");
  app.add_option("--role", options.role,
                 "The role it runs as (default: the registry's ROLE_STEP_FUNCTIONS_ORCHESTRATOR)")
      ->type_name("ARN");
  app.footer("Region and account come from the registry's AWS_REGION and from the role.");
}

void add_machine(CLI::App& app, ExecutionOptions& options) {
  app.add_option("EXECUTION", options.execution, "The execution's name")->required();
  app.add_option("--machine", options.machine,
                 "State machine, by name or ARN (default: the registry's "
                 "SFN_PLATFORM_RUN_ORCHESTRATOR_V0)")
      ->type_name("NAME");
}

void add_start(CLI::App& app, ExecutionOptions& options) {
  add_machine(app, options);
  app.add_option("--input", options.input, "Its input (default: {})")->type_name("JSON");
}

void add_list(CLI::App& app, ListOptions&) {
  app.footer("One execution a line: its status, its name, and its state machine.");
}

// Runs `work(LoadedWorkspace, SqliteOrchestrator)`, which answers a Result<int>, and reports its
// error.
template <class Work>
int with_orchestrator(Context& context, Work work) {
  const auto loaded = load_workspace(context.directory);
  if (!loaded) return context.output.error(loaded.error());
  const auto orchestrator = embedded_orchestrator(loaded->directory, loaded->workspace);
  if (!orchestrator) return context.output.error(orchestrator.error());
  const Result<int> code = work(*loaded, **orchestrator);
  return code ? *code : context.output.error(code.error());
}

int create(const CreateOptions& options, Context& context) {
  return with_orchestrator(context, [&](const auto& loaded, auto& orchestrator) -> Result<int> {
    const auto plan = plan_state_machine(loaded.registry, options.name, options.role);
    if (!plan) return tl::unexpected(plan.error());
    const auto arn = orchestrator.create_state_machine(plan->arn, plan->role_arn, context.now());
    if (!arn) return tl::unexpected(arn.error());
    context.output.line(*arn);
    context.output.document(object({{"name", plan->arn.name},
                                    {"arn", *arn},
                                    {"role_arn", plan->role_arn},
                                    {"exit_code", k_success}}));
    return k_success;
  });
}

int start(const ExecutionOptions& options, Context& context) {
  return with_orchestrator(context, [&](const auto& loaded, auto& orchestrator) -> Result<int> {
    if (const auto input = read_json(options.input, "--input"); !input)
      return tl::unexpected(input.error());
    const auto machine = find_state_machine(orchestrator, loaded, options.machine);
    if (!machine) return tl::unexpected(machine.error());
    const auto arn =
        orchestrator.start_execution(machine->arn, options.execution, options.input, context.now());
    if (!arn) return tl::unexpected(arn.error());
    context.output.line(*arn);
    context.output.document(object({{"name", options.execution},
                                    {"arn", *arn},
                                    {"status", "RUNNING"},
                                    {"exit_code", k_success}}));
    return k_success;
  });
}

int stop(const ExecutionOptions& options, Context& context) {
  return with_orchestrator(context, [&](const auto& loaded, auto& orchestrator) -> Result<int> {
    const auto machine = find_state_machine(orchestrator, loaded, options.machine);
    if (!machine) return tl::unexpected(machine.error());
    const auto arn = StateMachineArn::parse(machine->arn);
    if (!arn) return tl::unexpected(arn.error());
    const auto stopped =
        orchestrator.stop_execution(arn->execution(options.execution), context.now());
    if (!stopped) return tl::unexpected(stopped.error());
    context.output.line(stopped->status + " " + stopped->name);
    context.output.document(object({{"name", stopped->name},
                                    {"arn", stopped->arn},
                                    {"status", stopped->status},
                                    {"exit_code", k_success}}));
    return k_success;
  });
}

Json describe(const StateMachine& machine, const std::vector<OrchestratorExecution>& executions,
              Output& output) {
  Json::Array list;
  for (const OrchestratorExecution& execution : executions) {
    output.line(fmt::format("{:<9} {} {}", execution.status, execution.name, machine.name));
    list.push_back(
        object({{"name", execution.name}, {"arn", execution.arn}, {"status", execution.status}}));
  }
  return object({{"name", machine.name},
                 {"arn", machine.arn},
                 {"role_arn", machine.role_arn},
                 {"status", machine.status},
                 {"executions", std::move(list)}});
}

int list(const ListOptions&, Context& context) {
  return with_orchestrator(context, [&](const auto&, auto& orchestrator) -> Result<int> {
    const auto machines = orchestrator.list_state_machines();
    if (!machines) return tl::unexpected(machines.error());
    Json::Array described;
    for (const StateMachineRef& ref : *machines) {
      const auto machine = orchestrator.describe(ref.arn);
      if (!machine) return tl::unexpected(machine.error());
      const auto executions = orchestrator.list_executions(ref.arn);
      if (!executions) return tl::unexpected(executions.error());
      context.output.progress(
          fmt::format("{} {} as {}", machine->status, machine->arn, machine->role_arn));
      described.push_back(describe(*machine, *executions, context.output));
    }
    context.output.document(
        object({{"state_machines", std::move(described)}, {"exit_code", k_success}}));
    return k_success;
  });
}

}  // namespace

Command orchestrator_command() {
  return make_group(
      "orchestrator", "The embedded orchestrator, for people who run without AWS",
      {make_command("create", "Make the state machine that runs enter through", add_create, create),
       make_command("start", "Start an execution", add_start, start),
       make_command("stop", "Stop an execution", add_machine, stop),
       make_command("list", "State machines and their executions", add_list, list)});
}

}  // namespace runpin::cli
