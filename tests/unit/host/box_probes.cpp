// SPDX-License-Identifier: Apache-2.0
#include "unit/host/box_probes.hpp"

#include <fmt/format.h>
#include <seccomp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace primocane {

namespace {

using Probe = void (*)(const std::string& argument);

void tell_errno() { fmt::print("{}", strerrorname_np(errno)); }

void open_for_reading(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY);
  if (file < 0) return tell_errno();
  std::array<char, 200> text{};
  const ssize_t count = read(file, text.data(), text.size());
  fmt::print("{}",
             std::string_view(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))));
}

void open_for_writing(const std::string& path) {
  const int file = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  if (file < 0) return tell_errno();
  if (write(file, "made in the box", 15) != 15) return tell_errno();
  fmt::print("written");
}

void truncate_on_opening(const std::string& path) {
  if (open(path.c_str(), O_RDONLY | O_TRUNC) < 0) return tell_errno();
  fmt::print("truncated");
}

void list_folder(const std::string& path) {
  DIR* folder = opendir(path.c_str());
  if (folder == nullptr) return tell_errno();
  std::vector<std::string> names;
  while (const dirent* entry = readdir(folder)) names.emplace_back(entry->d_name);
  std::ranges::sort(names);
  for (const std::string& name : names) {
    if (name != "." && name != "..") fmt::print("{} ", name);
  }
}

void rename_and_remove(const std::string& /*argument*/) {
  if (rename("old", "new") != 0) return tell_errno();
  if (unlink("gone") != 0) return tell_errno();
  fmt::print("done");
}

void open_socket(const std::string& /*argument*/) {
  fmt::print("{}", socket(AF_INET, SOCK_STREAM, 0));
}

void open_local_socket(const std::string& /*argument*/) {
  fmt::print("{}", socket(AF_UNIX, SOCK_STREAM, 0));
}

void execute(const std::string& path) {
  execl(path.c_str(), path.c_str(), nullptr);
  tell_errno();
}

void start_process(const std::string& /*argument*/) { fmt::print("{}", fork()); }

void start_thread(const std::string& /*argument*/) {
  pthread_t thread{};
  const auto nothing = [](void*) -> void* { return nullptr; };
  fmt::print("{}", pthread_create(&thread, nullptr, nothing, nullptr));
}

void trace_parent(const std::string& pid) {
  fmt::print("{}", ptrace(PTRACE_ATTACH, std::stoi(pid), nullptr, nullptr));
}

void signal_parent(const std::string& pid) { fmt::print("{}", kill(std::stoi(pid), SIGTERM)); }

void own_signals(const std::string& pid) {
  fmt::print("{}", fcntl(STDIN_FILENO, F_SETOWN, std::stoi(pid)));
}

void make_folder(const std::string& path) { fmt::print("{}", mkdir(path.c_str(), 0700)); }

void change_root(const std::string& path) { fmt::print("{}", chroot(path.c_str())); }

