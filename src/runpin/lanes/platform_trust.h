// What M3.A asks of a shared platform beside its being there: that the evidence store was seen to
// keep write-once, and that these credentials are those of the pinned role or IAM user. Both facts
// are null on an embedded platform.
#pragma once

#include "runpin/gate/handles.h"
#include "runpin/gate/lane.h"

namespace runpin {

// {"value": {probe: KEY or null, probe_sha256, passed, violations, versioned, versioned_now}} of
// the newest `runpin probe-store`.
Json gather_store_trust(const LaneContext& context, World& world);
void judge_store_trust(const Json& fact, const std::string& store, Blockers& blockers);

// {"value": {caller: "the role NAME of account 111122223333", role: {partition, account, name} or
// null, user_sha256: of an IAM user's ARN, or null}}: no user, session or host by name, which have
// no place in evidence unless the registry itself pins them.
Json gather_caller(World& world);
void judge_caller(const Json& fact, const HandleFacts& handles, Blockers& blockers);

}  // namespace runpin
