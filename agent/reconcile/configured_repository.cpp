// SPDX-License-Identifier: Apache-2.0
#include "reconcile/configured_repository.hpp"

#include "base/letter_case.hpp"
#include "source/git_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// The last parts of the path that `url` leads to, last first: what comes before them hangs on the
// way, and so does the `_git` that Azure has among them for https.
std::vector<std::string> last_parts(std::string_view text) {
  constexpr std::size_t parts_max = 2;
  std::vector<std::string> parts;
  const Result<GitUrl> url = GitUrl::parse(text);
  if (!url) return parts;
  std::string_view rest = url->path();
  if (rest.ends_with(".git")) rest.remove_suffix(4);
  while (!rest.empty() && parts.size() < parts_max) {
    const std::size_t begin = rest.rfind('/') + 1;  // 0 if there is none
    std::string part = in_lower_case(std::string(rest.substr(begin)));
    if (!part.empty() && part != "_git") parts.push_back(std::move(part));
    rest = rest.substr(0, begin == 0 ? 0 : begin - 1);
  }
  return parts;
}

bool lead_to_the_same(std::string_view a, std::string_view b) {
  const std::vector<std::string> these = last_parts(a);
  const std::vector<std::string> those = last_parts(b);
  const auto [one, other] = std::ranges::mismatch(these, those);
  return one == these.end() || other == those.end();
}

struct ReferenceField {
  std::string_view name;
  const std::string& value;
};

// The field of spec.ref that counts in Flux (pkg/git gogit, Client.Clone), where that is not
// `branch`.
std::string other_reference(const GitRepositorySpec::Reference& reference,
                            std::string_view branch) {
  for (const ReferenceField& field :
       {ReferenceField{"commit", reference.commit}, ReferenceField{"name", reference.name},
        ReferenceField{"tag", reference.tag}, ReferenceField{"semver", reference.semver}}) {
    if (field.value.empty()) continue;
    const bool is_same =
        field.name == "name" && field.value == fmt::format("refs/heads/{}", branch);
    return is_same ? std::string() : fmt::format("spec.ref.{}: {}", field.name, field.value);
  }
  if (reference.branch == branch) return {};
  return fmt::format("spec.ref.branch: {}", reference.branch);
}

}  // namespace

std::vector<Error> differences_from(const ConfiguredRepository& configured,
                                    const GitRepositorySpec& spec) {
  std::vector<Error> differences;
  const std::string place = to_string(spec.origin);
  if (!lead_to_the_same(spec.url, configured.url)) {
    differences.push_back(
        {ErrorKind::invalid,
         fmt::format("{}: spec.url does not count: {} is followed, as git.url of the configuration "
                     "says",
                     place, configured.url)});
  }
  const std::string reference = other_reference(spec.reference, configured.branch);
  if (!reference.empty()) {
    differences.push_back(
        {ErrorKind::invalid,
         fmt::format("{}: {} does not count: the branch {} is followed, as git.branch of the "
                     "configuration says",
                     place, reference, configured.branch)});
  }
  if (spec.is_suspended) {
    differences.push_back(
        {ErrorKind::invalid,
         fmt::format("{}: spec.suspend does not count for the configured repository: suspend the "
                     "Kustomizations",
                     place)});
  }
  return differences;
}

}  // namespace primocane
