// SPDX-License-Identifier: Apache-2.0
#include "node/git_check.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

std::string_view usual_advice(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::denied:
      return "see whether git.authentication holds what the server wants, and git.caFile its CA";
    case ErrorKind::invalid:
      return "correct git.url or git.branch in the configuration";
    case ErrorKind::conflict:
    case ErrorKind::unavailable:
    case ErrorKind::cancelled:
      break;
  }
  return "see whether the server runs and this node reaches it; until then the agent keeps what it "
         "fetched last";
}

}  // namespace

std::string advice_for(const Error& error, const Finding& clock, std::string_view advice) {
  const bool is_about_certificate = error.message.find("certificate") != std::string::npos;
  if (!is_about_certificate || clock.level == Level::ok) return std::string(advice);
  return "certificates hold from one time to another, and the clock is in doubt: set it first";
}

Finding examine_git(const Result<CommitId>& tip, std::string_view url, std::string_view branch,
                    const Finding& clock) {
  if (tip) {
    return {.check = "git",
            .message = fmt::format("{} answers, branch {} is at {}", url, branch, tip->str())};
  }
  return {.check = "git",
          .level = Level::problem,
          .message = tip.error().message,
          .advice = advice_for(tip.error(), clock, usual_advice(tip.error().kind))};
}

}  // namespace primocane
