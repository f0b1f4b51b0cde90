// SPDX-License-Identifier: Apache-2.0
// Child processes as the rest of the agent sees them: pipes to write to and read from, and an end.
// host/ implements them; what a child may do is part of what is asked for.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/task.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// How a child ended: with an exit code, or by a signal.
struct ChildExit {
  int code = 0;    ///< exit code, meaningful when signal is 0
  int signal = 0;  ///< signal that ended it, or 0

  [[nodiscard]] bool is_success() const { return code == 0 && signal == 0; }
  bool operator==(const ChildExit&) const = default;
};

/// A running child. Owned by whoever spawned it: destroying it kills the child (and what it
/// started) and reaps it. All waits end when the child does.
class ChildProcess {
 public:
  ChildProcess() = default;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  virtual ~ChildProcess() = default;

  /// Writes all of `bytes` to the child's standard input. `unavailable` when it no longer reads.
  virtual Task<Result<void>> write(std::string bytes) = 0;
  /// Ends the child's standard input.
  virtual void close_input() = 0;
  /// The next piece of the child's standard output (at most 64 KiB); empty at its end.
  virtual Task<Result<std::string>> read() = 0;
  /// Waits for the end. Its last 4 KiB of standard error are in error_output() then.
  virtual Task<ChildExit> wait() = 0;
  [[nodiscard]] virtual std::string error_output() const = 0;
};

/// Exit code of a boxed child that could not lock itself; sysexits' EX_NOPERM.
inline constexpr int exit_box_denied = 77;

/// Exit code of a boxed child that needs more memory than its limit; sysexits' EX_OSERR.
inline constexpr int exit_box_memory = 71;

/// Why a boxed child ended without an answer. `denied`: no box could be had. `invalid`: what it
/// worked on broke it or one of its limits, so it would again. `unavailable`: it was killed from
/// outside, by the kernel for want of memory perhaps, and the next one may live. `what` names the
/// child ("the renderer"), `error_output` is what ChildProcess::error_output() says.
[[nodiscard]] Error describe_box_end(std::string_view what, const ChildExit& exit,
                                     std::string_view error_output, std::string_view advice);

/// What the agent's own sandboxed children are for; each runs as `/proc/self/exe` with the name.
enum class BoxedWork {
  render,  ///< renders a SourceTree to a ResourceSet
  index,   ///< indexes a fetched pack into an incoming folder
  unpack,  ///< unpacks what registries and chart repositories send
};

/// Limits of a boxed child. The kernel enforces them; exceeding one ends only the child.
struct BoxLimits {
  ByteCount memory{256 * 1024 * 1024};  ///< address space
  std::chrono::seconds cpu_time{60};    ///< processor time
  ByteCount output{256 * 1024 * 1024};  ///< largest file, and bytes the parent accepts
  std::chrono::seconds wall_time{120};  ///< the parent kills it then
};

/// The descriptor that BoxedSpec::files begin with in the child.
inline constexpr int first_boxed_file = 3;

/// A boxed child to start: it sees `root` as its whole file system.
struct BoxedSpec {
  BoxedWork work = BoxedWork::render;
  std::string root;  ///< folder that becomes "/" of the child
  bool root_is_writable = false;
  BoxLimits limits;
  /// What the child may read besides: plain files that are open for reading alone; the child ends
  /// before it reads anything if one is something else. Borrowed while it is started.
  std::vector<int> files;
};

/// A program to start unboxed (ssh): arguments with argv[0] looked up in PATH.
struct ProgramSpec {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  ///< "NAME=value", added to PATH, HOME, USER, ...
  std::chrono::seconds wall_time{120};
};

/// Starts children.
class ChildProcesses {
 public:
  virtual ~ChildProcesses() = default;
  /// Starts this same binary, locked in a box, before it reads a byte. Fails with `denied` where
  /// no box can be had.
  virtual Result<std::unique_ptr<ChildProcess>> start_boxed(BoxedSpec spec) = 0;
  virtual Result<std::unique_ptr<ChildProcess>> start_program(ProgramSpec spec) = 0;
};

}  // namespace primocane
