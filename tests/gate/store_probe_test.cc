#include "runpin/gate/store_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_store.h"

namespace runpin {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::MemoryStore;

// A store whose law of writing a test replaces; versions are counted.
class LooseStore : public MemoryStore {
 public:
  Result<PutResult> create(const ObjectToWrite& object) override {
    const std::lock_guard lock(mutex);
    latest[object.key.str()] = object.bytes;
    ++written[object.key.str()];
    return PutResult{PutOutcome::k_created, "\"tag\""};
  }
  Result<std::optional<StoredObject>> get(const ObjectKey& key) override {
    const std::lock_guard lock(mutex);
    return StoredObject{key, latest[key.str()], "\"tag\""};
  }
  Result<std::vector<ObjectVersion>> list_versions(const std::string&) override {
    std::vector<ObjectVersion> versions;
    for (const auto& [key, count] : written)
      for (int i = 0; i < count; ++i)
        versions.push_back({ObjectKey(key), "v" + std::to_string(i), false, i + 1 == count});
    return versions;
  }
  std::mutex mutex;
  std::map<std::string, Bytes> latest;
  std::map<std::string, int> written;
};

// Honours the condition for writers that come one after another, and lets all that race win.
class RacyStore final : public LooseStore {
 public:
  Result<PutResult> create(const ObjectToWrite& object) override {
    if (object.key.str().find("at_once") != std::string::npos) return LooseStore::create(object);
    return MemoryStore::create(object);
  }
  Result<std::optional<StoredObject>> get(const ObjectKey& key) override {
    if (key.str().find("at_once") != std::string::npos) return LooseStore::get(key);
    return MemoryStore::get(key);
  }
};

class RefusingStore final : public MemoryStore {
 public:
  Result<PutResult> create(const ObjectToWrite&) override {
    return fail(ErrorKind::k_denied, "NotImplemented (HTTP 501)");
  }
};

class UnversionedStore final : public MemoryStore {
 public:
  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override {
    auto versions = MemoryStore::list_versions(prefix);
    for (ObjectVersion& version : *versions) version.version_id = "null";
    return versions;
  }
};

TEST(StoreProbe, PassesAStoreThatKeepsWriteOnce) {
  MemoryStore versioned;
  const auto probe = probe_store(versioned, "rc/probe_x/");
  ASSERT_TRUE(probe) << one_line(probe.error());
  EXPECT_TRUE(probe->passed()) << join(probe->violations, "; ");
  EXPECT_TRUE(probe->versioned);
  UnversionedStore unversioned;
  EXPECT_FALSE(probe_store(unversioned, "rc/probe_x/")->versioned);
}

TEST(StoreProbe, SaysWhatAStoreThatIgnoresTheConditionDoes) {
  LooseStore store;
  const auto probe = probe_store(store, "rc/probe_x/");
  ASSERT_TRUE(probe) << one_line(probe.error());
  EXPECT_FALSE(probe->passed());
  EXPECT_THAT(probe->violations, Contains("a later write replaced what stood there"));
  EXPECT_THAT(probe->violations, Contains(HasSubstr("several versions")));
}

TEST(StoreProbe, FindsAStoreThatOnlyRacingWritersDefeat) {
  RacyStore store;
  const auto probe = probe_store(store, "rc/probe_x/");
  ASSERT_TRUE(probe) << one_line(probe.error());
  EXPECT_THAT(probe->violations, Contains("of 16 racing writers 16 were told that they had won"));
}

TEST(StoreProbe, CannotTellOfAStoreThatRefuses) {
  RefusingStore store;
  EXPECT_EQ(probe_store(store, "rc/probe_x/").error().kind, ErrorKind::k_denied);
}

TEST(NewestProbe, IsTheLastReceiptAndNoOtherObject) {
  const auto registry =
      Registry::parse("* `S3_RUN_CONTROL_ROOT_PATTERN = \"rc/{phase_execution_id}/\"`\n", "r.md");
  const Layout layout = *Layout::from(*registry);
  MemoryStore store;
  EXPECT_FALSE(newest_probe(store, layout)->has_value());
  const auto record = [&](const char* now, bool good) {
    StoreProbe probe;
    if (!good) probe.violations.emplace_back("seen");
    const Instant instant = *Instant::parse_rfc3339(now);
    return record_receipt(store, layout, k_probe_prefix, k_probe_name, instant,
                          [&](const ExecutionId&) { return to_json(probe, store, instant); });
  };
  ASSERT_TRUE(record("2026-02-23T17:43:07Z", true));
  ASSERT_TRUE(record("2026-02-23T17:43:07Z", false));
  ASSERT_TRUE(store.create({ObjectKey("rc/probe_20270101T000000Z_ff/in_turn.json"), "x"}));
  const auto newest = newest_probe(store, layout);
  ASSERT_TRUE(newest && *newest);
  EXPECT_EQ((*newest)->id.str(), "probe_20260223T174307Z_01");
  EXPECT_FALSE((*newest)->body["passed"].is_true());
}

}  // namespace
}  // namespace runpin
