// SPDX-License-Identifier: Apache-2.0
// Checks what of a repository must be signed, by the system's gpgv and ssh-keygen: nothing that
// speaks these formats is linked in.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "source/git_verification.hpp"
#include "source/mirror.hpp"
#include "source/signed_content.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// What is followed now: a commit, and the tag object that leads to it, if one does.
struct SignedTip {
  CommitId commit;
  std::optional<CommitId> tag;

  bool operator==(const SignedTip&) const = default;
};

/// What gpgv said on its status descriptor (GnuPG, doc/DETAILS), once it has ended: nothing if the
/// signature is good. `denied`, with the key's id, if it is not.
[[nodiscard]] Result<void> judge_gpgv(const ChildExit& exit, std::string_view status);

/// Checks the signatures that `verification` asks for of `tip`, which is in `mirror`. Keys lie in a
/// folder of their own below `folder` meanwhile. False if the tag object is not in the mirror.
/// `denied`, naming commit or tag, for one that is not signed by any of the keys; `unavailable` if
/// that could not be found out, with the Debian package of a program that is missing.
Task<Result<bool>> check_signatures(const Mirror* mirror, ChildProcesses* children,
                                    const GitVerification* verification, std::string folder,
                                    SignedTip tip);

}  // namespace primocane
