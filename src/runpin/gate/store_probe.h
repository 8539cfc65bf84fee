// Whether a store keeps write-once when it counts: some ignore `If-None-Match`, some refuse it, and
// some honour it on unversioned buckets only and let every racing writer win on versioned ones. The
// probe writes to the store and leaves what it wrote; what it saw is recorded as
// "probe_<stamp>/store_probe.json", and M3.A reads it.
#pragma once

#include "runpin/gate/resets.h"

namespace runpin {

inline constexpr std::string_view k_probe_prefix = "probe_";
inline constexpr std::string_view k_probe_name = "store_probe.json";
inline constexpr std::size_t k_probe_writers = 16;
inline constexpr std::size_t k_probe_races = 8;

struct StoreProbe {
  bool versioned = false;               // the store keeps further versions of a key
  std::vector<std::string> violations;  // what was seen that write-once forbids; none: it passed
  bool passed() const { return violations.empty(); }
};

// Writes below `folder`, which must be new. An error: the store could not be asked for an outcome
// at all.
Result<StoreProbe> probe_store(EvidenceStore& store, const std::string& folder);

// The receipt's body.
Json to_json(const StoreProbe& probe, const EvidenceStore& store, const Instant& now);

// The newest receipt that the store knows; nothing where it knows none.
Result<std::optional<RecordedReceipt>> newest_probe(EvidenceStore& store, const Layout& layout);

// Whether the newest version of `key`, which exists, has a version id. An S3 bucket that keeps no
// versions says "null".
Result<bool> is_versioned(EvidenceStore& store, const ObjectKey& key);

}  // namespace runpin
