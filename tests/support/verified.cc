#include "tests/support/verified.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "runpin/canon/json_reader.h"
#include "runpin/cli/command_line.h"

namespace runpin::testing {

namespace {

struct Told {
  int exit_code = -1;
  std::string out;
};

Told told(const std::filesystem::path& workspace, std::vector<std::string> words, bool json) {
  words.insert(words.begin(), {"-w", workspace.string()});
  const auto parsed = cli::parse_command_line(cli::all_commands(), words);
  if (!parsed) throw std::runtime_error(one_line(parsed.error()));
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&text, &size);
  std::FILE* err = std::fopen("/dev/null", "w");
  Told told;
  {
    cli::Output output(out, err, {.json = json});
    cli::Context context = cli::system_context(output, workspace.string());
    told.exit_code = std::get<cli::Invocation>(*parsed).run(context);
    output.finish();
  }
  std::fclose(out);
  std::fclose(err);
  told.out = std::string(text, size);
  std::free(text);
  return told;
}

}  // namespace

Verified verify(const std::filesystem::path& workspace, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"--json", "verify"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const Told shown = told(workspace, std::move(words), true);
  Verified verified;
  verified.exit_code = shown.exit_code;
  verified.document = read_json(shown.out, "stdout").value_or(Json());
  return verified;
}

std::string verify_text(const std::filesystem::path& workspace) {
  return told(workspace, {"verify"}, false).out;
}

}  // namespace runpin::testing
