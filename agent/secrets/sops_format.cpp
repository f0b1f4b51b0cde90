// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_format.hpp"

namespace primocane {

namespace {

bool holds(std::string_view content, std::string_view word) {
  return content.find(word) != std::string_view::npos;
}

}  // namespace

std::string_view to_string(SopsFormat format) {
  switch (format) {
    case SopsFormat::binary:
      return "binary";
    case SopsFormat::dotenv:
      return "dotenv";
    case SopsFormat::ini:
      return "INI";
    case SopsFormat::json:
      return "JSON";
    case SopsFormat::yaml:
      return "YAML";
  }
  return "binary";
}

SopsFormat sops_format_of(std::string_view name) {
  if (name.ends_with(".dockerconfigjson") || name.ends_with(".json")) return SopsFormat::json;
  if (name.ends_with(".yaml") || name.ends_with(".yml")) return SopsFormat::yaml;
  if (name.ends_with(".env")) return SopsFormat::dotenv;
  if (name.ends_with(".ini")) return SopsFormat::ini;
  return SopsFormat::binary;
}

bool has_sops_mark(SopsFormat format, std::string_view content) {
  switch (format) {
    case SopsFormat::binary:
    case SopsFormat::json:
      return holds(content, "\"mac\": \"ENC[");
    case SopsFormat::dotenv:
      return holds(content, "sops_mac=ENC[");
    case SopsFormat::ini:
      return holds(content, "[sops]");
    case SopsFormat::yaml:
      return holds(content, "mac: ENC[");
  }
  return false;
}

std::optional<SopsFormat> format_by_sops_mark(std::string_view content) {
  if (!holds(content, "ENC[")) return std::nullopt;
  for (const SopsFormat format :
       {SopsFormat::json, SopsFormat::dotenv, SopsFormat::yaml, SopsFormat::ini}) {
    if (has_sops_mark(format, content)) return format;
  }
  return std::nullopt;
}

}  // namespace primocane
