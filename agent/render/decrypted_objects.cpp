// SPDX-License-Identifier: Apache-2.0
#include "render/decrypted_objects.hpp"

#include "base/letter_case.hpp"
#include "secrets/sops_file.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view decrypt_annotation = "kustomize.toolkit.fluxcd.io/decrypt";

std::string shown(const Draft& draft) {
  return fmt::format("{}: {}", to_string(draft.origin), to_string(draft.id));
}

}  // namespace

bool stays_encrypted(const Value& object) {
  const std::string_view mark = object.text_at("metadata", "annotations", decrypt_annotation);
  return in_lower_case(std::string(mark)) == "disabled";
}

Result<void> decrypt_draft(Draft& draft, const Identities& identities) {
  if (stays_encrypted(draft.object)) return {};
  const auto as_invalid = [](const Error& error) {
    return fail(ErrorKind::invalid, error.message);
  };
  if (is_encrypted(draft.object)) {
    auto object = decrypt_object(std::move(draft.object), identities, shown(draft));
    if (!object) return as_invalid(object.error());
    Draft fresh = TRY(make_draft(*std::move(object), std::move(draft.origin)));
    fresh.has_no_namespace = draft.has_no_namespace;
    fresh.confidential.emplace_back();
    draft = std::move(fresh);
    return {};
  }
  if (draft.id.kind.kind != "Secret") return {};
  const auto decrypted = decrypt_secret_data(draft.object, identities, shown(draft));
  if (!decrypted) return as_invalid(decrypted.error());
  return {};
}

Result<void> refuse_encrypted(const Resource& resource) {
  const bool is_secret = resource.id.kind == "Secret" && resource.id.group.empty();
  if (!is_secret || resource.object.find("sops") == nullptr || stays_encrypted(resource.object)) {
    return {};
  }
  return fail(ErrorKind::invalid,
              fmt::format("{}: {} is encrypted by SOPS: spec.decryption of its Kustomization must "
                          "say \"provider: sops\"",
                          to_string(resource.origin), to_string(resource.id)));
}

}  // namespace primocane
