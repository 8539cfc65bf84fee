#include "runpin/gate/local_copies.h"

#include <fmt/format.h>

namespace runpin {
namespace {

Result<void> complete(const LaneContract& lane, const ExecutionId& id, EvidenceReader& reader,
                      LocalArtifacts& local) {
  const auto there = local.holds(id.str());
  if (!there) return tl::unexpected(there.error());
  if (*there) return {};
  const auto files = reader.files_of(lane, id);
  if (files.empty()) return {};
  auto done = local.stage(id.str(), files);
  if (done) done = local.commit(id.str());
  if (done) return {};
  local.discard(id.str());
  Error error = done.error();
  error.kind = ErrorKind::k_io;  // no refusal: evidence was written
  error.message = fmt::format("{} is committed durably, but its local files are not: {}", id.str(),
                              error.message);
  return tl::unexpected(error);
}

}  // namespace

Result<void> complete_local_copies(const RunHistory& history, std::span<const Lane> lanes,
                                   EvidenceReader& reader, LocalArtifacts& local) {
  Result<void> first;
  for (const Lane& lane : lanes) {
    const char letter = lane.contract.letter;
    std::vector<ExecutionId> ids = history.superseded(letter);
    ids.push_back(history.execution(letter));
    for (const ExecutionId& id : ids)
      if (auto done = complete(lane.contract, id, reader, local); !done && first) first = done;
  }
  return first;
}

}  // namespace runpin
