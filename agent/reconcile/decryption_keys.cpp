// SPDX-License-Identifier: Apache-2.0
#include "reconcile/decryption_keys.hpp"

#include "base/wipe.hpp"
#include "reconcile/variables.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

namespace primocane {

namespace {

// Those of `secret` and of `more`.
Result<std::shared_ptr<const Identities>> joined_keys(const Value& secret, const ResourceId& id,
                                                      const Identities& more,
                                                      std::string_view name_of_more) {
  std::map<std::string, std::string> entries = TRY(secret_content(secret));
  auto identities = identities_of_secret(entries, fmt::format("{}/{}", id.namespace_name, id.name));
  for (auto& [name, content] : entries) wipe(content);
  if (!identities) return std::unexpected(std::move(identities).error());
  std::string text = more.text();
  const Result<void> added = identities->add(text, name_of_more);
  wipe(text);
  if (!added) return std::unexpected(added.error());
  return std::make_shared<const Identities>(*std::move(identities));
}

}  // namespace

Result<std::shared_ptr<const Identities>> DecryptionKeys::of_file() {
  if (!has_file()) return std::make_shared<const Identities>();
  Result<std::string> text = read_file_();
  if (!text) return std::unexpected(with_context(name_, std::move(text).error()));
  const Sha256 seen = sha256(*text);
  if (identities_ && seen == seen_) {
    wipe(*text);
    return identities_;
  }
  Identities identities;
  const Result<void> added = identities.add(*text, name_);
  wipe(*text);
  if (!added) return std::unexpected(added.error());
  identities_ = std::make_shared<const Identities>(std::move(identities));
  seen_ = seen;
  return identities_;
}

Result<std::string> DecryptionKeys::file_mark() {
  const std::shared_ptr<const Identities> identities = TRY(of_file());
  std::string recipients;
  for (const AgeIdentity& identity : identities->all()) recipients += identity.recipient_text();
  return recipients;
}

Task<Result<std::shared_ptr<const Identities>>> DecryptionKeys::of(const KustomizationSpec& spec,
                                                                   Cluster& cluster) {
  CO_TRY(std::shared_ptr<const Identities> of_the_file, of_file());
  if (spec.decryption_secret.empty()) co_return of_the_file;
  const ResourceId id = decryption_secret_of(spec);
  CO_TRY(const std::optional<Value> secret, co_await cluster.get(id, "v1"));
  if (!secret && has_file()) co_return of_the_file;
  if (!secret) co_return std::unexpected(missing_decryption_secret(id));
  co_return joined_keys(*secret, id, *of_the_file, name_);
}

ResourceId decryption_secret_of(const KustomizationSpec& spec) {
  return {"", "Secret", spec.name.namespace_name, spec.decryption_secret};
}

Error missing_decryption_secret(const ResourceId& id) {
  return {ErrorKind::unavailable,
          fmt::format("spec.decryption.secretRef: {} is not in the cluster", to_string(id))};
}

}  // namespace primocane
