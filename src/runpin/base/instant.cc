#include "runpin/base/instant.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace runpin {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

struct Civil {
  int year, month, day, hour, minute, second;
};

Civil civil_of(std::int64_t seconds) {
  const std::chrono::sys_seconds point{std::chrono::seconds(seconds)};
  const auto midnight = std::chrono::floor<days>(point);
  const std::chrono::year_month_day date{midnight};
  const auto rest = (point - midnight).count();
  return {int(date.year()), int(unsigned(date.month())), int(unsigned(date.day())),
          int(rest / 3600), int(rest / 60 % 60),         int(rest % 60)};
}

std::optional<std::int64_t> seconds_of(const Civil& c) {
  const std::chrono::year_month_day date{std::chrono::year(c.year), std::chrono::month(c.month),
                                         std::chrono::day(c.day)};
  if (c.year < 1 || !date.ok() || c.hour > 23 || c.minute > 59 || c.second > 59) return {};
  return sys_days(date).time_since_epoch().count() * std::int64_t{86400} + c.hour * 3600 +
         c.minute * 60 + c.second;
}

// Reads `text` against `shape`, in which 'Y' 'M' 'D' 'h' 'm' 's' stand for digits and anything else
// for itself.
std::optional<Civil> read_shape(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return {};
  Civil c{0, 0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    int* field = nullptr;
    switch (shape[i]) {
      case 'Y':
        field = &c.year;
        break;
      case 'M':
        field = &c.month;
        break;
      case 'D':
        field = &c.day;
        break;
      case 'h':
        field = &c.hour;
        break;
      case 'm':
        field = &c.minute;
        break;
      case 's':
        field = &c.second;
        break;
      default:
        if (text[i] != shape[i]) return {};
        continue;
    }
    if (text[i] < '0' || text[i] > '9') return {};
    *field = *field * 10 + (text[i] - '0');
  }
  return c;
}

// Takes ".123" off the front of the rest behind the seconds; false when it is no fraction.
bool drop_fraction(std::string_view& rest) {
  if (rest.empty() || rest.front() != '.') return true;
  const auto end = rest.find_first_not_of("0123456789", 1);
  if (end == 1 || end == std::string_view::npos) return false;
  rest.remove_prefix(end);
  return true;
}

}  // namespace

Result<Instant> Instant::parse_rfc3339(std::string_view text) {
  constexpr std::string_view k_shape = "YYYY-MM-DDThh:mm:ss";
  const auto refuse = [&] {
    return fail(ErrorKind::k_usage, fmt::format("'{}' is not an RFC 3339 instant in UTC", text), "",
                "write it as 2026-02-23T17:43:07Z");
  };
  const auto civil = read_shape(text.substr(0, k_shape.size()), k_shape);
  if (!civil) return refuse();
  std::string_view rest = text.substr(k_shape.size());
  if (!drop_fraction(rest) || (rest != "Z" && rest != "+00:00")) return refuse();
  const auto seconds = seconds_of(*civil);
  if (!seconds) return refuse();
  return Instant(*seconds);
}

Result<Instant> Instant::parse_stamp(std::string_view text) {
  const auto civil = read_shape(text, "YYYYMMDDThhmmssZ");
  const auto seconds = civil ? seconds_of(*civil) : std::nullopt;
  if (!seconds) return fail(ErrorKind::k_malformed, fmt::format("'{}' is not a run stamp", text));
  return Instant(*seconds);
}

std::string Instant::rfc3339() const {
  const Civil c = civil_of(seconds_);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour,
                     c.minute, c.second);
}

std::string Instant::stamp() const {
  const Civil c = civil_of(seconds_);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.year, c.month, c.day, c.hour, c.minute,
                     c.second);
}

std::string Instant::date() const {
  return rfc3339().substr(0, 10);
}

Instant Instant::month_start() const {
  Civil c = civil_of(seconds_);
  return Instant(*seconds_of({c.year, c.month, 1, 0, 0, 0}));
}

Instant Instant::next_day_start() const {
  const std::chrono::sys_seconds point{std::chrono::seconds(seconds_)};
  return Instant((std::chrono::floor<days>(point) + days(1)).time_since_epoch().count() *
                 std::int64_t{86400});
}

}  // namespace runpin
