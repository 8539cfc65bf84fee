#include "runpin/gate/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/canon/json_writer.h"
#include "runpin/gate/succession.h"
#include "tests/support/memory_store.h"

namespace runpin {
namespace {

using testing::MemoryStore;

Layout sample_layout() {
  return *Layout::from(
      *Registry::parse("* `S3_RUN_CONTROL_ROOT_PATTERN = \"e/{phase_execution_id}/\"`\n", "r.md"));
}

class Histories : public ::testing::Test {
 protected:
  // An attempt "m3<lane>_<second>", going on from `continues`.
  ExecutionId attempt(char lane, const std::string& stamp, const std::string& continues = {}) {
    Reservation reservation;
    reservation.execution_id = execution_id(lane, Stamp(stamp));
    reservation.reserved_at = *Instant::parse_stamp(std::string_view(stamp).substr(0, 16));
    reservation.nonce = "n" + std::to_string(++count_);
    reservation.first_lane = lane;
    if (!continues.empty()) reservation.continues = ExecutionId(continues);
    put(layout_.reservation_key(reservation.execution_id).str(), pretty(to_json(reservation)));
    if (reservation.continues) {
      took_place_ = succeed(store_, layout_, reservation).has_value();
      reservation.starts_at = lane;
      EXPECT_TRUE(record_start(store_, layout_, reservation));
    }
    return reservation.execution_id;
  }
  void put(const std::string& key, const std::string& bytes) {
    ASSERT_TRUE(store_.create({ObjectKey(key), bytes}));
  }
  std::vector<std::vector<std::string>> all() {
    std::vector<std::vector<std::string>> ids;
    const auto histories = read_histories(store_, layout_);
    EXPECT_TRUE(histories);
    for (const RunHistory& history : *histories) ids.push_back(ids_of(history));
    return ids;
  }
  static std::vector<std::string> ids_of(const RunHistory& history) {
    std::vector<std::string> ids;
    for (const Reservation& reservation : history.attempts)
      ids.push_back(reservation.execution_id.str());
    return ids;
  }

