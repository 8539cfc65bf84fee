#include "runpin/gate/succession.h"

#include <fmt/format.h>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace runpin {

ObjectKey succession_key(const Layout& layout, const ExecutionId& attempt) {
  return layout.artifact_key(attempt, k_succession_name);
}

Bytes succession_body(const Reservation& successor) {
  return pretty(object({{"execution_id", successor.execution_id.str()},
                        {"continues", successor.continues->str()},
                        {"reservation_sha256", reservation_sha256(successor).str()}}));
}

Result<void> succeed(EvidenceStore& store, const Layout& layout, const Reservation& successor) {
  const auto put =
      store.create({succession_key(layout, *successor.continues), succession_body(successor)});
  if (put) return {};
  if (put.error().kind != ErrorKind::k_conflict) return tl::unexpected(put.error());
  return fail(ErrorKind::k_usage,
              fmt::format("another resume goes on from {}", successor.continues->str()),
              store.name(), "wait until it has ended; runpin status shows how it stands");
}

Result<std::optional<ExecutionId>> successor_of(EvidenceStore& store, const Layout& layout,
                                                const ExecutionId& attempt) {
  const ObjectKey key = succession_key(layout, attempt);
  const auto object = store.get(key);
  if (!object) return tl::unexpected(object.error());
  if (!*object) return std::nullopt;
  const auto body = read_json((*object)->bytes, key.str());
  if (!body || (*body)["execution_id"].text().empty())
    return fail(ErrorKind::k_malformed, "it does not name a successor", key.str());
  return ExecutionId((*body)["execution_id"].text());
}

Bytes start_body(const Reservation& resume) {
  return pretty(object({{"execution_id", resume.execution_id.str()},
                        {"starts_at", std::string(1, resume.starts_at)}}));
}

Result<void> record_start(EvidenceStore& store, const Layout& layout, const Reservation& resume) {
  const ObjectKey key = layout.artifact_key(resume.execution_id, k_start_name);
  const auto put = store.create({key, start_body(resume)});
  return put ? Result<void>() : tl::unexpected(put.error());
}

Result<char> read_start(EvidenceStore& store, const Layout& layout, const ExecutionId& attempt) {
  const ObjectKey key = layout.artifact_key(attempt, k_start_name);
  const auto object = store.get(key);
  if (!object) return tl::unexpected(object.error());
  if (!*object) return k_no_lane;
  const auto body = read_json((*object)->bytes, key.str());
  const std::string lane = body ? (*body)["starts_at"].text() : "";
  if (lane.size() != 1 || lane[0] < 'a' || lane[0] > 'j')
    return fail(ErrorKind::k_malformed, "it does not name a lane", key.str());
  return lane[0];
}

}  // namespace runpin
