#include "tests/support/process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace runpin::testing {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

constexpr uid_t k_nobody = 65534;

File temporary_file(const std::string& content = {}) {
  File file(std::tmpfile(), std::fclose);
  if (!file) throw std::runtime_error("no temporary file");
  std::fwrite(content.data(), 1, content.size(), file.get());
  std::fflush(file.get());
  std::rewind(file.get());
  return file;
}

std::string content_of(std::FILE* file) {
  std::string content;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) content += static_cast<char>(c);
  return content;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

int descriptor_for_stdout(StdoutTo target, std::FILE* captured) {
  if (target == StdoutTo::k_captured) return fileno(captured);
  if (target == StdoutTo::k_full_device) return open("/dev/full", O_WRONLY);
  int ends[2];
  if (target == StdoutTo::k_closed || pipe(ends) != 0) return -1;
  close(ends[0]);
  return ends[1];
}

// In the child, between fork and exec.
[[noreturn]] void become(const Program& program, int executable, int in, int out, int err,
                         std::vector<char*>& arguments, std::vector<char*>& environment) {
  dup2(in, 0);
  dup2(err, 2);
  if (out == -1)
    close(1);
  else
    dup2(out, 1);
  const bool ready =
      chdir(program.directory.c_str()) == 0 &&
      (!program.unprivileged || geteuid() != 0 || (setgid(k_nobody) == 0 && setuid(k_nobody) == 0));
  if (ready) fexecve(executable, arguments.data(), environment.data());
  _exit(127);
}

int exit_code_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Finished run(const Program& program) {
  const File in = temporary_file(program.input);
  const File out = temporary_file();
  const File err = temporary_file();
  std::vector<std::string> arguments = program.command;
  std::vector<std::string> environment{"PATH=/usr/bin:/bin"};
  for (const auto& [name, value] : program.set) environment.push_back(name + "=" + value);
  auto argument_pointers = pointers(arguments);
  auto environment_pointers = pointers(environment);
  const int executable = open(program.command.at(0).c_str(), O_RDONLY | O_CLOEXEC);
  if (executable == -1) throw std::runtime_error("no program " + program.command[0]);
  const int target = descriptor_for_stdout(program.stdout_to, out.get());
  const pid_t child = fork();
  if (child == 0)
    become(program, executable, fileno(in.get()), target, fileno(err.get()), argument_pointers,
           environment_pointers);
  close(executable);
  if (target != -1 && program.stdout_to != StdoutTo::k_captured) close(target);
  const int code = exit_code_of(child);
  return {code, content_of(out.get()), content_of(err.get())};
}

std::string runpin_binary() {
  const char* chosen = std::getenv("RUNPIN_BINARY");
  return chosen ? chosen : RUNPIN_BINARY;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string unwrapped(const std::string& text) {
  std::string line;
  for (const std::string& each : lines_of(text))
    line += " " + each.substr(std::min(each.find_first_not_of(' '), each.size()));
  return line;
}

}  // namespace runpin::testing
