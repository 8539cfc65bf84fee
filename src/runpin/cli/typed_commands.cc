#include "runpin/cli/typed_commands.h"

#include <algorithm>

#include "runpin/base/bytes.h"

namespace runpin::cli {
namespace {

constexpr std::string_view k_program = "runpin ";
constexpr std::string_view k_on_a_workspace[] = {
    "run",     "resume", "reset",    "approve",     "status",      "list",
    "explain", "verify", "registry", "probe-store", "orchestrator"};

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.' || c == '/';
}

// Whether one of the commands stands at the beginning of `text`, as a word of its own.
bool begins_command(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(),
                                [](char c) { return !(c >= 'a' && c <= 'z') && c != '-'; });
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  return std::find(std::begin(k_on_a_workspace), std::end(k_on_a_workspace), word) !=
         std::end(k_on_a_workspace);
}

}  // namespace

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_word(c) || std::string_view("+=@:,").find(c) != std::string_view::npos;
  });
  return plain ? std::string(text) : "'" + replace_all(std::string(text), "'", "'\\''") + "'";
}

std::string in_workspace(std::string_view text, std::string_view directory) {
  std::string typed;
  while (true) {
    const auto at = text.find(k_program);
    if (at == std::string_view::npos) return typed + std::string(text);
    const auto behind = at + k_program.size();
    const bool own_word = at == 0 || !is_word(text[at - 1]);
    typed += text.substr(0, behind);
    if (own_word && begins_command(text.substr(behind)))
      typed += "-w " + shell_word(directory) + " ";
    text.remove_prefix(behind);
  }
}

}  // namespace runpin::cli
