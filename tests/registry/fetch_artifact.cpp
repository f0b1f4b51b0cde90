// SPDX-License-Identifier: Apache-2.0
// Reaches what an OCIRepository or a HelmRepository names, as the agent does, and prints what it
// got as JSON. For tests/integration/oci_test.py.
//
//   fetch_artifact FOLDER OBJECT.yaml SECRETS.json update|chart|CHART=RANGE ...
//
// SECRETS.json: {"login": {...}, "certificates": {...}, "proxy": {...}}, each absent or the data of
// a Secret. Prints {"error": KIND, "message": ...} or what was asked for.
#include "document/json.hpp"
#include "document/yaml_reader.hpp"
#include "host/boxed_main.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/read_file.hpp"
#include "host/signal_watch.hpp"
#include "host/system_clock.hpp"
#include "reconcile/registry_settings.hpp"
#include "source/artifact_work.hpp"
#include "source/bundle_tree.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

struct FetchRequest {
  std::string folder;
  Resource object;
  RegistrySecrets secrets;
  std::vector<std::string> wishes;
};

std::optional<SecretData> secret_at(const Value& secrets, std::string_view key) {
  const Value* const value = secrets.find(key);
  if (value == nullptr || !value->is_object()) return std::nullopt;
  SecretData data;
  for (const auto& [name, text] : *value->as_object()) data.emplace(name, text.scalar_text());
  return data;
}

Result<FetchRequest> read_request(std::span<char* const> arguments) {
  const std::string object = TRY(read_file(arguments[2], ByteCount(1U << 20)));
  const std::string text = TRY(read_file(arguments[3], ByteCount(1U << 20)));
  const std::vector<Document> documents = TRY(read_yaml(object, arguments[2]));
  Resource resource = TRY(Resource::make(documents.at(0).value, {.path = arguments[2]}));
  const Value secrets = TRY(read_json(text, arguments[3]));
  FetchRequest request{
      .folder = arguments[1], .object = std::move(resource), .secrets = {}, .wishes = {}};
  if (auto login = secret_at(secrets, "login")) request.secrets.logins.push_back(*login);
  request.secrets.certificates = secret_at(secrets, "certificates");
  request.secrets.proxy = secret_at(secrets, "proxy");
  for (const char* wish : arguments.subspan(4)) request.wishes.emplace_back(wish);
  return request;
}

Value files_of(const SourceTree& tree, const RelativePath& folder) {
  Object files;
  const std::vector<TreeEntry> entries = tree.list(folder).value();
  for (const TreeEntry& entry : entries) {
    const RelativePath path = folder.join(entry.name).value();
    if (entry.kind == EntryKind::folder) {
      files.append(entry.name, files_of(tree, path));
    } else {
      const Result<std::string> content = tree.read(path, ByteCount(1U << 20));
      files.append(entry.name, content ? *content : content.error().message);
    }
  }
  return files;
}

Result<Value> fetch_oci(const FetchRequest& request, EventLoop& loop, ChildProcesses& children) {
  const OciRepositorySpec spec = TRY(OciRepositorySpec::read(request.object));
  OciSource source(TRY(oci_source_settings(spec, request.secrets, request.folder)), loop, children);
  if (request.wishes.front() == "chart") {
    const OciChart chart = TRY(run_until_done(loop, source.chart()));
    return Object{
        {"revision", to_string(chart.revision)}, {"name", chart.name}, {"version", chart.version}};
  }
  const OciArtifact artifact = TRY(run_until_done(loop, source.update()));
  UniqueFd file = TRY(source.open(artifact));
  const auto tree = TRY(open_bundle_tree(std::move(file), [] {}));
  return Object{{"revision", to_string(artifact.revision)},
                {"origin", artifact.origin_revision()},
                {"files", files_of(*tree, RelativePath())}};
}

Value written(const ChartVersions& versions) {
  Array list;
  for (const Result<ChartVersion>& version : versions) {
    list.emplace_back(version ? version->version + " " + version->url : version.error().message);
  }
  return list;
}

Result<Value> fetch_charts(const FetchRequest& request, EventLoop& loop, ChildProcesses& children) {
  const HelmRepositorySpec spec = TRY(HelmRepositorySpec::read(request.object));
  std::vector<ChartWish> wishes;
  for (const std::string& wish : request.wishes) {
    const std::size_t equals = wish.find('=');
    wishes.push_back({.chart = wish.substr(0, equals), .range = wish.substr(equals + 1)});
  }
  if (spec.type == HelmRepositoryType::oci) {
    OciChartsPlace place = TRY(oci_charts_place(spec, request.secrets));
    return written(run_until_done(
        loop, resolve_oci_charts(&loop, std::move(place.url), std::move(place.access), wishes)));
  }
  ChartRepository repository(TRY(chart_repository_settings(spec, request.secrets, request.folder)),
                             loop, children);
  return written(TRY(run_until_done(loop, repository.resolve(std::move(wishes)))));
}

int fetch(std::span<char* const> arguments) {
  const SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = EpollLoop::make(clock).value();
  Children children(*loop, {.boxing = Boxing::best_effort, .box_user = {}});
  const Result<FetchRequest> request = read_request(arguments);
  Result<Value> got = !request ? Result<Value>(std::unexpected(request.error()))
                      : request->object.id.kind == "HelmRepository"
                          ? fetch_charts(*request, *loop, children)
                          : fetch_oci(*request, *loop, children);
  if (!got) {
    got = Object{{"error", to_string(got.error().kind)}, {"message", got.error().message}};
  }
  std::printf("%s\n", write_json(*got).c_str());
  return EXIT_SUCCESS;
}

}  // namespace

}  // namespace primocane

int main(int argc, char* argv[]) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  const auto run_work = [](primocane::BoxedWork work) {
    return work == primocane::BoxedWork::unpack ? primocane::run_artifact_work() : EXIT_FAILURE;
  };
  if (const auto code = primocane::run_if_boxed(arguments, run_work)) return *code;
  primocane::ignore_broken_pipes();
  constexpr int arguments_min = 5;
  if (argc < arguments_min) return EXIT_FAILURE;
  return primocane::fetch(arguments);
}
