// SPDX-License-Identifier: Apache-2.0
#include "host/signal_watch.hpp"

#include "base/os_error.hpp"

#include <cerrno>
#include <sys/signalfd.h>
#include <utility>

namespace primocane {

SignalWatch::SignalWatch(UniqueFd descriptor, sigset_t former_mask, Callbacks callbacks)
    : descriptor_(std::move(descriptor)),
      former_mask_(former_mask),
      callbacks_(std::make_shared<const Callbacks>(std::move(callbacks))) {}

Result<std::unique_ptr<SignalWatch>> SignalWatch::make(EventLoop& loop, Callbacks callbacks) {
  sigset_t watched;
  sigemptyset(&watched);
  for (const auto& [number, callback] : callbacks) sigaddset(&watched, number);
  UniqueFd descriptor(signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!descriptor.is_open()) return std::unexpected(os_error("watching signals", errno));
  sigset_t former;
  pthread_sigmask(SIG_BLOCK, &watched, &former);
  const int number = descriptor.get();
  std::unique_ptr<SignalWatch> watch(
      new SignalWatch(std::move(descriptor), former, std::move(callbacks)));
  watch->registration_ = loop.watch(number, {.readable = true},
                                    [raw = watch.get()](Readiness /*readiness*/) { raw->take(); });
  return watch;
}

SignalWatch::~SignalWatch() {
  registration_.reset();
  pthread_sigmask(SIG_SETMASK, &former_mask_, nullptr);
}

// One signal for each call: the loop calls again while there are more.
void SignalWatch::take() {
  signalfd_siginfo info{};
  if (::read(descriptor_.get(), &info, sizeof info) != sizeof info) return;
  const std::shared_ptr<const Callbacks> callbacks = callbacks_;  // may destroy this
  const auto found = callbacks->find(static_cast<int>(info.ssi_signo));
  if (found != callbacks->end()) found->second();
}

void ignore_broken_pipes() { ::signal(SIGPIPE, SIG_IGN); }

}  // namespace primocane
