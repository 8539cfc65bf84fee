#include "runpin/adapters/sqlite/sqlite_orchestrator.h"

#include <fmt/format.h>

#include <optional>

#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

constexpr std::size_t k_max_input_bytes = 262'144;
constexpr char k_running[] = "RUNNING";

tl::unexpected<Error> unknown(std::string_view what, const std::string& arn) {
  return fail(ErrorKind::k_not_found, fmt::format("no such {}", what), arn,
              "see runpin orchestrator list");
}

std::string_view text_of(StateMachineStatus status) {
  return status == StateMachineStatus::k_active ? "ACTIVE" : "DELETING";
}

std::optional<StateMachine> find_machine(SQLite::Database& db, const std::string& arn) {
  SQLite::Statement query(db,
                          "SELECT name, arn, role_arn, status FROM state_machines WHERE arn = ?");
  query.bind(1, arn);
  if (!query.executeStep()) return {};
  return StateMachine{query.getColumn(0).getString(), query.getColumn(1).getString(),
                      query.getColumn(2).getString(), query.getColumn(3).getString()};
}

OrchestratorExecution execution_of(SQLite::Statement& row) {
  return {row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getString(),
          row.getColumn(3).getString()};
}

std::optional<OrchestratorExecution> find_execution(SQLite::Database& db, const std::string& arn) {
  SQLite::Statement query(db, "SELECT arn, name, status, input FROM executions WHERE arn = ?");
  query.bind(1, arn);
  if (!query.executeStep()) return {};
  return execution_of(query);
}

// `status` is "" for all.
Result<std::vector<OrchestratorExecution>> executions_of(SQLite::Database& db,
                                                         const std::string& arn,
                                                         const std::string& status) {
  if (!find_machine(db, arn)) return unknown("state machine", arn);
  SQLite::Statement query(db,
                          "SELECT arn, name, status, input FROM executions"
                          " WHERE state_machine_arn = ?1 AND ?2 IN ('', status) ORDER BY name");
  query.bind(1, arn);
  query.bind(2, status);
  std::vector<OrchestratorExecution> executions;
  while (query.executeStep()) executions.push_back(execution_of(query));
  return executions;
}

Result<void> check_role(const std::string& role_arn) {
  if (role_arn.starts_with("arn:") && role_arn.find(":iam::") != std::string::npos &&
      role_arn.find(":role/") != std::string::npos)
    return {};
  return fail(ErrorKind::k_usage, fmt::format("'{}' is no IAM role ARN", role_arn), "",
              "write it as arn:aws:iam::ACCOUNT:role/NAME");
}

Result<void> check_input(const std::string& input) {
  if (input.size() > k_max_input_bytes)
    return fail(ErrorKind::k_usage,
                fmt::format("the execution input has {} bytes, at most {} are allowed",
                            input.size(), k_max_input_bytes));
  if (auto json = read_json(input, "input"); !json)
    return fail(ErrorKind::k_usage, "the execution input is not JSON: " + json.error().message,
                json.error().where, "pass JSON text, such as {}");
  return {};
}

Result<std::string> insert_execution(SQLite::Database& db, const StateMachineArn& machine,
                                     const OrchestratorExecution& execution, Instant now) {
  SQLite::Statement statement(db,
                              "INSERT INTO executions (arn, state_machine_arn, name, status, input,"
                              " started_at) VALUES (?, ?, ?, ?, ?, ?)");
  statement.bind(1, execution.arn);
  statement.bind(2, machine.str());
  statement.bind(3, execution.name);
  statement.bind(4, execution.status);
  statement.bind(5, execution.input);
  statement.bind(6, now.rfc3339());
  statement.exec();
  return execution.arn;
}

}  // namespace

SqliteOrchestrator::SqliteOrchestrator(std::filesystem::path file, std::string name)
    : db_(std::move(file), std::move(name)) {}

Result<std::vector<StateMachineRef>> SqliteOrchestrator::list_state_machines() {
  return db_.read([](SQLite::Database& db) -> Result<std::vector<StateMachineRef>> {
    SQLite::Statement query(db, "SELECT name, arn FROM state_machines ORDER BY name, arn");
    std::vector<StateMachineRef> machines;
    while (query.executeStep())
      machines.push_back({query.getColumn(0).getString(), query.getColumn(1).getString()});
    return machines;
  });
}

