#include "runpin/gate/reservation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <thread>

#include "runpin/adapters/sqlite/sqlite_evidence_store.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/history.h"
#include "tests/adapters/sqlite/temp_db.h"
#include "tests/support/memory_store.h"

namespace runpin {
namespace {

using testing::MemoryStore;

constexpr std::array<char, 10> k_lanes{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'};

Layout sample_layout() {
  return *Layout::from(
      *Registry::parse("* `S3_RUN_CONTROL_ROOT_PATTERN = \"e/{phase_execution_id}/\"`\n", "r.md"));
}

Reservation wish(char first_lane, int number, const std::string& now = "2026-02-23T17:43:07Z") {
  Reservation wanted;
  wanted.reserved_at = *Instant::parse_rfc3339(now);
  wanted.nonce = "nonce-" + std::to_string(number);
  wanted.first_lane = first_lane;
  if (first_lane != 'a') wanted.continues = ExecutionId("m3a_20260101T000000Z");
  return wanted;
}

TEST(Reservation, TakesTheFirstFreeSuffixOfItsSecond) {
  MemoryStore store;
  const Layout layout = sample_layout();
  int number = 0;
  for (const char* expected : {"20260223T174307Z", "20260223T174307Z_01", "20260223T174307Z_02"}) {
    const auto reserved = reserve_stamp(store, layout, wish('a', ++number), k_lanes);
    ASSERT_TRUE(reserved);
    EXPECT_EQ(reserved->stamp().str(), expected);
    EXPECT_EQ(reserved->execution_id.str(), std::string("m3a_") + expected);
    const auto stored = store.get(layout.reservation_key(reserved->execution_id));
    EXPECT_EQ((*stored)->bytes, pretty(to_json(*reserved)));
  }
  EXPECT_EQ(reserve_stamp(store, layout, wish('a', 9, "2026-02-23T17:43:08Z"), k_lanes)->stamp(),
            Stamp("20260223T174308Z"));
}

TEST(Reservation, CountsTheReservationsOfOtherLanesToo) {
  const Layout layout = sample_layout();
  for (const char lane : k_lanes) {
    MemoryStore store;
    ASSERT_TRUE(reserve_stamp(store, layout, wish('e', 1), k_lanes));
    const auto second = reserve_stamp(store, layout, wish(lane, 2), k_lanes);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->stamp(), Stamp("20260223T174307Z_01")) << lane;
  }
}

TEST(Reservation, GivesUpWhenEverySuffixIsTaken) {
  MemoryStore store;
  const Layout layout = sample_layout();
  for (int i = 0; i <= k_max_stamp_suffix; ++i)
    ASSERT_TRUE(reserve_stamp(store, layout, wish(i % 2 ? 'a' : 'c', i), k_lanes)) << i;
  const auto refused = reserve_stamp(store, layout, wish('a', 1000), k_lanes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::k_conflict);
  EXPECT_FALSE(refused.error().fix.empty());
}

TEST(Reservation, IsReadBackTheSame) {
  for (const char lane : k_lanes) {
    Reservation written = wish(lane, 3);
    written.execution_id = execution_id(lane, Stamp("20260223T174307Z_07"));
    written.last_lane = 'i';
    const auto json = read_json(pretty(to_json(written)), "reservation.json");
    ASSERT_TRUE(json);
    const auto read = reservation_from_json(*json);
    ASSERT_TRUE(read) << one_line(read.error());
    EXPECT_EQ(to_json(*read), to_json(written));
    EXPECT_EQ(read->stamp(), Stamp("20260223T174307Z_07"));
  }
}

TEST(Reservation, IsRefusedWhereItContradictsItself) {
  Reservation sound = wish('e', 1);
  sound.execution_id = ExecutionId("m3e_20260223T174307Z");
  const Json whole = to_json(sound);
  ASSERT_TRUE(reservation_from_json(whole));
  for (const auto& [field, bad] : {std::pair{"execution_id", Json("m3a_20260223T174307Z")},
                                   {"execution_id", Json("")},
                                   {"execution_id", Json()},
                                   {"reserved_at_utc", Json("yesterday")},
                                   {"reserved_at_utc", Json()},
                                   {"nonce", Json("")},
                                   {"nonce", Json()},
                                   {"continues", Json("")},
                                   {"continues", Json(5)},
                                   {"first_lane", Json("k")},
                                   {"first_lane", Json("ef")},
                                   {"first_lane", Json()},
                                   {"last_lane", Json("")},
                                   {"last_lane", Json(5)}}) {
    const auto refused = reservation_from_json(Json(whole).set(field, bad));
    ASSERT_FALSE(refused) << field << " " << canonical(bad);
    EXPECT_EQ(refused.error().kind, ErrorKind::k_malformed);
  }
  EXPECT_FALSE(reservation_from_json(Json()));
}

class ReservationRace : public testing::PlatformDbTest {
 protected:
  // `count` threads at once, each with a store of its own as a process would have; the stamps that
  // they got.
  std::vector<std::string> race(int count, const std::string& first_lanes,
                                const std::string& now = "2026-02-23T17:43:07Z") {
    std::vector<std::string> stamps(count);
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i)
      threads.emplace_back([&, i] {
        SqliteEvidenceStore store(file(), testing::k_name);
        const char lane = first_lanes[i % first_lanes.size()];
        const auto reserved = reserve_stamp(store, sample_layout(), wish(lane, i, now), k_lanes);
        if (reserved) stamps[i] = reserved->stamp().str();
      });
    for (std::thread& thread : threads) thread.join();
    return stamps;
  }
};

TEST_F(ReservationRace, NoTwoRunsGetOneStamp) {
  const auto stamps = race(24, "a");
  EXPECT_EQ(std::set<std::string>(stamps.begin(), stamps.end()).size(), stamps.size());
  EXPECT_THAT(stamps, ::testing::Each(::testing::StartsWith("20260223T174307Z")));
}

TEST_F(ReservationRace, NoRunAndResumeGetOneStamp) {
  for (int second = 0; second < 5; ++second) {
    const auto stamps = race(12, "aeaecg", "2026-02-23T17:43:0" + std::to_string(second) + "Z");
    EXPECT_THAT(stamps, ::testing::Each(::testing::StartsWith("20260223T17430")));
    EXPECT_EQ(std::set<std::string>(stamps.begin(), stamps.end()).size(), stamps.size());
  }
}

// What a racer wrote and did not keep is no run; nor is a resume that took no place.
TEST_F(ReservationRace, AttemptsThatDidNotKeepTheirStampAreNoRuns) {
  race(12, "ab");
  SqliteEvidenceStore store(file(), testing::k_name);
  const auto histories = read_histories(store, sample_layout());
  ASSERT_TRUE(histories) << one_line(histories.error());
  EXPECT_EQ(histories->size(), 6u);
}

}  // namespace
}  // namespace runpin