  MemoryStore store_;
  Layout layout_ = sample_layout();
  int count_ = 0;
  bool took_place_ = false;  // whether the last attempt is the successor of the one it continues
};

constexpr const char* k_1 = "20260223T174301Z";
constexpr const char* k_2 = "20260223T174302Z";
constexpr const char* k_3 = "20260223T174303Z";

TEST_F(Histories, AreNoneInAnEmptyStore) {
  EXPECT_TRUE(all().empty());
  const auto newest = read_newest_history(store_, layout_);
  ASSERT_TRUE(newest);
  EXPECT_FALSE(*newest);
}

TEST_F(Histories, ChainARunAndItsResumesNewestRunFirst) {
  attempt('a', k_1);
  attempt('a', k_2);
  attempt('e', k_3, std::string("m3a_") + k_1);
  EXPECT_EQ(all(), (std::vector<std::vector<std::string>>{
                       {std::string("m3a_") + k_1, std::string("m3e_") + k_3},
                       {std::string("m3a_") + k_2}}));
  const auto newest = read_newest_history(store_, layout_);
  ASSERT_TRUE(newest && *newest);
  EXPECT_EQ(ids_of(**newest), all().front());
}

TEST_F(Histories, TellWhichExecutionOfALaneCounts) {
  attempt('a', k_1);
  attempt('e', k_2, std::string("m3a_") + k_1);
  attempt('h', k_3, std::string("m3e_") + k_2);
  const auto newest = read_newest_history(store_, layout_);
  ASSERT_TRUE(newest && *newest);
  const RunHistory& history = **newest;
  EXPECT_EQ(history.newest().execution_id.str(), std::string("m3h_") + k_3);
  for (const auto& [lane, stamp] :
       {std::pair{'a', k_1}, {'d', k_1}, {'e', k_2}, {'g', k_2}, {'h', k_3}, {'j', k_3}})
    EXPECT_EQ(history.execution(lane), execution_id(lane, Stamp(stamp))) << lane;
  EXPECT_TRUE(history.superseded('d').empty());
  EXPECT_EQ(history.superseded('f'), (std::vector{execution_id('f', Stamp(k_1))}));
  EXPECT_EQ(history.superseded('j'),
            (std::vector{execution_id('j', Stamp(k_1)), execution_id('j', Stamp(k_2))}));
}

TEST_F(Histories, TellASuffixedStampFromTheInstantItself) {
  attempt('a', k_1);
  attempt('a', std::string(k_1) + "_01");
  attempt('a', std::string(k_1) + "_10");
  attempt('a', std::string(k_1) + "_02");
  EXPECT_EQ((*read_newest_history(store_, layout_))->newest().stamp().str(),
            std::string(k_1) + "_10");
  EXPECT_EQ(all().size(), 4u);
  EXPECT_EQ(all().back().front(), std::string("m3a_") + k_1);
}

TEST_F(Histories, PassOverEverythingThatIsNoReservation) {
  attempt('a', k_1);
  put("e/m3a_20990101T000000Z/m3a_execution_summary.json", "{}");
  put("e/m3a_20990101T000000Z/deeper/reservation.json", "{}");
  put("e/reset_20990101T000000Z/reservation.json", "{}");
  put("elsewhere/m3a_20990101T000000Z/reservation.json", "{}");
  EXPECT_EQ(all().size(), 1u);
  EXPECT_EQ((*read_newest_history(store_, layout_))->newest().stamp(), Stamp(k_1));
}

TEST_F(Histories, HaveAFlawWhereAReservationDoesNotParse) {
  for (const char* bytes : {"", "{", "[]", "{}"}) {
    MemoryStore store;
    const std::string key = std::string("e/m3a_") + k_1 + "/reservation.json";
    ASSERT_TRUE(store.create({ObjectKey(key), bytes}));
    const auto histories = read_histories(store, layout_);
    ASSERT_EQ(histories.value().size(), 1u);
    const RunHistory& history = histories->front();
    EXPECT_EQ(history.newest().stamp(), Stamp(k_1));
    ASSERT_TRUE(history.flaw);
    EXPECT_EQ(history.flaw->kind, ErrorKind::k_malformed);
    EXPECT_THAT(history.flaw->where, ::testing::StartsWith(key));
    EXPECT_FALSE(read_newest_history(store, layout_));
  }
}

TEST_F(Histories, KnowOneSuccessorOfAnAttempt) {
  attempt('a', k_1);
  attempt('e', k_2, std::string("m3a_") + k_1);
  EXPECT_TRUE(took_place_);
  attempt('f', k_3, std::string("m3a_") + k_1);
  EXPECT_FALSE(took_place_);
  const std::vector<std::string> run{std::string("m3a_") + k_1, std::string("m3e_") + k_2};
  EXPECT_EQ(all(), std::vector<std::vector<std::string>>{run});
  EXPECT_EQ(ids_of(**read_newest_history(store_, layout_)), run);
}

TEST_F(Histories, AreFlawedWhereTheSuccessorIsGone) {
  attempt('a', k_1);
  Reservation gone;
  gone.execution_id = ExecutionId(std::string("m3e_") + k_2);
  gone.continues = ExecutionId(std::string("m3a_") + k_1);
  gone.nonce = "n";
  ASSERT_TRUE(succeed(store_, layout_, gone));
  const auto newest = read_newest_history(store_, layout_);
  ASSERT_FALSE(newest);
  EXPECT_EQ(newest.error().kind, ErrorKind::k_malformed);
  EXPECT_THAT(newest.error().where, ::testing::HasSubstr("continued_by.json"));
  const auto histories = read_histories(store_, layout_);
  ASSERT_TRUE(histories);
  EXPECT_TRUE(histories->front().flaw);
}

TEST_F(Histories, CountNoLaneOfAResumeThatFoundTheRunComplete) {
  attempt('a', k_1);
  Reservation idle;
  idle.execution_id = ExecutionId(std::string("m3j_") + k_2);
  idle.reserved_at = *Instant::parse_stamp(k_2);
  idle.continues = ExecutionId(std::string("m3a_") + k_1);
  idle.nonce = "n";
  idle.first_lane = 'j';
  put(layout_.reservation_key(idle.execution_id).str(), pretty(to_json(idle)));
  ASSERT_TRUE(succeed(store_, layout_, idle));
  const auto newest = read_newest_history(store_, layout_);
  ASSERT_TRUE(newest && *newest);
  EXPECT_EQ((*newest)->attempts.size(), 2u);
  EXPECT_EQ((*newest)->execution('j'), execution_id('j', Stamp(k_1)));
  EXPECT_TRUE((*newest)->superseded('j').empty());
}

TEST_F(Histories, AreAnErrorWhereAttemptsGoRoundInACircle) {
  attempt('b', k_1, std::string("m3c_") + k_2);
  attempt('c', k_2, std::string("m3b_") + k_1);
  const auto newest = read_newest_history(store_, layout_);
  ASSERT_FALSE(newest);
  EXPECT_EQ(newest.error().kind, ErrorKind::k_malformed);
}

TEST_F(Histories, LeaveOutFoldersThatNoLaneExecutionCanHave) {
  attempt('a', k_1);
  for (const char* folder : {"m3", "m3a", "m3a_", "m3ab_20260223T174301Z"})
    put(layout_.reservation_key(ExecutionId(folder)).str(), "{}");
  EXPECT_EQ(all(), (std::vector<std::vector<std::string>>{{std::string("m3a_") + k_1}}));
  const auto newest = read_newest_history(store_, layout_);
  ASSERT_TRUE(newest && *newest);
  EXPECT_EQ((*newest)->attempts.size(), 1u);
}

TEST_F(Histories, AreAnErrorWhereAnAttemptThatIsGoneOnFromIsGone) {
  attempt('c', k_2, std::string("m3a_") + k_1);
  const auto newest = read_newest_history(store_, layout_);
  ASSERT_FALSE(newest);
  EXPECT_EQ(newest.error().kind, ErrorKind::k_not_found);
}

}  // namespace
}  // namespace runpin
