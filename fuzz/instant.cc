// Instants in every notation that runpin reads.
#include "runpin/base/instant.h"

#include "fuzz/property.h"
#include "runpin/adapters/aws/retry_rules.h"
#include "runpin/adapters/focus/focus_row.h"

namespace runpin::fuzz {
namespace {

void examine_instant(const Instant& at) {
  const auto from_text = Instant::parse_rfc3339(at.rfc3339());
  must(from_text && *from_text == at, "an instant reads back from RFC 3339");
  const auto from_stamp = Instant::parse_stamp(at.stamp());
  must(from_stamp && *from_stamp == at, "an instant reads back from its stamp");
  must(at.rfc3339().starts_with(at.date()), "RFC 3339 begins with the date");
  must(read_focus_instant(at.rfc3339()) == at, "FOCUS has every instant of RFC 3339");
  must(at.month_start() <= at && at < at.next_day_start(), "an instant lies within its month, day");
  must(at.month_start().month_start() == at.month_start(), "a month starts once");
  must(at.next_day_start().unix_seconds() % 86400 == 0, "a day starts at midnight");
}

}  // namespace

void examine(std::string_view input) {
  if (const auto at = Instant::parse_rfc3339(input)) examine_instant(*at);
  if (const auto at = Instant::parse_stamp(input)) {
    examine_instant(*at);
    must(at->stamp() == input, "a stamp is written in one way");
  }
  if (const auto at = read_focus_instant(input)) examine_instant(*at);
  if (const auto at = parse_http_date(input)) examine_instant(*at);
}

}  // namespace runpin::fuzz