void raise_limit(const std::string& /*argument*/) {
  const rlimit more{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  if (setrlimit(RLIMIT_CPU, &more) != 0) return tell_errno();
  fmt::print("raised");
}

void make_executable_memory(const std::string& /*argument*/) {
  void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fmt::print("{}", mprotect(memory, 4096, PROT_READ | PROT_EXEC));
}

void allocate(const std::string& bytes) {
  const void* memory =
      mmap(nullptr, std::stoul(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return tell_errno();
  fmt::print("allocated");
}

// By the calls themselves: the functions do nothing under a sanitizer.
void lock_memory(const std::string& /*argument*/) {
  void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (syscall(SYS_mlock, memory, 4096) != 0) return tell_errno();
  if (madvise(memory, 4096, MADV_DONTDUMP) != 0) return tell_errno();
  if (syscall(SYS_munlock, memory, 4096) != 0) return tell_errno();
  fmt::print("locked");
}

void spin(const std::string& /*argument*/) {
  for (volatile unsigned turns = 0;;) turns = turns + 1;
}

void wait_for_ever(const std::string& /*argument*/) {
  fmt::print("waiting");
  std::fflush(stdout);
  for (;;) poll(nullptr, 0, -1);
}

void tell_process_and_wait(const std::string& /*argument*/) {
  fmt::print("{}", getpid());
  std::fflush(stdout);
  for (;;) poll(nullptr, 0, -1);
}

void flood(const std::string& descriptor) {
  const std::string piece(64UL * 1024, 'x');
  while (write(std::stoi(descriptor), piece.data(), piece.size()) > 0) {
  }
}

void write_large_file(const std::string& path) {
  const int file = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  if (file < 0) return tell_errno();
  flood(std::to_string(file));
}

void list_descriptors(const std::string& /*argument*/) {
  for (int descriptor = 0; descriptor < 256; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0) fmt::print("{} ", descriptor);
  }
}

void read_descriptor(const std::string& descriptor) {
  std::array<char, 200> text{};
  const ssize_t count = pread(std::stoi(descriptor), text.data(), text.size(), 0);
  if (count < 0) return tell_errno();
  fmt::print("{}", std::string_view(text.data(), static_cast<std::size_t>(count)));
}

// By operator new, as the agent's own code does.
void exhaust_memory(const std::string& /*argument*/) {
  std::vector<std::string> taken;
  for (;;) taken.emplace_back(std::size_t{1} << 20U, 'x');
}

void write_descriptor(const std::string& descriptor) {
  if (write(std::stoi(descriptor), "x", 1) < 0) return tell_errno();
  fmt::print("written");
}

void map_descriptor_to_write(const std::string& descriptor) {
  const void* memory =
      mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_SHARED, std::stoi(descriptor), 0);
  if (memory == MAP_FAILED) return tell_errno();
  fmt::print("mapped");
}

void leave_by_descriptor(const std::string& descriptor) {
  if (openat(std::stoi(descriptor), "../secret", O_RDONLY) < 0) return tell_errno();
  fmt::print("opened");
}

// Opening a descriptor once more could give it other rights.
void open_descriptor_again(const std::string& descriptor) {
  if (open(fmt::format("/proc/self/fd/{}", descriptor).c_str(), O_RDONLY) < 0) return tell_errno();
  fmt::print("opened");
}

void call_system(const std::string& name) {
  fmt::print("{}", syscall(seccomp_syscall_resolve_name(name.c_str()), 0, 0, 0, 0, 0, 0));
}

void tell_identity(const std::string& /*argument*/) { fmt::print("{} {}", getuid(), getgid()); }

void tell_environment(const std::string& /*argument*/) {
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("ASAN_OPTIONS=")) fmt::print("{} ", *variable);
  }
}

void give_up(const std::string& /*argument*/) { std::abort(); }

void complain(const std::string& text) {
  fmt::print(stderr, "{}", text);
  std::exit(3);
}

void compute(const std::string& /*argument*/) {
  std::vector<std::string> texts;
  for (int i = 0; i < 10'000; ++i) texts.push_back(fmt::format("{:08}", (i * 7919) % 10'000));
  std::ranges::sort(texts);
  fmt::print("{} {}", texts.front(), texts.back());
}

const std::map<std::string_view, Probe, std::less<>>& probes() {
  static const std::map<std::string_view, Probe, std::less<>> all{
      {"read", open_for_reading},
      {"write", open_for_writing},
      {"truncate", truncate_on_opening},
      {"list", list_folder},
      {"rename", rename_and_remove},
      {"socket", open_socket},
      {"local-socket", open_local_socket},
      {"exec", execute},
      {"fork", start_process},
      {"thread", start_thread},
      {"ptrace", trace_parent},
      {"kill", signal_parent},
      {"own-signals", own_signals},
      {"mkdir", make_folder},
      {"chroot", change_root},
      {"raise-limit", raise_limit},
      {"executable-memory", make_executable_memory},
      {"allocate", allocate},
      {"exhaust-memory", exhaust_memory},
      {"lock-memory", lock_memory},
      {"spin", spin},
      {"wait", wait_for_ever},
      {"tell-process", tell_process_and_wait},
      {"flood", flood},
      {"large-file", write_large_file},
      {"descriptors", list_descriptors},
      {"read-descriptor", read_descriptor},
      {"write-descriptor", write_descriptor},
      {"map-descriptor", map_descriptor_to_write},
      {"leave-by-descriptor", leave_by_descriptor},
      {"open-descriptor-again", open_descriptor_again},
      {"call", call_system},
      {"identity", tell_identity},
      {"environment", tell_environment},
      {"abort", give_up},
      {"complain", complain},
      {"compute", compute},
  };
  return all;
}

}  // namespace

int run_box_probe(BoxedWork /*work*/) {
  std::string line;
  std::getline(std::cin, line);
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string name = line.substr(0, space);
  const std::string argument = line.substr(std::min(space + 1, line.size()));
  const auto probe = probes().find(name);
  if (probe == probes().end()) return 64;
  probe->second(argument);
  return 0;
}

}  // namespace primocane
