#include "tests/faults/fault_row.h"

namespace runpin::testing {

const std::vector<FaultRow>& blocker_table() {
  static const std::vector<FaultRow> k_table = [] {
    std::vector<FaultRow> all;
    for (const auto& lane : {a_faults(), b_faults(), c_faults(), d_faults(), e_faults(), f_faults(),
                             g_faults(), h_faults(), i_faults(), j_faults()})
      all.insert(all.end(), lane.begin(), lane.end());
    return all;
  }();
  return k_table;
}

std::string a_secret() {
  return std::string("AKIA") + "QY7D3RHXW2" + "LTNB5M";
}

void fill_disk_for(Platform& platform, char lane) {
  platform.faults.full.push_back([lane](std::string_view operation, const std::string& key) {
    return operation == "publish" && key.find(std::string("/m3") + lane + "_") != std::string::npos;
  });
}

void change_machines(Platform& platform, const std::string& statement,
                     const std::vector<std::string>& values) {
  platform.sql(statement, values);
  platform.on_undo([&platform] {
    platform.sql("DELETE FROM state_machines");
    platform.sql(
        "INSERT INTO state_machines VALUES ("
        "'arn:aws:states:eu-central-1:111122223333:stateMachine:kestrel-parcel-platform-run-v0',"
        "'kestrel-parcel-platform-run-v0',"
        "'arn:aws:iam::111122223333:role/kestrel-parcel-run-orchestrator',"
        "'ACTIVE', '2026-02-23T17:43:07Z')");
  });
}

void change_role(Platform& platform) {
  change_machines(platform, "UPDATE state_machines SET role_arn = ?",
                  {"arn:aws:iam::111122223333:role/somebody-else"});
}

void give_judge(Platform& platform, char lane,
                Judgement (*judge)(const LaneContext&, const Upstream&, const Facts&)) {
  platform.faults.lane_defects.push_back([lane, judge](Lane& row) {
    if (row.contract.letter == lane) row.judge = judge;
  });
}

}  // namespace runpin::testing
