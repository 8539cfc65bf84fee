#include "tests/faults/platform.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "runpin/adapters/aws/parallel.h"
#include "runpin/base/bytes.h"
#include "runpin/base/position.h"
#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/cli/command_line.h"
#include "runpin/cli/gate_wiring.h"
#include "runpin/gate/chain.h"
#include "runpin/lanes/lanes.h"
#include "tests/adapters/temp_dir.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t k_first_instant = 1'771'868'587;  // 2026-02-23T17:43:07Z
constexpr std::int64_t k_step = 60;
constexpr const char* k_registry = "handles.registry.md";
constexpr const char* k_local_root = "runs/dev_substrate/dev_full/m3";
constexpr const char* k_run_control = "evidence/run_control/";

// Durability is tested elsewhere; here a thousand runs wait for no disk.
fs::path new_directory() {
  const bool has_memory = access("/dev/shm", W_OK) == 0;
  const fs::path parent = has_memory ? fs::path("/dev/shm") : fs::temp_directory_path();
  std::string name = (parent / "runpin_faults_XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
  fs::permissions(name, fs::perms(0755));
  return name;
}

// The frame that commands run in: a clock of the test's, output to nowhere.
class Frame {
 public:
  Frame(const std::string& directory, Instant now)
      : null_(std::fopen("/dev/null", "w")),
        output_(null_, null_, {}),
        context_(cli::system_context(output_, directory)) {
    context_.now = [now] { return now; };
  }
  ~Frame() { std::fclose(null_); }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  cli::Context& context() { return context_; }

 private:
  std::FILE* null_;
  cli::Output output_;
  cli::Context context_;
};

int run_words(const std::vector<std::string>& words, cli::Context& context) {
  const auto parsed = cli::parse_command_line(cli::all_commands(), words);
  if (!parsed) return context.output.error(parsed.error());
  return std::get<cli::Invocation>(*parsed).run(context);
}

// Made once a process, copied for every platform.
class Template {
 public:
  Template() : root_(new_directory()) {
    Frame frame(root_.string(), Instant::from_unix_seconds(k_first_instant));
    if (run_words({"init", (root_ / "w").string(), "--sample"}, frame.context()) != 0)
      throw std::runtime_error("runpin init --sample failed");
  }
  ~Template() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  fs::path workspace() const { return root_ / "w"; }

 private:
  fs::path root_;
};

const Template& sample() {
  static const Template k_sample;
  return k_sample;
}

Json parsed(const std::string& bytes) {
  auto json = read_json(bytes, "evidence");
  if (!json) throw std::runtime_error(one_line(json.error()));
  return *json;
}

// The line of the registry that pins `key`, as [begin, end) with its line end.
std::pair<std::size_t, std::size_t> pin_line(const std::string& registry, const std::string& key,
                                             std::size_t from = 0) {
  const auto at = registry.find("* `" + key + " = ", from);
  if (at == std::string::npos) return {at, at};
  return {at, registry.find('\n', at) + 1};
}

}  // namespace

