// One row of the blocker table: a fault as users, disks or defects make it, what the gate must say
// about it, and what cures it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/faults/platform.h"

namespace runpin::testing {

struct FaultRow {
  std::string code;      // "M3D-B3"
  std::string severity;  // "S1", "S2"
  std::string phase;     // "M3-B4"
  int exit = 3;
  std::string fault;  // what happened, for people
  // What the blocker's `where` is. "@KEY" stands for the handle's place in the registry, "{run}"
  // for the platform_run_id, "{base}" for the stamp of the attempt before the fault, "{stamp}" for
  // that of the attempt that meets it.
  std::string where;
  std::string fix;  // what the blocker's `fix` contains: the edit or command that cures it
  // The lane up to which a sound run went before the fault, which a resume then meets; 0: a new
  // run.
  char after = 0;
  // What has to come before any fault is made.
  std::function<void(Platform&)> prepare = [](Platform&) {};

  std::function<void(Platform&)> inject;
  // The edit that `fix` asks for. The commands that it names are then given as they stand there.
  std::function<void(Platform&)> mend = [](Platform& platform) { platform.undo(); };
  // Codes that the same fault raises beside this one, but for those that only say that a lane is
  // held (M3I-B2, M3J-B2, M3J-B3).
  std::vector<std::string> also = {};
};

// By lane, in the order of the contract; a code may have several rows.
std::vector<FaultRow> a_faults();
std::vector<FaultRow> b_faults();
std::vector<FaultRow> c_faults();
std::vector<FaultRow> d_faults();
std::vector<FaultRow> e_faults();
std::vector<FaultRow> f_faults();
std::vector<FaultRow> g_faults();
std::vector<FaultRow> h_faults();
std::vector<FaultRow> i_faults();
std::vector<FaultRow> j_faults();

// All of them.
const std::vector<FaultRow>& blocker_table();

// A working key for nothing, in the form of one that no artifact may carry.
std::string a_secret();

// The evidence store cannot grow while it publishes that lane's evidence.
void fill_disk_for(Platform& platform, char lane);

// Changes the state machines behind the orchestrator's back.
void change_machines(Platform& platform, const std::string& statement,
                     const std::vector<std::string>& values = {});
// M3.D is held by it.
void change_role(Platform& platform);

// The row of `lane` gets that judge.
void give_judge(Platform& platform, char lane,
                Judgement (*judge)(const LaneContext&, const Upstream&, const Facts&));

}  // namespace runpin::testing
