// SPDX-License-Identifier: Apache-2.0
// Measures another program: measure SECONDS PROGRAM [ARGUMENT...] prints how long it took and the
// most memory in KiB that it or one of its children had. It ends with 124 when that takes longer
// than SECONDS. A program of its own because the kernel counts the memory of whoever forks as well,
// and a script's is more than what is measured.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int timed_out = 124;
constexpr int not_started = 127;

[[noreturn]] void become(char** command) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nothing, STDOUT_FILENO);
  execvp(command[0], command);
  std::perror(command[0]);
  _exit(not_started);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: measure SECONDS PROGRAM [ARGUMENT...]\n", stderr);
    return 64;
  }
  const auto began = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) become(argv + 2);
  // The end of this program is that of the child.
  struct sigaction action = {};
  action.sa_handler = [](int) { _exit(timed_out); };
  sigaction(SIGALRM, &action, nullptr);
  alarm(static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10)));
  int status = 0;
  rusage usage = {};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) {
    std::perror("measure");
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.6f %ld\n", took.count(), usage.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
