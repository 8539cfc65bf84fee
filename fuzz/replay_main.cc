// Runs a fuzzer without libFuzzer, so that any compiler can: over every file that is named, then
// over mutations of them, the same ones each time.
//
//   FUZZER [--mutations N] [--words DICTIONARY] [FILE | DIRECTORY]…
//
// The input at which a property did not hold, or a sanitizer complained, is left in finding-SHA256
// where it was started.
#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

#include "fuzz/mutation.h"
#include "fuzz/property.h"
#include "runpin/canon/digest.h"

namespace {

constexpr std::uint64_t k_seed = 20260223;

std::string_view under_examination;

void keep_finding() {
  const std::string name = "finding-" + runpin::sha256(under_examination).str();
  std::ofstream(name, std::ios::binary) << under_examination;
  std::fprintf(stderr, "the input is kept in %s\n",
               (std::filesystem::current_path() / name).c_str());
}

// A stack of its own for the handler: the program's may be what is used up.
void watch_for_findings() {
  static char stack[1 << 16];
  const stack_t for_handler{stack, 0, sizeof stack};
  sigaltstack(&for_handler, nullptr);
  struct sigaction keep {};
  keep.sa_flags = SA_ONSTACK;
  keep.sa_handler = [](int) {
    keep_finding();
    std::_Exit(1);
  };
  sigaction(SIGABRT, &keep, nullptr);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_set_death_callback(keep_finding);
#else
  sigaction(SIGSEGV, &keep, nullptr);
#endif
}

// A copy of exactly its size, so that a sanitizer sees a read past its end.
void examine(const std::string& input) {
  const auto copy = std::make_unique<char[]>(input.size());
  std::copy(input.begin(), input.end(), copy.get());
  under_examination = {copy.get(), input.size()};
  runpin::fuzz::examine(under_examination);
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "%s cannot be read\n", path.c_str());
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::filesystem::path> files_at(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The quoted words of a dictionary as libFuzzer reads them: a line each, \\ \" \xAB.
std::vector<std::string> words_of(const std::string& dictionary) {
  std::vector<std::string> words;
  for (std::string_view rest = dictionary; !rest.empty();) {
    const std::string_view line = runpin::fuzz::take_line(rest);
    const std::size_t open = line.find('"');
    if (line.starts_with('#') || open == std::string_view::npos) continue;
    const std::string_view quoted = line.substr(open + 1, line.rfind('"') - open - 1);
    std::string word;
    for (std::size_t at = 0; at < quoted.size(); ++at) {
      unsigned byte = static_cast<unsigned char>(quoted[at]);
      if (quoted[at] == '\\' && quoted.substr(at + 1, 1) == "x") {
        std::from_chars(quoted.data() + at + 2, quoted.data() + at + 4, byte, 16);
        at += 3;
      } else if (quoted[at] == '\\') {
        byte = static_cast<unsigned char>(quoted[++at]);
      }
      word.push_back(static_cast<char>(byte));
    }
    words.push_back(word);
  }
  return words;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> corpus;
  std::vector<std::string> words;
  long mutations = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--mutations") == 0 && i + 1 < argc) {
      mutations = std::atol(argv[++i]);
    } else if (std::strcmp(argv[i], "--words") == 0 && i + 1 < argc) {
      words = words_of(content_of(argv[++i]));
    } else {
      for (const auto& path : files_at(argv[i])) corpus.push_back(content_of(path));
    }
  }
  if (corpus.empty()) {
    std::fprintf(stderr, "no input was named\n");
    return 2;
  }
  watch_for_findings();
  for (const std::string& input : corpus) examine(input);
  runpin::fuzz::Mutation mutation(corpus, words, k_seed);
  for (long made = 0; made < mutations; ++made) examine(mutation.next());
  std::printf("figure: %zu inputs of its corpus and %ld mutations of them, without a finding\n",
              corpus.size(), mutations);
  return 0;
}
