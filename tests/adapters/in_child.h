// Work in processes of its own.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <map>

namespace runpin::testing {

// Answers what `body()` answers in a child process (0 to 255), or 128 and the signal that ended it.
template <class Body>
int in_child(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Becomes a user without privileges, in a child process only. False when that cannot be.
inline bool drop_privileges() {
  return geteuid() != 0 || setresuid(65534, 65534, 65534) == 0;
}

// Forks `count` processes, lets them go at one moment, and counts what `body(i)` answers in child
// i.
template <class Body>
std::map<int, int> race(int count, Body body) {
  int gate[2];
  if (pipe(gate) != 0) return {};
  for (int i = 0; i < count; ++i) {
    if (fork() != 0) continue;
    close(gate[1]);
    char byte;
    [[maybe_unused]] const auto released = read(gate[0], &byte, 1);  // until the parent closes it
    _exit(body(i));
  }
  close(gate[0]);
  close(gate[1]);
  std::map<int, int> outcomes;
  for (int i = 0; i < count; ++i) {
    int status = 0;
    wait(&status);
    ++outcomes[WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)];
  }
  return outcomes;
}

}  // namespace runpin::testing
