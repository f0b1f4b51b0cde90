// SPDX-License-Identifier: Apache-2.0
// Decrypts objects after a build, and refuses those that nobody decrypted (kustomize-controller,
// DecryptResource and IsEncryptedSecret).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"
#include "resource/resource.hpp"
#include "secrets/age_identity.hpp"

namespace primocane {

/// Whether an object is annotated kustomize.toolkit.fluxcd.io/decrypt: Disabled.
[[nodiscard]] bool stays_encrypted(const Value& object);

/// Decrypts `draft` if SOPS encrypted it, or else, in a Secret, those entries of its data that are
/// encrypted files, unless it stays encrypted.
/// `invalid`, naming file, line and object and never a value, if it can't be decrypted.
[[nodiscard]] Result<void> decrypt_draft(Draft& draft, const Identities& identities);

/// `invalid` for a Secret that is still encrypted: with or without `spec.decryption`, the API
/// server must not get it. One that stays so passes.
[[nodiscard]] Result<void> refuse_encrypted(const Resource& resource);

}  // namespace primocane
