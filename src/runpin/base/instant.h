// A point in time, UTC, whole seconds: the one instant that a run carries. Years 0001 to 9999.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "runpin/base/result.h"

namespace runpin {

class Instant {
 public:
  Instant() = default;
  static Instant from_unix_seconds(std::int64_t seconds) { return Instant(seconds); }

  // RFC 3339, UTC only: "2026-02-23T17:43:07Z", also "+00:00". A fraction of a second is dropped,
  // since run ids have second precision. Leap seconds and other offsets are refused.
  static Result<Instant> parse_rfc3339(std::string_view text);

  // The inverse of stamp(): "20260223T174307Z".
  static Result<Instant> parse_stamp(std::string_view text);

  std::int64_t unix_seconds() const { return seconds_; }
  std::string rfc3339() const;     // 2026-02-23T17:43:07Z
  std::string stamp() const;       // 20260223T174307Z
  std::string date() const;        // 2026-02-23
  Instant month_start() const;     // 00:00:00 on the first of this month
  Instant next_day_start() const;  // 00:00:00 tomorrow

  auto operator<=>(const Instant&) const = default;

 private:
  explicit Instant(std::int64_t seconds) : seconds_(seconds) {}
  std::int64_t seconds_ = 0;
};

}  // namespace runpin
