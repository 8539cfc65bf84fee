#include "runpin/adapters/sqlite/state_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "runpin/base/bytes.h"

namespace runpin {
namespace {

constexpr std::size_t k_max_name_characters = 80;
constexpr std::string_view k_state_machine = "stateMachine";

// Bytes as they stand in UTF-8: C0 and DEL here, C1 (U+0080 to U+009F, written C2 80 to C2 9F)
// below.
bool is_refused(unsigned char c) {
  constexpr std::string_view k_refused = "<>{}[]?*\"#%\\^|~`$&,;:/";
  return c <= 0x20 || c == 0x7f || k_refused.find(static_cast<char>(c)) != std::string_view::npos;
}

bool has_c1_or_space(std::string_view name) {
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    const unsigned char lead = name[i], next = name[i + 1];
    if (lead == 0xc2 && next >= 0x80 && next <= 0xa0) return true;
  }
  constexpr std::string_view k_spaces[] = {
      "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
      "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  return std::any_of(std::begin(k_spaces), std::end(k_spaces), [&](std::string_view space) {
    return name.find(space) != std::string_view::npos;
  });
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

bool all_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Result<StateMachineArn> checked(StateMachineArn arn) {
  constexpr std::string_view k_lower = "abcdefghijklmnopqrstuvwxyz0123456789-";
  constexpr std::string_view k_digits = "0123456789";
  const auto refuse = [](std::string_view what, std::string_view found, std::string_view expected) {
    return fail(ErrorKind::k_usage,
                fmt::format("expected {} {}, found '{}'", what, expected, found));
  };
  if (!all_of(arn.partition, k_lower)) return refuse("a partition", arn.partition, "such as aws");
  if (!all_of(arn.region, k_lower)) return refuse("a region", arn.region, "such as eu-west-2");
  if (!all_of(arn.account, k_digits) || arn.account.size() != 12)
    return refuse("an account", arn.account, "of twelve digits");
  if (auto name = check_state_name(arn.name, "state machine"); !name)
    return tl::unexpected(name.error());
  return arn;
}

}  // namespace

Result<void> check_state_name(std::string_view name, std::string_view what) {
  constexpr std::size_t k_shown = 80;
  const auto refuse = [&](std::string found) {
    return fail(ErrorKind::k_usage, fmt::format("the {} name {}", what, found),
                is_utf8(name) && name.size() <= k_shown ? std::string(name) : "",
                "use 1 to 80 letters, digits, '-', '_' or '.'");
  };
  if (!is_utf8(name)) return refuse("is not UTF-8");
  const std::size_t length = characters(name);
  if (length == 0 || length > k_max_name_characters)
    return refuse(
        fmt::format("has {} characters, expected 1 to {}", length, k_max_name_characters));
  if (std::any_of(name.begin(), name.end(), is_refused) || has_c1_or_space(name))
    return refuse("holds a blank, a bracket, a wildcard or another character that it may not");
  return {};
}

Result<StateMachineArn> StateMachineArn::parse(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 7 || parts[0] != "arn" || parts[2] != "states" || parts[5] != k_state_machine)
    return fail(ErrorKind::k_usage, fmt::format("'{}' is no state machine ARN", text), "",
                "write it as arn:aws:states:REGION:ACCOUNT:stateMachine:NAME");
  return checked({parts[1], parts[3], parts[4], parts[6]});
}

Result<StateMachineArn> StateMachineArn::make(std::string region, std::string account,
                                              std::string name) {
  return checked({"aws", std::move(region), std::move(account), std::move(name)});
}

std::string StateMachineArn::str() const {
  return fmt::format("arn:{}:states:{}:{}:{}:{}", partition, region, account, k_state_machine,
                     name);
}

std::string StateMachineArn::execution(std::string_view execution_name) const {
  return fmt::format("arn:{}:states:{}:{}:execution:{}:{}", partition, region, account, name,
                     execution_name);
}

}  // namespace runpin
