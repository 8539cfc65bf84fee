#include "tests/support/verified.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "runpin/canon/json_reader.h"
#include "runpin/cli/command_line.h"

namespace runpin::testing {

Verified verify(const std::filesystem::path& workspace, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"-w", workspace.string(), "--json", "verify"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto parsed = cli::parse_command_line(cli::all_commands(), words);
  if (!parsed) throw std::runtime_error(one_line(parsed.error()));
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&text, &size);
  std::FILE* err = std::fopen("/dev/null", "w");
  Verified verified;
  {
    cli::Output output(out, err, {.json = true});
    cli::Context context = cli::system_context(output, workspace.string());
    verified.exit_code = std::get<cli::Invocation>(*parsed).run(context);
    output.finish();
  }
  std::fclose(out);
  std::fclose(err);
  verified.document = read_json(std::string(text, size), "stdout").value_or(Json());
  std::free(text);
  return verified;
}

}  // namespace runpin::testing
