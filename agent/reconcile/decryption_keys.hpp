// SPDX-License-Identifier: Apache-2.0
// DecryptionKeys: what the files and objects of a Kustomization are decrypted with: the keys of the
// configuration's file, and those of the Secret that the Kustomization names.
#pragma once

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "flux/kustomization_spec.hpp"
#include "secrets/age_identity.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace primocane {

/// Lives as long as the agent, and keeps the keys of the file, to read them again only when the
/// file has changed. Borrows nothing.
class DecryptionKeys {
 public:
  using ReadKeyFile = std::function<Result<std::string>()>;

  /// No file is configured.
  DecryptionKeys() = default;
  /// `name` is what named the file, for messages.
  explicit DecryptionKeys(ReadKeyFile read_file, std::string name = "decryption.ageKeyFile")
      : read_file_(std::move(read_file)), name_(std::move(name)) {}

  [[nodiscard]] bool has_file() const { return read_file_ != nullptr; }

  /// The keys of the file as it is now; none where no file is configured. Errors: the file's own,
  /// and `invalid` if it holds something else than age identities.
  [[nodiscard]] Result<std::shared_ptr<const Identities>> of_file();

  /// What tells the keys of the file from others, without being one of them; "" for none.
  [[nodiscard]] Result<std::string> file_mark();

  /// The keys for `spec`, which is decrypting: those of the Secret that it names and those of the
  /// file. `unavailable` if the Secret is not in the cluster and no file is configured: a card that
  /// is new has the file alone.
  Task<Result<std::shared_ptr<const Identities>>> of(const KustomizationSpec& spec,
                                                     Cluster& cluster);

 private:
  ReadKeyFile read_file_;
  std::string name_;
  Sha256 seen_{};
  std::shared_ptr<const Identities> identities_;
};

/// The Secret that `spec` takes its keys from; it must name one.
[[nodiscard]] ResourceId decryption_secret_of(const KustomizationSpec& spec);

/// That this Secret is not there.
[[nodiscard]] Error missing_decryption_secret(const ResourceId& id);

}  // namespace primocane