Result<StateMachine> SqliteOrchestrator::describe(const std::string& arn) {
  return db_.read([&](SQLite::Database& db) -> Result<StateMachine> {
    auto machine = find_machine(db, arn);
    if (!machine) return unknown("state machine", arn);
    return *std::move(machine);
  });
}

Result<std::vector<OrchestratorExecution>> SqliteOrchestrator::list_running(const std::string& arn,
                                                                            const NameSettles&) {
  return db_.read([&](SQLite::Database& db) { return executions_of(db, arn, k_running); });
}

Result<std::vector<OrchestratorExecution>> SqliteOrchestrator::list_executions(
    const std::string& arn) {
  return db_.read([&](SQLite::Database& db) { return executions_of(db, arn, ""); });
}

Result<std::string> SqliteOrchestrator::create_state_machine(const StateMachineArn& arn,
                                                             const std::string& role_arn,
                                                             Instant now) {
  if (auto valid = check_role(role_arn); !valid) return tl::unexpected(valid.error());
  return db_.write([&](SQLite::Database& db) -> Result<std::string> {
    if (const auto standing = find_machine(db, arn.str())) {
      if (standing->role_arn == role_arn && standing->status == "ACTIVE") return standing->arn;
      return fail(ErrorKind::k_conflict,
                  fmt::format("the state machine exists already: {}, role {}", standing->status,
                              standing->role_arn),
                  standing->arn, "use another name, region or account");
    }
    SQLite::Statement statement(
        db,
        "INSERT INTO state_machines (arn, name, role_arn, status, created_at)"
        " VALUES (?, ?, ?, 'ACTIVE', ?)");
    statement.bind(1, arn.str());
    statement.bind(2, arn.name);
    statement.bind(3, role_arn);
    statement.bind(4, now.rfc3339());
    statement.exec();
    return arn.str();
  });
}

Result<void> SqliteOrchestrator::set_status(const std::string& arn, StateMachineStatus status) {
  return db_.write([&](SQLite::Database& db) -> Result<void> {
    SQLite::Statement statement(db, "UPDATE state_machines SET status = ? WHERE arn = ?");
    statement.bind(1, std::string(text_of(status)));
    statement.bind(2, arn);
    if (statement.exec() == 0) return unknown("state machine", arn);
    return {};
  });
}

Result<std::string> SqliteOrchestrator::start_execution(const std::string& arn,
                                                        const std::string& name,
                                                        const std::string& input, Instant now) {
  const auto machine_arn = StateMachineArn::parse(arn);
  if (!machine_arn) return tl::unexpected(machine_arn.error());
  if (auto valid = check_state_name(name, "execution"); !valid)
    return tl::unexpected(valid.error());
  if (auto valid = check_input(input); !valid) return tl::unexpected(valid.error());
  const OrchestratorExecution wanted{machine_arn->execution(name), name, k_running, input};
  return db_.write([&](SQLite::Database& db) -> Result<std::string> {
    const auto machine = find_machine(db, arn);
    if (!machine) return unknown("state machine", arn);
    if (const auto standing = find_execution(db, wanted.arn)) {
      if (standing->status == k_running && standing->input == input) return standing->arn;
      return fail(ErrorKind::k_conflict,
                  fmt::format("the execution name is taken: {}{}", standing->status,
                              standing->status == k_running ? " with other input" : ""),
                  standing->arn, "use another execution name");
    }
    if (machine->status != "ACTIVE")
      return fail(ErrorKind::k_conflict, "the state machine is being deleted", arn,
                  "use an active state machine");
    return insert_execution(db, *machine_arn, wanted, now);
  });
}

Result<OrchestratorExecution> SqliteOrchestrator::stop_execution(const std::string& execution_arn,
                                                                 Instant now) {
  return db_.write([&](SQLite::Database& db) -> Result<OrchestratorExecution> {
    SQLite::Statement statement(db,
                                "UPDATE executions SET status = 'ABORTED', stopped_at = ?"
                                " WHERE arn = ? AND status = 'RUNNING'");
    statement.bind(1, now.rfc3339());
    statement.bind(2, execution_arn);
    statement.exec();
    auto execution = find_execution(db, execution_arn);
    if (!execution) return unknown("execution", execution_arn);
    return *std::move(execution);
  });
}

}  // namespace runpin
