// SPDX-License-Identifier: Apache-2.0
#include "contract/real_world.hpp"

#include "cluster/kube_api.hpp"
#include "cluster/requests.hpp"
#include "document/json.hpp"
#include "support/yaml.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return fail(ErrorKind::invalid, fmt::format("{}: cannot be read", path));
  return text.str();
}

std::string next_space() {
  static int count = 0;
  return fmt::format("contract-{}-{}", ::getpid(), ++count);
}

}  // namespace

ClusterAccess access_in(const std::string& path) {
  return read_kubeconfig(read_text(path).value(), path).value();
}

RealWorld::RealWorld(const std::string& kubeconfig)
    : loop_(EpollLoop::make(clock_).value()), space_(next_space()) {
  const ClusterAccess access = access_in(kubeconfig);
  cluster_ = make_kube_api(*loop_, access, read_text);
  session_ = std::make_unique<ApiSession>(*loop_, access, read_text, KubeApiSettings{});
  apply(yaml_value(
            fmt::format("{{apiVersion: v1, kind: Namespace, metadata: {{name: {}}}}}", space_)))
      .value();
}

RealWorld::~RealWorld() { delete_object({"", "Namespace", "", space_}); }

void RealWorld::edit(const ResourceId& id, std::string_view manager, const Value& patch) {
  HttpRequest request;
  request.method = "PATCH";
  request.headers = {"Content-Type: application/merge-patch+json"};
  request.body = write_json(patch);
  send(id, fmt::format("?fieldManager={}", manager), std::move(request));
}

void RealWorld::apply_as(std::string_view manager, const Value& object) {
  HttpRequest request;
  request.method = "PATCH";
  request.headers = {"Content-Type: application/apply-patch+yaml"};
  request.body = write_json(object);
  send(apply_request_for(object).id, fmt::format("?fieldManager={}&force=true", manager),
       std::move(request));
}

void RealWorld::strip_managed_fields(const ResourceId& id) {
  edit(id, "kubectl-patch", yaml_value("metadata: {managedFields: [{}]}"));
}

void RealWorld::delete_object(const ResourceId& id) {
  HttpRequest request;
  request.method = "DELETE";
  send(id, "?propagationPolicy=Background", std::move(request));
}

void RealWorld::send(const ResourceId& id, std::string_view query, HttpRequest request) {
  const auto kinds = run_until_done(*loop_, cluster_->discover(Discovery::cached)).value();
  for (const ServedKind& kind : kinds) {
    if (kind.group_kind != id.group_kind()) continue;
    request.url = get_request(kind, id, kind.versions.at(0)).value().url + std::string(query);
  }
  const auto response = run_until_done(*loop_, session_->send(std::move(request))).value();
  if (!response.is_success()) throw std::runtime_error(response.body);
}

}  // namespace primocane
