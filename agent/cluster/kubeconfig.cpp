// SPDX-License-Identifier: Apache-2.0
// The format: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
#include "cluster/kubeconfig.hpp"

#include "base/base64.hpp"
#include "document/schema_reader.hpp"
#include "document/yaml_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::string_view pem_begin = "-----BEGIN ";

// One kubeconfig while it is read: what messages name and file names are relative to.
class Reader {
 public:
  Reader(const Value& config, const std::string& path) : config_(config), path_(path) {}

  // The mapping under `part` ("cluster") of the item called `name` in `list` ("clusters").
  Result<const Value*> named_part(std::string_view list, std::string_view part,
                                  std::string_view name) const {
    const Value* items = config_.find(list);
    if (items != nullptr && items->as_array() != nullptr) {
      for (const Value& item : *items->as_array()) {
        if (item.text_at("name") != name) continue;
        const Value* found = item.find(part);
        if (found != nullptr && found->is_object()) return found;
        return invalid(item, fmt::format("{} {} has no \"{}\" mapping", part, name, part));
      }
    }
    return invalid(items == nullptr ? config_ : *items,
                   fmt::format("there is no {} named \"{}\" in \"{}\"", part, name, list));
  }

  Result<std::string> text(const Value& mapping, std::string_view key) const {
    return optional_text(mapping, key, path_);
  }

  Result<std::string> required_text(const Value& mapping, std::string_view key,
                                    std::string_view what) const {
    std::string found = TRY(text(mapping, key));
    if (found.empty()) return invalid(mapping, fmt::format("{} has no \"{}\"", what, key));
    return found;
  }

  // A file name relative to the kubeconfig's folder, or "".
  Result<std::string> file_name(const Value& mapping, std::string_view key) const {
    std::string name = TRY(text(mapping, key));
    if (name.empty() || name.starts_with('/')) return name;
    const std::size_t slash = path_.rfind('/');
    return slash == std::string::npos ? name : path_.substr(0, slash + 1) + name;
  }

  // PEM in base64, or "".
  Result<std::string> pem(const Value& mapping, std::string_view key) const {
    const std::string encoded = TRY(text(mapping, key));
    if (encoded.empty()) return std::string();
    Result<std::string> decoded = from_base64(encoded);
    if (!decoded || decoded->find(pem_begin) == std::string::npos) {
      return invalid(*mapping.find(key), fmt::format("\"{}\" is not PEM in base64", key));
    }
    return decoded;
  }

  std::unexpected<Error> invalid(const Value& at, std::string_view what) const {
    return fail(ErrorKind::invalid, at_line(path_, at.line()) + std::string(what));
  }

 private:
  const Value& config_;
  const std::string& path_;
};

bool is_switched_on(const Value* value) {
  return value != nullptr && value->as_bool() != nullptr && *value->as_bool();
}

Result<void> read_cluster(const Reader& reader, const Value& cluster, ClusterAccess& access) {
  if (is_switched_on(cluster.find("insecure-skip-tls-verify"))) {
    return reader.invalid(*cluster.find("insecure-skip-tls-verify"),
                          "\"insecure-skip-tls-verify\" is not supported: give the server's CA in "
                          "\"certificate-authority-data\" instead");
  }
  access.server = TRY(reader.required_text(cluster, "server", "the cluster"));
  while (access.server.ends_with('/')) access.server.pop_back();
  if (!access.server.starts_with("https://")) {
    return reader.invalid(*cluster.find("server"),
                          fmt::format("server \"{}\" does not begin with https://", access.server));
  }
  access.tls.ca_pem = TRY(reader.pem(cluster, "certificate-authority-data"));
  access.tls.ca_file = TRY(reader.file_name(cluster, "certificate-authority"));
  access.tls.server_name = TRY(reader.text(cluster, "tls-server-name"));
  access.proxy = TRY(reader.text(cluster, "proxy-url"));
  return {};
}

// What would make us somebody else than the file says when it is left out.
Result<void> refuse_unsupported(const Reader& reader, const Value& user) {
  constexpr std::array<std::string_view, 2> plugins = {"exec", "auth-provider"};
  for (const std::string_view key : plugins) {
    if (user.find(key) == nullptr) continue;
    return reader.invalid(*user.find(key),
                          fmt::format("\"{}\" is not supported, because it runs a program for each "
                                      "login: use a client certificate or a token file",
                                      key));
  }
  constexpr std::array<std::string_view, 4> impersonation = {"as", "as-uid", "as-groups",
                                                             "as-user-extra"};
  for (const std::string_view key : impersonation) {
    if (user.find(key) == nullptr) continue;
    return reader.invalid(*user.find(key),
                          fmt::format("\"{}\" (impersonation) is not supported", key));
  }
  return {};
}

Result<void> read_user(const Reader& reader, const Value& user, ClusterAccess& access) {
  TRY(refuse_unsupported(reader, user));
  access.tls.certificate_pem = TRY(reader.pem(user, "client-certificate-data"));
  access.tls.certificate_file = TRY(reader.file_name(user, "client-certificate"));
  access.tls.key_pem = TRY(reader.pem(user, "client-key-data"));
  access.tls.key_file = TRY(reader.file_name(user, "client-key"));
  access.bearer_token = TRY(reader.text(user, "token"));
  access.token_file = TRY(reader.file_name(user, "tokenFile"));
  access.username = TRY(reader.text(user, "username"));
  access.password = TRY(reader.text(user, "password"));

  const bool has_certificate =
      !access.tls.certificate_pem.empty() || !access.tls.certificate_file.empty();
  const bool has_key = !access.tls.key_pem.empty() || !access.tls.key_file.empty();
  if (has_certificate != has_key) {
    return reader.invalid(user, has_certificate ? "the user has a client certificate but no key"
                                                : "the user has a client key but no certificate");
  }
  return {};
}

}  // namespace

Result<ClusterAccess> read_kubeconfig(std::string_view text, const std::string& path,
                                      std::string_view context) {
  const std::vector<Document> documents = TRY(read_yaml(text, path));
  if (documents.size() != 1 || !documents[0].value.is_object()) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: not a kubeconfig: expected one mapping", path));
  }
  const Value& config = documents[0].value;
  const Reader reader(config, path);
  const std::string kind = TRY(reader.text(config, "kind"));
  if (!kind.empty() && kind != "Config") {
    return reader.invalid(
        *config.find("kind"),
        fmt::format("not a kubeconfig: its kind is \"{}\", not \"Config\"", kind));
  }
  const std::string chosen =
      context.empty() ? TRY(reader.required_text(config, "current-context", "the kubeconfig"))
                      : std::string(context);
  const Value* link = TRY(reader.named_part("contexts", "context", chosen));
  const std::string cluster = TRY(reader.required_text(*link, "cluster", "the context"));
  const std::string user = TRY(reader.required_text(*link, "user", "the context"));

  ClusterAccess access;
  const Value* cluster_part = TRY(reader.named_part("clusters", "cluster", cluster));
  TRY(read_cluster(reader, *cluster_part, access));
  const Value* user_part = TRY(reader.named_part("users", "user", user));
  TRY(read_user(reader, *user_part, access));
  return access;
}

}  // namespace primocane
