// SPDX-License-Identifier: Apache-2.0
// The formats that SOPS encrypts, and how Flux tells which one it has before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace primocane {

enum class SopsFormat : std::uint8_t { binary, dotenv, ini, json, yaml };

/// "binary", "dotenv", "INI", "JSON", "YAML".
[[nodiscard]] std::string_view to_string(SopsFormat format);

/// The format of a file or of an entry of a Secret, by its name (formatForPath in
/// kustomize-controller's decryptor.go): .yaml, .yml, .json, .env, .ini; what ends in
/// .dockerconfigjson is JSON, anything else is binary.
[[nodiscard]] SopsFormat sops_format_of(std::string_view name);

/// Whether `content` has the mark of an encrypted file of that format
/// (sopsFormatToMarkerBytes there). Others are not touched.
[[nodiscard]] bool has_sops_mark(SopsFormat format, std::string_view content);

/// The format whose mark `content` has, if it has one. INI's mark is asked for together with a
/// sealed value: "[sops]" alone may stand in any text.
[[nodiscard]] std::optional<SopsFormat> format_by_sops_mark(std::string_view content);

}  // namespace primocane
