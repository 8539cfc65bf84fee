#include "runpin/gate/store_probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <latch>
#include <map>
#include <thread>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

class Prober {
 public:
  Prober(EvidenceStore& store, std::string folder) : store_(store), folder_(std::move(folder)) {}

  Result<StoreProbe> probe() {
    if (auto done = write_in_turn(); !done) return tl::unexpected(done.error());
    for (std::size_t race = 0; race < k_probe_races; ++race)
      if (auto done = write_at_once(race); !done) return tl::unexpected(done.error());
    if (auto done = count_versions(); !done) return tl::unexpected(done.error());
    return probe_;
  }

 private:
  Result<void> write_in_turn() {
    const ObjectKey key(folder_ + "in_turn.json");
    const auto first = store_.create({key, "\"first\"\n"});
    if (!first) return tl::unexpected(first.error());
    const auto again = store_.create({key, "\"first\"\n"});
    if (!again) return tl::unexpected(again.error());
    if (again->outcome != PutOutcome::k_already_there)
      saw("a second write of the same bytes was taken for a first one");
    const auto other = store_.create({key, "\"second\"\n"});
    if (!other && !is_refusal(other.error())) return tl::unexpected(other.error());
    if (other) saw("a later write replaced what stood there");
    return check_bytes(key, "\"first\"\n");
  }

  Result<void> write_at_once(std::size_t race) {
    const ObjectKey key(folder_ + fmt::format("at_once_{}.json", race));
    std::vector<Result<PutResult>> outcomes(k_probe_writers);
    std::latch start(1);
    {
      std::vector<std::jthread> writers;
      try {
        for (std::size_t i = 0; i < k_probe_writers; ++i)
          writers.emplace_back([&, i] {
            start.wait();
            outcomes[i] = store_.create({key, bytes_of(i)});
          });
      } catch (...) {
        start.count_down();  // those that wait must end before they can be joined
        throw;
      }
      start.count_down();
    }
    std::vector<std::size_t> winners;
    for (std::size_t i = 0; i < k_probe_writers; ++i) {
      if (outcomes[i])
        winners.push_back(i);
      else if (!is_refusal(outcomes[i].error()))
        return tl::unexpected(outcomes[i].error());
    }
    if (winners.size() != 1)
      saw(fmt::format("of {} racing writers {} were told that they had won", k_probe_writers,
                      winners.size()));
    return winners.size() == 1 ? check_bytes(key, bytes_of(winners.front())) : Result<void>();
  }

  Result<void> check_bytes(const ObjectKey& key, const Bytes& expected) {
    const auto object = store_.get(key);
    if (!object) return tl::unexpected(object.error());
    if (!*object || (*object)->bytes != expected) saw("what the winner wrote does not stand there");
    return {};
  }

  Result<void> count_versions() {
    const auto versions = store_.list_versions(folder_);
    if (!versions) return tl::unexpected(versions.error());
    std::map<ObjectKey, std::size_t> count;
    for (const ObjectVersion& version : *versions) {
      ++count[version.key];
      probe_.versioned = probe_.versioned || version.version_id != "null";
    }
    const bool several =
        std::any_of(count.begin(), count.end(), [](const auto& entry) { return entry.second > 1; });
    if (several) saw("a key that was to be written once has several versions");
    if (count.size() != k_probe_races + 1) saw("the listing does not name every key written");
    return {};
  }

  // The store kept the other bytes, or another writer's overtook ours: an outcome, not a failure to
  // find out.
  static bool is_refusal(const Error& error) {
    return error.kind == ErrorKind::k_conflict || error.kind == ErrorKind::k_mismatch;
  }

  static Bytes bytes_of(std::size_t writer) { return fmt::format("\"writer {}\"\n", writer); }

  void saw(std::string violation) {
    auto& all = probe_.violations;
    if (std::find(all.begin(), all.end(), violation) == all.end())
      all.push_back(std::move(violation));
  }

  EvidenceStore& store_;
  std::string folder_;
  StoreProbe probe_;
};

}  // namespace

Result<StoreProbe> probe_store(EvidenceStore& store, const std::string& folder) {
  return Prober(store, folder).probe();
}

Json to_json(const StoreProbe& probe, const EvidenceStore& store, const Instant& now) {
  return object({{"store", store.name()},
                 {"recorded_at_utc", now.rfc3339()},
                 {"passed", probe.passed()},
                 {"versioned", probe.versioned},
                 {"violations", Json(probe.violations)},
                 {"racing_writers", k_probe_writers},
                 {"races", k_probe_races}});
}

Result<std::optional<RecordedReceipt>> newest_probe(EvidenceStore& store, const Layout& layout) {
  const auto keys = store.list(layout.root() + std::string(k_probe_prefix), 0);
  if (!keys) return tl::unexpected(keys.error());
  for (auto key = keys->rbegin(); key != keys->rend(); ++key) {
    const auto id = layout.execution_of(*key);
    if (!id || layout.artifact_key(*id, k_probe_name) != *key) continue;
    const auto object = store.get(*key);
    if (!object) return tl::unexpected(object.error());
    if (!*object)
      return fail(ErrorKind::k_not_found, "a receipt that was listed is gone", key->str());
    const auto body = read_json((*object)->bytes, key->str());
    return RecordedReceipt{*id, *key, body ? *body : Json(), sha256((*object)->bytes)};
  }
  return std::nullopt;
}

Result<bool> is_versioned(EvidenceStore& store, const ObjectKey& key) {
  const auto versions = store.list_versions(key.str());
  if (!versions) return tl::unexpected(versions.error());
  for (const ObjectVersion& version : *versions)
    if (version.key == key && version.is_latest) return version.version_id != "null";
  return fail(ErrorKind::k_not_found, "the store lists no version of an object that it has",
              key.str());
}

}  // namespace runpin
