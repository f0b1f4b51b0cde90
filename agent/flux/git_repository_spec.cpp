// SPDX-License-Identifier: Apache-2.0
#include "flux/git_repository_spec.hpp"

#include "flux/registry_fields.hpp"
#include "flux/spec_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 4> git_providers{"generic", "aws", "azure", "github"};
constexpr std::array<std::string_view, 4> verification_modes{"head", "HEAD", "Tag", "TagAndHEAD"};

void read_url(SpecReader& reader, GitRepositorySpec& spec) {
  spec.url = reader.required_text("url");
  const bool is_served = spec.url.starts_with("https://") || spec.url.starts_with("http://") ||
                         spec.url.starts_with("ssh://");
  if (!spec.url.empty() && !is_served) {
    reader.wrong("url", "does not begin with https://, http:// or ssh://");
  }
}

GitRepositorySpec::Reference read_git_reference(SpecReader reader) {
  GitRepositorySpec::Reference reference{.branch = reader.text("branch"),
                                         .tag = reader.text("tag"),
                                         .semver = reader.text("semver"),
                                         .name = reader.text("name"),
                                         .commit = reader.text("commit")};
  // fluxcd/pkg git/git.go, DefaultBranch.
  if (reference == GitRepositorySpec::Reference()) reference.branch = "master";
  return reference;
}

std::optional<GitRepositorySpec::Verification> read_verification(SpecReader reader) {
  if (!reader.is_there()) return std::nullopt;
  GitRepositorySpec::Verification verification;
  const std::string mode = reader.word("mode", verification_modes);
  if (mode == "Tag") verification.mode = SignedObject::tag;
  if (mode == "TagAndHEAD") verification.mode = SignedObject::tag_and_head;
  verification.secret = named_secret(reader, "secretRef");
  if (!reader.has("secretRef")) {
    reader.wrong("secretRef", "is missing: it names the Secret with the public keys");
  }
  return verification;
}

// Flux joins both below a root, whatever they begin with (securejoin).
RelativePath read_path_below_root(SpecReader& reader, std::string_view key,
                                  const std::string& text) {
  const std::size_t begin = std::min(text.find_first_not_of('/'), text.size());
  Result<RelativePath> path = RelativePath::parse(std::string_view(text).substr(begin));
  if (path) return std::move(*path);
  reader.wrong(key, path.error().message);
  return {};
}

std::vector<GitInclude> read_includes(SpecReader& spec) {
  std::vector<GitInclude> includes;
  for (SpecReader& item : spec.items("include")) {
    GitInclude include;
    {
      SpecReader repository = item.mapping("repository");
      include.repository = repository.required_text("name");
    }
    std::string to = item.text("toPath");
    if (to.empty()) to = include.repository;
    include.from = read_path_below_root(item, "fromPath", item.text("fromPath"));
    include.to = read_path_below_root(item, "toPath", to);
    if (!to.empty() && include.to.is_root()) {
      item.wrong("toPath", "is the repository's own root: expected a folder in it");
    }
    includes.push_back(std::move(include));
  }
  return includes;
}

void read_identity(SpecReader& reader, ReachedBy reached_by) {
  const std::string provider = reader.word("provider", git_providers);
  const bool has_account = reader.has("serviceAccountName");
  reader.pass_over("serviceAccountName");
  if (reached_by == ReachedBy::configuration) return;
  if (!provider.empty() && provider != "generic") {
    reader.wrong("provider",
                 fmt::format("{} is not supported: set secretRef to a Secret with username and "
                             "password (a token), bearerToken, or an SSH key, and remove it",
                             provider));
  }
  // The CRD takes it with those providers alone.
  if (has_account) {
    reader.wrong("serviceAccountName", "is for the providers azure and aws, which are not served");
  }
}

}  // namespace

Result<GitRepositorySpec> GitRepositorySpec::read(const Resource& object, ReachedBy reached_by) {
  SpecFault fault(object);
  GitRepositorySpec spec;
  spec.name = {object.id.kind, object.id.namespace_name, object.id.name};
  spec.origin = object.origin;
  {
    SpecReader reader(object, fault);
    if (!reader.is_there()) fault.note("spec", "is missing");
    read_url(reader, spec);
    spec.reference = read_git_reference(reader.mapping("ref"));
    read_identity(reader, reached_by);
    spec.secret = named_secret(reader, "secretRef");
    spec.proxy_secret = named_secret(reader, "proxySecretRef");
    spec.verification = read_verification(reader.mapping("verify"));
    if (!reader.has("interval")) reader.wrong("interval", "is missing");
    spec.interval = reader.duration("interval").value_or(spec.interval);
    spec.timeout = reader.duration("timeout").value_or(spec.timeout);
    // An empty text is one: with it Flux's default patterns stay.
    if (reader.has("ignore")) spec.ignore = reader.text("ignore");
    spec.includes = read_includes(reader);
    spec.sparse_checkout = reader.texts("sparseCheckout");
    spec.recurses_submodules = reader.flag("recurseSubmodules").value_or(false);
    spec.is_suspended = reader.flag("suspend").value_or(false);
  }
  TRY(fault.result());
  return spec;
}

}  // namespace primocane
