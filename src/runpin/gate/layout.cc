#include "runpin/gate/layout.h"

#include <fmt/format.h>

#include "runpin/base/bytes.h"
#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {
constexpr std::string_view k_token = "{phase_execution_id}";
constexpr std::size_t k_max_key_bytes = 1024;
}  // namespace

Result<ObjectKey> key_from_pattern(std::string_view pattern, std::string_view token,
                                   std::string_view value) {
  const std::string key = replace_all(std::string(pattern), fmt::format("{{{}}}", token), value);
  if (key.find_first_of("{}") != std::string::npos)
    return fail(ErrorKind::k_config,
                fmt::format("pattern '{}' holds a token other than {{{}}}", pattern, token));
  if (key.empty() || key.size() > k_max_key_bytes || key[0] == '/' || !is_utf8(key))
    return fail(ErrorKind::k_config,
                fmt::format("pattern '{}' gives no usable object key", pattern));
  return ObjectKey(key);
}

Result<Layout> Layout::from(const Registry& registry) {
  const Handle handle = registry.get("S3_RUN_CONTROL_ROOT_PATTERN");
  const std::string place =
      handle.position() ? where(registry.path(), *handle.position()) : registry.path();
  const auto refuse = [&](std::string_view found) {
    return fail(
        ErrorKind::k_config,
        fmt::format("S3_RUN_CONTROL_ROOT_PATTERN says where evidence is published, and {}", found),
        place, "pin it as \"evidence/dev_full/run_control/{phase_execution_id}/\"");
  };
  if (handle.state != HandleState::k_resolved)
    return refuse(fmt::format("it is {}", name_of(handle.state)));
  const std::string& pattern = handle.value->text();
  if (!scan_secrets(pattern).empty()) return refuse("it holds secret material");
  const auto at = pattern.find(k_token);
  if (at == std::string::npos) return refuse("it does not hold {phase_execution_id}");
  Layout layout;
  layout.before_ = pattern.substr(0, at);
  layout.after_ = pattern.substr(at + k_token.size());
  const bool usable = key_from_pattern(pattern, "phase_execution_id", "m3a").has_value();
  if (!usable || layout.after_ != "/" || (at > 0 && layout.before_.back() != '/'))
    return refuse("its last folder is not {phase_execution_id}/");
  return layout;
}

std::string Layout::execution_prefix(const ExecutionId& id) const {
  return before_ + id.str() + after_;
}

ObjectKey Layout::artifact_key(const ExecutionId& id, std::string_view name) const {
  return ObjectKey(execution_prefix(id) + std::string(name));
}

ObjectKey Layout::reservation_key(const ExecutionId& id) const {
  return artifact_key(id, k_reservation_name);
}

std::optional<ExecutionId> Layout::execution_of(const ObjectKey& key) const {
  if (!key.str().starts_with(before_)) return {};
  const auto end = key.str().find('/', before_.size());
  if (end == std::string::npos) return {};
  return ExecutionId(key.str().substr(before_.size(), end - before_.size()));
}

ExecutionId execution_id(char lane_letter, const Stamp& stamp) {
  return ExecutionId(std::string("m3") + lane_letter + "_" + stamp.str());
}

}  // namespace runpin
