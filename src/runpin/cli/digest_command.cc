// runpin digest: the canonical SHA-256, or the canonical bytes, of any JSON file.
#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/cli/command.h"
#include "runpin/cli/read_file.h"

namespace runpin::cli {
namespace {

constexpr const char* k_sorted_keys = "json_sorted_keys_v1";
constexpr const char* k_jcs = "rfc8785";

struct Options {
  std::string mode = k_sorted_keys;
  bool canonical_bytes = false;
  std::string file;
};

void add(CLI::App& app, Options& options) {
  app.add_option(
         "--mode", options.mode,
         "json_sorted_keys_v1 (default, the bytes of Python's json.dumps with sorted keys) or "
         "rfc8785 (JCS)")
      ->type_name("MODE");
  app.add_flag("--canonical", options.canonical_bytes,
               "Print the canonical bytes, without a line end, instead of their digest");
  app.add_option("FILE", options.file, "The JSON document; - is standard input")->required();
}

Result<std::string> canonical_bytes(const Options& options, Context& context) {
  if (options.mode != k_sorted_keys && options.mode != k_jcs)
    return fail(ErrorKind::k_usage, "'" + options.mode + "' is no canonical mode", "--mode",
                "use json_sorted_keys_v1 or rfc8785");
  const bool from_stdin = options.file == "-";
  const auto text = from_stdin ? context.read_stdin()
                               : read_file(options.file, "the JSON file", "check the file's name");
  if (!text) return tl::unexpected(text.error());
  const auto document = read_json(*text, from_stdin ? "-" : options.file);
  if (!document) return tl::unexpected(document.error());
  return options.mode == k_jcs ? jcs(*document) : canonical(*document);
}

int run(const Options& options, Context& context) {
  const auto bytes = canonical_bytes(options, context);
  if (!bytes) return context.output.error(bytes.error());
  const Sha256 digest = sha256(*bytes);
  Json document =
      object({{"mode", options.mode}, {"sha256", digest.str()}, {"exit_code", k_success}});
  if (options.canonical_bytes) document.set("canonical", *bytes);
  context.output.document(document);
  context.output.text(options.canonical_bytes ? *bytes : digest.str() + "\n");
  return k_success;
}

}  // namespace

Command digest_command() {
  return make_command("digest", "Canonical SHA-256 of a JSON file", add, run);
}

}  // namespace runpin::cli
