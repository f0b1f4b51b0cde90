// SPDX-License-Identifier: Apache-2.0
// Generates ConfigMaps and Secrets (api/internal/generators of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/file_loader.hpp"
#include "render/generator_rule.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// `bytes` in base64 as kustomize writes it: from 70 characters on in lines of 70, each of which
/// ends in a line feed (kyaml yaml/datamap.go).
[[nodiscard]] std::string wrapped_base64(std::string_view bytes);

/// The object that `rule` asks for, not hashed yet. `invalid`, naming the rule's place, if it has
/// no name, or if its sources can't be loaded.
///
/// Unlike kustomize's, keys may look like numbers, booleans or null: kustomize fails to print them.
[[nodiscard]] Result<Draft> generate(const GeneratorRule& rule, const FileLoader& loader);

}  // namespace primocane
