// Reservations, successions and starts of attempts: what a store knows of its runs. Objects are
// named by their keys below the run-control root.
#include <set>

#include "fuzz/layout.h"
#include "fuzz/objects.h"
#include "fuzz/property.h"
#include "runpin/canon/json_reader.h"
#include "runpin/gate/history.h"
#include "runpin/gate/succession.h"

namespace runpin::fuzz {
namespace {

void examine_reservation(std::string_view text) {
  const auto json = read_json(text, "reservation.json");
  if (!json) return;
  const auto reservation = reservation_from_json(*json);
  if (!reservation) return;
  const auto again = reservation_from_json(to_json(*reservation));
  must(again && to_json(*again) == to_json(*reservation), "a reservation reads back");
  must(json->find("continues")->is_null() == !reservation->continues,
       "what goes on from another attempt is not taken for a run");
  (void)reservation->stamp();
}

void examine_history(const RunHistory& history) {
  must(!history.attempts.empty(), "a run has an attempt");
  std::set<ExecutionId> seen;
  for (const Reservation& attempt : history.attempts)
    must(seen.insert(attempt.execution_id).second, "an attempt is one of its run once");
  for (char lane = 'a'; lane <= 'j'; ++lane) {
    const ExecutionId execution = history.execution(lane);
    must(execution.empty() || execution.str().starts_with(std::string("m3") + lane),
         "a lane's execution is one of that lane");
    for (const ExecutionId& old : history.superseded(lane))
      must(old != execution, "what counts is not superseded");
  }
}

}  // namespace

void examine(std::string_view input) {
  const NamedTexts objects = named_texts(input);
  for (const auto& [name, text] : objects) examine_reservation(text);
  testing::MemoryStore store;
  fill(store, objects, layout().root());
  const auto all = read_histories(store, layout());
  if (all)
    for (const RunHistory& history : *all) examine_history(history);
  const auto newest = read_newest_history(store, layout());
  if (newest && *newest) examine_history(**newest);
  if (all && newest) must(!*newest || !all->empty(), "the newest run is one of all");
}

}  // namespace runpin::fuzz
