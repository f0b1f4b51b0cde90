// SPDX-License-Identifier: Apache-2.0
#include "host/syscall_filter.hpp"

#include "host/sanitizers.hpp"

#include <seccomp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <span>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace primocane {

namespace {

struct FilterRelease {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FilterRelease>;

// Numbers are libseccomp's: a call that an architecture lacks is left out there.
constexpr std::array always_allowed{
    // reading and answering
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    // looking at files
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(getdents64),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(getcwd),
    SCMP_SYS(umask),
    // memory; mmap and mprotect have rules of their own
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(msync),
    // keys stay out of swap, as far as RLIMIT_MEMLOCK goes
    SCMP_SYS(mlock),
    SCMP_SYS(munlock),
    // the C library about itself
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall),
    // the end
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

constexpr std::array allowed_to_write{
    SCMP_SYS(openat),    SCMP_SYS(pwrite64),  SCMP_SYS(pwritev),   SCMP_SYS(ftruncate),
    SCMP_SYS(fallocate), SCMP_SYS(fsync),     SCMP_SYS(fdatasync), SCMP_SYS(rename),
    SCMP_SYS(renameat),  SCMP_SYS(renameat2), SCMP_SYS(unlink),    SCMP_SYS(unlinkat),
    SCMP_SYS(fchmod),    SCMP_SYS(chmod),     SCMP_SYS(fchmodat),
};

struct Refusal {
  int call;
  unsigned error;
};

// Questions whose answer is no: standard streams are no terminals, limits stay, there is no
// other process to ask; and libgit2 renames a file by link(2) first, by rename(2) where that fails.
constexpr std::array refused{
    Refusal{SCMP_SYS(ioctl), ENOTTY},    Refusal{SCMP_SYS(prlimit64), EPERM},
    Refusal{SCMP_SYS(getrlimit), EPERM}, Refusal{SCMP_SYS(getrusage), EPERM},
    Refusal{SCMP_SYS(statfs), EACCES},   Refusal{SCMP_SYS(fstatfs), EACCES},
    Refusal{SCMP_SYS(link), EPERM},      Refusal{SCMP_SYS(linkat), EPERM},
};

// What the runtime of the sanitizers does when it checks types, ends or reports.
constexpr std::array allowed_to_sanitizers{SCMP_SYS(sigaltstack), SCMP_SYS(prctl), SCMP_SYS(pipe),
                                           SCMP_SYS(pipe2)};

bool allow_all(scmp_filter_ctx filter, std::span<const int> calls) {
  return std::ranges::all_of(
      calls, [&](int call) { return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0; });
}

bool refuse_all(scmp_filter_ctx filter) {
  return std::ranges::all_of(refused, [&](const Refusal& refusal) {
    const auto action = SCMP_ACT_ERRNO(refusal.error);
    return seccomp_rule_add(filter, action, refusal.call, 0) == 0;
  });
}

// `call` when the bits `mask` of its argument `index` are `bits`.
bool add_masked(scmp_filter_ctx filter, std::uint32_t action, int call, unsigned index,
                std::uint64_t mask, std::uint64_t bits) {
  const scmp_arg_cmp compare{
      .arg = index, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = bits};
  return seccomp_rule_add_array(filter, action, call, 1, &compare) == 0;
}

// Allows `call` when its argument `index` is `value`.
bool add_equal(scmp_filter_ctx filter, int call, unsigned index, scmp_datum_t value) {
  const scmp_arg_cmp compare{.arg = index, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &compare) == 0;
}

// Memory is data: nothing becomes executable that was not when the program started.
bool allow_memory(scmp_filter_ctx filter) {
  return add_masked(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, PROT_EXEC, 0) &&
         add_masked(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 2, PROT_EXEC, 0);
}

// Opening for reading; every bit that could make or change a file is refused.
bool allow_opening_to_read(scmp_filter_ctx filter) {
  constexpr std::uint64_t changing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
  const auto refusal = SCMP_ACT_ERRNO(EROFS);
  const auto add = [&](std::uint32_t action, std::uint64_t mask, std::uint64_t bits) {
    return add_masked(filter, action, SCMP_SYS(openat), 2, mask, bits);
  };
  return add(SCMP_ACT_ALLOW, changing, O_RDONLY) && add(refusal, O_ACCMODE, O_WRONLY) &&
         add(refusal, O_ACCMODE, O_RDWR) && add(refusal, O_CREAT, O_CREAT) &&
         add(refusal, O_TRUNC, O_TRUNC) && add(refusal, O_APPEND, O_APPEND);
}

// Commands about our own descriptors. Others could make the kernel send signals to processes of
// the same user (F_SETOWN).
bool allow_descriptor_flags(scmp_filter_ctx filter) {
  constexpr std::array commands{F_GETFD, F_SETFD, F_GETFL, F_DUPFD, F_DUPFD_CLOEXEC};
  return std::ranges::all_of(commands, [&](int command) {
    return add_equal(filter, SCMP_SYS(fcntl), 1, static_cast<scmp_datum_t>(command));
  });
}

// A failed assertion shall end in SIGABRT as everywhere: abort() signals its own thread.
bool allow_abort(scmp_filter_ctx filter) {
  return add_equal(filter, SCMP_SYS(tgkill), 0, static_cast<scmp_datum_t>(getpid()));
}

}  // namespace

bool has_seccomp() { return prctl(PR_GET_SECCOMP) >= 0; }

bool filter_system_calls(BoxWriting writing) {
  const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (filter == nullptr) return false;
  scmp_filter_ctx context = filter.get();
  const bool is_writing = writing == BoxWriting::allow;
  return allow_all(context, always_allowed) &&
         (!is_sanitized || allow_all(context, allowed_to_sanitizers)) && refuse_all(context) &&
         allow_memory(context) && allow_abort(context) && allow_descriptor_flags(context) &&
         (is_writing ? allow_all(context, allowed_to_write) : allow_opening_to_read(context)) &&
         seccomp_load(context) == 0;
}

}  // namespace primocane
