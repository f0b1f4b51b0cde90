// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_file.hpp"

#include "base/base64.hpp"
#include "base/wipe.hpp"
#include "document/limits.hpp"
#include "document/plain_text.hpp"
#include "secrets/sops_decryption.hpp"
#include "secrets/sops_metadata.hpp"
#include "secrets/sops_store.hpp"
#include "secrets/sops_tree.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// maxEncryptedFileSize in kustomize-controller's decryptor.go.
constexpr DocumentLimits encrypted_limits{.bytes = ByteCount(5 * 1024 * 1024),
                                          .scalar = ByteCount(5 * 1024 * 1024)};
constexpr std::string_view metadata_key = "sops";

Result<void> decrypt_branches(std::vector<SopsBranch>& branches, const Value& metadata,
                              const Identities& identities, std::string_view name) {
  SopsMetadata read = TRY(read_sops_metadata(metadata, name));
  SopsDecryption decryption = TRY(SopsDecryption::begin(std::move(read), identities, name));
  for (SopsBranch& branch : branches) TRY(decryption.decrypt(branch));
  return decryption.check_mac();
}

// Takes out the documents that have the same MAC as the first encrypted one; none if no one is
// left.
Result<SopsFile> take_group(std::vector<Value>& documents, std::string_view name) {
  SopsFile group;
  std::string mac;
  for (Value& document : documents) {
    if (!is_encrypted(document)) continue;
    if (mac.empty()) {
      mac = document.text_at("sops", "mac");
      group.metadata = *document.find(metadata_key);
    }
    if (document.text_at("sops", "mac") != mac) continue;
    Value value = std::exchange(document, Value());
    value.as_object()->erase(metadata_key);
    SopsNode node = TRY(sops_node(std::move(value), name));
    group.branches.push_back(std::move(node.items));
  }
  return group;
}

}  // namespace

Result<std::string> decrypt_file(std::string_view content, SopsFormats formats,
                                 const Identities& identities, std::string_view name) {
  SopsFile file = TRY(read_sops_file(formats.from, content, name, encrypted_limits));
  TRY(decrypt_branches(file.branches, file.metadata, identities, name));
  return write_sops_file(formats.to, std::move(file.branches), name);
}

Result<void> check_macs(std::vector<Value> documents, const Identities& identities,
                        std::string_view name) {
  for (;;) {
    SopsFile group = TRY(take_group(documents, name));
    if (group.branches.empty()) return {};
    TRY(decrypt_branches(group.branches, group.metadata, identities, name));
  }
}

bool is_encrypted(const Value& object) { return !object.text_at("sops", "mac").empty(); }

Result<Value> decrypt_object(Value object, const Identities& identities, std::string_view name) {
  Object& members = *object.as_object();
  const Value metadata = std::exchange(members[metadata_key], Value());
  members.erase(metadata_key);
  SopsMetadata read = TRY(read_sops_metadata(metadata, name));
  SopsDecryption decryption = TRY(SopsDecryption::begin(std::move(read), identities, name));
  SopsNode node = TRY(sops_node(std::move(object), name));
  TRY(decryption.decrypt(node.items));
  Result<Value> decrypted = value_of_sops(std::move(node));
  if (!decrypted) return std::unexpected(with_context(name, decrypted.error()));
  return decrypted;
}

Result<void> decrypt_secret_data(Value& secret, const Identities& identities,
                                 std::string_view name) {
  Value* data = secret.as_object()->find("data");
  if (data == nullptr || !data->is_object()) return {};
  for (auto& [key, value] : *data->as_object()) {
    if (!value.is_string()) continue;
    // What is no base64 is refused by the server, which says so better.
    const Result<std::string> content = from_base64(value.scalar_text());
    if (!content) continue;
    const std::optional<SopsFormat> format = format_by_sops_mark(*content);
    if (!format) continue;
    std::string plain =
        TRY(decrypt_file(*content, {.from = *format, .to = sops_format_of(key)}, identities,
                         fmt::format("{}, entry {}", name, plain_line(key))));
    *value.as_string() = to_base64(plain);
    wipe(plain);
  }
  return {};
}

}  // namespace primocane
