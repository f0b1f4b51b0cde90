// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_store.hpp"

#include "document/json.hpp"
#include "document/yaml_reader.hpp"
#include "secrets/sops_dotenv.hpp"
#include "secrets/sops_flat.hpp"
#include "secrets/sops_ini.hpp"
#include "secrets/sops_json.hpp"
#include "secrets/sops_yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view sops_key = "sops";
constexpr std::string_view binary_key = "data";

std::unexpected<Error> bad_file(std::string_view name, std::string_view what) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", name, what));
}

Result<SopsBranch> branch_of(Value value, std::string_view name) {
  if (!value.is_object()) return bad_file(name, "a file of SOPS must be a mapping");
  SopsNode node = TRY(sops_node(std::move(value), name));
  return std::move(node.items);
}

// Takes the member "sops" out of all documents; that of the first one counts.
Result<Value> take_metadata(std::vector<SopsBranch>& branches, std::string_view name) {
  Value metadata;
  for (SopsBranch& branch : branches) {
    const auto is_metadata = [](const SopsItem& item) {
      return item.node.kind != SopsKind::comment && item.key == sops_key;
    };
    const auto found = std::ranges::find_if(branch, is_metadata);
    if (found == branch.end()) continue;
    if (&branch == &branches.front()) {
      Result<Value> value = value_of_sops(std::move(found->node));
      if (!value) return std::unexpected(with_context(name, value.error()));
      metadata = std::move(*value);
    }
    branch.erase(found);
    if (std::ranges::any_of(branch, is_metadata)) return bad_file(name, "sops is there twice");
  }
  if (!metadata.is_object()) return bad_file(name, "the metadata of SOPS is missing");
  return metadata;
}

Result<SopsFile> read_documents(std::vector<Value> values, std::string_view name) {
  SopsFile file;
  for (Value& value : values) file.branches.push_back(TRY(branch_of(std::move(value), name)));
  file.metadata = TRY(take_metadata(file.branches, name));
  return file;
}

Result<SopsFile> read_ini_file(std::string_view content, std::string_view name) {
  SopsFile file;
  file.branches.push_back(TRY(read_sops_ini(content, name)));
  const Value flat = TRY(take_metadata(file.branches, name));
  file.metadata = TRY(unflatten(flat, name));
  return file;
}

Result<SopsFile> read_dotenv_file(std::string_view content, std::string_view name) {
  SopsFile file;
  SopsDotenv dotenv = TRY(read_sops_dotenv(content, name));
  file.branches.push_back(std::move(dotenv.branch));
  file.metadata = TRY(unflatten(dotenv.metadata, name));
  if (file.metadata.as_object()->empty()) return bad_file(name, "the metadata of SOPS is missing");
  return file;
}

Result<std::string> write_binary(const SopsBranch& branch, std::string_view name) {
  const SopsNode* data = find_in(branch, binary_key);
  if (data == nullptr || data->kind != SopsKind::scalar || !data->value.is_string()) {
    return bad_file(name, "as a binary file it needs a string under \"data\", and has none");
  }
  return *data->value.as_string();
}

}  // namespace

Result<SopsFile> read_sops_file(SopsFormat format, std::string_view content, std::string_view name,
                                const DocumentLimits& limits) {
  TRY(check_size(content, name, limits));
  switch (format) {
    case SopsFormat::binary:
    case SopsFormat::json: {
      std::vector<Value> values;
      values.push_back(TRY(read_json(content, name, limits)));
      return read_documents(std::move(values), name);
    }
    case SopsFormat::yaml: {
      std::vector<Value> values;
      for (Document& document : TRY(read_yaml(content, name, limits))) {
        values.push_back(std::move(document.value));
      }
      return read_documents(std::move(values), name);
    }
    case SopsFormat::dotenv:
      return read_dotenv_file(content, name);
    case SopsFormat::ini:
      return read_ini_file(content, name);
  }
  return bad_file(name, "there is no such format");
}

Result<std::string> write_sops_file(SopsFormat format, std::vector<SopsBranch> branches,
                                    std::string_view name) {
  if (branches.empty()) return bad_file(name, "there are no documents");
  switch (format) {
    case SopsFormat::binary:
      if (branches.size() > 1) return bad_file(name, "a binary file has one document");
      return write_binary(branches.front(), name);
    case SopsFormat::dotenv:
      return write_sops_dotenv(branches.front(), name);
    case SopsFormat::ini:
      return write_sops_ini(branches, name);
    case SopsFormat::json:
      return write_sops_json(std::move(branches.front()), name);
    case SopsFormat::yaml:
      return write_sops_yaml(branches, name);
  }
  return bad_file(name, "there is no such format");
}

}  // namespace primocane
