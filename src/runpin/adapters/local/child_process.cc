#include "runpin/adapters/local/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>

#include "runpin/adapters/local/fd.h"

namespace runpin {
namespace {

using Clock = std::chrono::steady_clock;

tl::unexpected<Error> broken(const ChildProgram& program, const std::string& what) {
  return fail(ErrorKind::k_unavailable, program.words[0] + " " + what);
}

struct Pipe {
  Fd read_end;
  Fd write_end;
};

Result<Pipe> make_pipe(const ChildProgram& program) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return broken(program, std::strerror(errno));
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

// In the child, between fork and exec: only calls that are safe there. On failure errno goes to
// `report`.
[[noreturn]] void become(const char* directory, char* const* words, int out, int report) {
  setpgid(0, 0);
  signal(SIGPIPE, SIG_DFL);
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing >= 0 && dup2(nothing, 0) == 0 && dup2(out, 1) == 1 && dup2(nothing, 2) == 2 &&
      chdir(directory) == 0)
    execvp(words[0], words);
  const int code = errno;
  [[maybe_unused]] const auto written = write(report, &code, sizeof code);
  _exit(127);
}

class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);
    wait_status();
  }

  int wait_status() {
    int status = 0;
    while (waitpid(pid_, &status, 0) == -1 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
  }

  // Nothing where it has not ended by then.
  std::optional<int> status_by(Clock::time_point until) {
    constexpr std::chrono::milliseconds k_pause{5};
    int status = 0;
    pid_t ended = 0;
    while ((ended = waitpid(pid_, &status, WNOHANG)) == 0 || (ended == -1 && errno == EINTR)) {
      if (Clock::now() >= until) return {};
      std::this_thread::sleep_for(k_pause);
    }
    pid_ = 0;
    return status;
  }

 private:
  pid_t pid_;
};

tl::unexpected<Error> too_slow(const ChildProgram& program) {
  return broken(program, fmt::format("did not end within {} s",
                                     static_cast<double>(program.deadline.count()) / 1000));
}

// Everything that comes out of `fd`; an error when it does not end in time or within the size.
Result<Bytes> read_until_closed(int fd, Clock::time_point until, const ChildProgram& program) {
  Bytes bytes;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd waiting{fd, POLLIN, 0};
    const int ready = left.count() > 0 ? poll(&waiting, 1, static_cast<int>(left.count())) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return too_slow(program);
    char buffer[65536];
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return broken(program, std::strerror(errno));
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > program.max_bytes) return broken(program, "prints too much");
  }
}

Result<void> check_started(const Fd& report, const ChildProgram& program) {
  int code = 0;
  if (read(report.get(), &code, sizeof code) != sizeof code) return {};
  if (code == ENOENT)
    return fail(ErrorKind::k_not_found, program.words[0] + " is not installed", "",
                "install it, or put its directory into PATH");
  return broken(program, fmt::format("cannot be started: {}", std::strerror(code)));
}

}  // namespace

Result<Bytes> run_child(const ChildProgram& program) {
  auto out = make_pipe(program);
  if (!out) return tl::unexpected(out.error());
  auto report = make_pipe(program);
  if (!report) return tl::unexpected(report.error());
  std::vector<std::string> words = program.words;
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::string directory = program.directory.string();
  const pid_t pid = fork();
  if (pid == 0)
    become(directory.c_str(), pointers.data(), out->write_end.get(), report->write_end.get());
  if (pid < 0) return broken(program, std::strerror(errno));
  Child child(pid);
  out->write_end = Fd();
  report->write_end = Fd();
  if (auto started = check_started(report->read_end, program); !started)
    return tl::unexpected(started.error());
  const auto until = Clock::now() + program.deadline;
  auto bytes = read_until_closed(out->read_end.get(), until, program);
  if (!bytes) return bytes;
  const auto status = child.status_by(until);
  if (!status) return too_slow(program);
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return bytes;
  return broken(program, WIFEXITED(*status)
                             ? fmt::format("ended with exit code {}", WEXITSTATUS(*status))
                             : fmt::format("was ended by signal {}", WTERMSIG(*status)));
}

}  // namespace runpin
