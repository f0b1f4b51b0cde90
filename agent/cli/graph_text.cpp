// SPDX-License-Identifier: Apache-2.0
#include "cli/graph_text.hpp"

#include "cli/table.hpp"
#include "document/plain_text.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <set>

namespace primocane {

namespace {

using Row = std::vector<std::string>;

Row head() { return {"NAMESPACE", "NAME", "REVISION", "SUSPENDED", "READY", "AGE", "MESSAGE"}; }

// "main@sha1:0123456789ab", as flux shows it.
std::string shown_revision(const std::string& revision) {
  constexpr std::size_t digits = 8;
  const std::size_t colon = revision.rfind(':');
  if (colon == std::string::npos) return revision;
  return revision.substr(0, colon + 1 + digits);
}

Row row_of(const std::string& namespace_name, const std::string& name, bool is_suspended,
           const ReadyState& readiness, WallTime now) {
  return {namespace_name,
          name,
          shown_revision(readiness.revision),
          is_suspended ? "True" : "False",
          std::string(to_string(readiness.ready)),
          readiness.since ? write_age(now - *readiness.since) : std::string(),
          plain_line(readiness.message)};
}

// What lies in one Kustomization.
struct Content {
  std::vector<const HelmReleaseStatus*> releases;
  std::vector<const KustomizationStatus*> kustomizations;
};

// By the container's name.
using ContentOf = std::map<std::string, Content>;

std::string describe_release(const HelmReleaseStatus& status) {
  std::string text = fmt::format("HelmRelease/{}/{}", status.namespace_name, status.name);
  for (const std::string& part : {status.chart, status.readiness.revision}) {
    if (!part.empty()) text += fmt::format("  {}", plain_line(part));
  }
  return text + '\n';
}

void draw(const KustomizationStatus& status, const ContentOf& contents, const std::string& indent,
          std::string& text) {
  text += fmt::format("{}/{}", status.name.namespace_name, status.name.name);
  if (!status.source.empty()) text += fmt::format("  {}", status.source);
  text += fmt::format("  {}  {} object{}\n", plain_line(status.path), status.objects,
                      status.objects == 1 ? "" : "s");
  const auto mine = contents.find(to_string(status.name));
  if (mine == contents.end()) return;
  const Content& content = mine->second;
  std::size_t left = content.releases.size() + content.kustomizations.size();
  const auto branch = [&left] { return --left == 0 ? "└── " : "├── "; };
  for (const HelmReleaseStatus* release : content.releases) {
    text += indent + branch();
    text += describe_release(*release);
  }
  for (const KustomizationStatus* child : content.kustomizations) {
    text += indent + branch();
    draw(*child, contents, indent + (left == 0 ? "    " : "│   "), text);
  }
}

}  // namespace

std::string list_kustomizations(const std::vector<KustomizationStatus>& all, WallTime now) {
  std::vector<Row> rows{head()};
  for (const KustomizationStatus& status : all) {
    rows.push_back(row_of(status.name.namespace_name, status.name.name, status.is_suspended,
                          status.readiness, now));
    if (status.suspended_until.empty()) continue;
    std::string& message = rows.back().back();
    message = fmt::format("{}{}{}", pause_words(status), message.empty() ? "" : "; ", message);
  }
  return draw_table(rows);
}

std::string list_helm_releases(const std::vector<HelmReleaseStatus>& all, WallTime now) {
  std::vector<Row> rows{head()};
  for (const HelmReleaseStatus& status : all) {
    rows.push_back(
        row_of(status.namespace_name, status.name, status.is_suspended, status.readiness, now));
  }
  return draw_table(rows);
}

std::string draw_graph(const std::vector<KustomizationStatus>& all,
                       const std::vector<HelmReleaseStatus>& releases) {
  ContentOf contents;
  std::set<std::string> known;
  for (const KustomizationStatus& status : all) known.insert(to_string(status.name));
  for (const KustomizationStatus& status : all) {
    if (known.contains(status.container)) {
      contents[status.container].kustomizations.push_back(&status);
    }
  }
  for (const HelmReleaseStatus& release : releases) {
    contents[release.container].releases.push_back(&release);
  }
  std::string text;
  for (const KustomizationStatus& status : all) {
    if (!known.contains(status.container)) draw(status, contents, {}, text);
  }
  return text;
}

}  // namespace primocane