Platform::Platform() : root_(new_directory()), seconds_(k_first_instant) {
  fs::copy(sample().workspace(), root_,
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

Platform::~Platform() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

Instant Platform::tick() {
  seconds_ += k_step;
  return stuck_clock.value_or(Instant::from_unix_seconds(seconds_));
}

Outcome Platform::attempt(const std::function<Result<RunReport>(Chain&, Instant)>& call) {
  const Instant now = tick();
  Frame frame(root_.string(), now);
  const Unprivileged user(faults.unprivileged);
  const auto gate = cli::GateWiring::make(frame.context());
  if (!gate) return {cli::exit_code_of(gate.error().kind), {}, gate.error(), {}};
  Ports ports = (*gate)->ports();
  FaultyStore store(*ports.store, faults);
  ports.store = &store;
  ports.digest = faulty_digest(faults);
  if (faults.far_away) ports.at_once = for_each_in_parallel;
  const auto lanes = std::make_shared<std::vector<Lane>>(all_lanes().begin(), all_lanes().end());
  for (Lane& lane : *lanes)
    for (const auto& defect : faults.lane_defects) defect(lane);
  const cli::LoadedWorkspace& loaded = (*gate)->loaded();
  Chain chain(*lanes, ports, loaded.workspace, loaded.registry, (*gate)->layout(),
              (*gate)->names());
  const auto report = call(chain, now);
  if (!report) return {cli::exit_code_of(report.error().kind), {}, report.error(), {}};
  stamp_ = report->stamp.str();
  return {static_cast<int>(report->exit_code()), *report, {}, lanes};
}

Outcome Platform::run(char to) {
  return attempt([to](Chain& chain, Instant now) { return chain.run(now, to); });
}

Outcome Platform::resume(char to) {
  return attempt([to](Chain& chain, Instant now) { return chain.resume(now, to); });
}

int Platform::command(const std::vector<std::string>& words) {
  Frame frame(root_.string(), tick());
  return run_words(words, frame.context());
}

std::string Platform::read(const std::string& path) const {
  return read_file(root_ / path);
}

void Platform::write(const std::string& path, const std::string& content) {
  const bool there = fs::exists(root_ / path);
  originals_.try_emplace(path, there ? std::optional(read(path)) : std::nullopt);
  fs::create_directories((root_ / path).parent_path());
  write_file(root_ / path, content);
}

void Platform::remove(const std::string& path) {
  originals_.try_emplace(path, read(path));
  fs::remove(root_ / path);
}

void Platform::replace(const std::string& path, const std::string& from, const std::string& to) {
  const std::string before = read(path);
  if (before.find(from) == std::string::npos)
    throw std::runtime_error(path + " does not hold " + from);
  write(path, replace_all(before, from, to));
}

void Platform::pin(const std::string& key, const std::string& literal) {
  std::string registry = read(k_registry);
  auto [begin, end] = pin_line(registry, key);
  if (begin == std::string::npos) throw std::runtime_error("no handle " + key);
  while (begin != std::string::npos) {
    const std::string line = "* `" + key + " = " + literal + "`\n";
    registry.replace(begin, end - begin, line);
    std::tie(begin, end) = pin_line(registry, key, begin + line.size());
  }
  write(k_registry, registry);
}

void Platform::drop_handle(const std::string& key) {
  std::string registry = read(k_registry);
  for (auto [begin, end] = pin_line(registry, key); begin != std::string::npos;
       std::tie(begin, end) = pin_line(registry, key))
    registry.erase(begin, end - begin);
  write(k_registry, registry);
}

std::string Platform::place_of_handle(const std::string& key) const {
  return place_in_pin(key, std::string_view("* `").size());
}

std::string Platform::place_of_value(const std::string& key) const {
  return place_in_pin(key, std::string_view("* ` = ").size() + key.size());
}

std::string Platform::place_in_pin(const std::string& key, std::size_t offset) const {
  const std::string registry = read(k_registry);
  const auto begin = pin_line(registry, key).first;
  if (begin == std::string::npos) throw std::runtime_error("no handle " + key);
  return where(k_registry, position_at(registry, begin + offset));
}

void Platform::sql(const std::string& statement, const std::vector<std::string>& values) {
  SQLite::Database db((root_ / ".runpin/platform.db").string(), SQLite::OPEN_READWRITE);
  std::map<std::string, std::string> triggers;
  SQLite::Statement made(db, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'");
  while (made.executeStep())
    triggers[made.getColumn(0).getString()] = made.getColumn(1).getString();
  made.reset();
  for (const auto& [name, sql] : triggers) db.exec("DROP TRIGGER " + name);
  SQLite::Statement prepared(db, statement);
  for (std::size_t i = 0; i < values.size(); ++i) prepared.bind(static_cast<int>(i + 1), values[i]);
  prepared.exec();
  prepared.reset();
  for (const auto& [name, sql] : triggers) db.exec(sql);
}

std::map<std::string, std::string> Platform::durable() const {
  const std::string file = (root_ / ".runpin/platform.db").string();
  if (!fs::exists(file)) return {};
  // Without permission to write, SQLite reads a file in WAL mode only when told that it stays as it
  // is.
  const bool writable = access(file.c_str(), W_OK) == 0;
  SQLite::Database db(writable ? file : "file:" + file + "?immutable=1",
                      writable ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY | SQLite::OPEN_URI);
  SQLite::Statement rows(
      db, "SELECT key, bytes FROM objects WHERE is_delete_marker = 0 ORDER BY key, version");
  std::map<std::string, std::string> objects;
  while (rows.executeStep()) {
    const auto bytes = rows.getColumn(1);
    objects[rows.getColumn(0).getString()] =
        std::string(static_cast<const char*>(bytes.getBlob()), bytes.getBytes());
  }
  return objects;
}

std::map<std::string, std::string> Platform::local() const {
  std::map<std::string, std::string> files;
  if (!fs::exists(root_ / k_local_root)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(root_ / k_local_root))
    if (!entry.is_directory())
      files[entry.path().lexically_relative(root_ / k_local_root)] = read_file(entry.path());
  return files;
}

std::string Platform::sha256_of(const std::string& object_key) const {
  return sha256(durable().at(object_key)).str();
}

void Platform::put(const std::string& object_key, const std::string& bytes) {
  sql("INSERT INTO objects (key, version, sha256, bytes) VALUES (?1,"
      " 1 + (SELECT COALESCE(MAX(version), 0) FROM objects WHERE key = ?1), ?2, CAST(?3 AS BLOB))",
      {object_key, sha256(bytes).str(), bytes});
}

void Platform::delete_object(const std::string& object_key) {
  sql("DELETE FROM objects WHERE key = ?", {object_key});
}

void Platform::forge(char lane, const std::string& name, const std::function<void(Json&)>& change) {
  const std::string object_key = key(lane, name);
  Json body = parsed(durable().at(object_key));
  change(body);
  const std::string bytes = pretty(body);
  delete_object(object_key);
  put(object_key, bytes);
  forge_summary(lane, [&](Json& summary) {
    Json entries = Json::Array{};
    for (Json entry : summary["artifacts"].items()) {
      if (entry["name"].text() == name)
        entry.set("sha256", sha256(bytes).str()).set("size", bytes.size());
      entries.push(std::move(entry));
    }
    summary.set("artifacts", std::move(entries));
  });
}

void Platform::forge_summary(char lane, const std::function<void(Json&)>& change) {
  const std::string object_key = key(lane, std::string("m3") + lane + "_execution_summary.json");
  Json summary = parsed(durable().at(object_key));
  change(summary);
  delete_object(object_key);
  put(object_key, pretty(summary));
}

std::string Platform::key(char lane, const std::string& name) const {
  return std::string(k_run_control) + "m3" + lane + "_" + stamp_ + "/" + name;
}

std::string Platform::next_stamp() const {
  return stuck_clock.value_or(Instant::from_unix_seconds(seconds_ + k_step)).stamp();
}

std::string Platform::run_id() const {
  std::string newest;
  for (const auto& [object_key, bytes] : durable())
    if (object_key.ends_with("/m3b_run_identity_seed.json"))
      newest = parsed(bytes)["platform_run_id"].text();
  return newest;
}

void Platform::undo() {
  faults = {};
  stuck_clock.reset();
  for (auto action = undo_.rbegin(); action != undo_.rend(); ++action) (*action)();
  undo_.clear();
  for (const auto& [path, content] : originals_) {
    if (content)
      write_file(root_ / path, *content);
    else
      fs::remove(root_ / path);
  }
  originals_.clear();
}

}  // namespace runpin::testing
