// SPDX-License-Identifier: Apache-2.0
#include "cluster/server_survey.hpp"

#include "cluster/api_session.hpp"
#include "cluster/object_stream.hpp"
#include "cluster/served_kinds.hpp"
#include "cluster/status_error.hpp"
#include "document/json.hpp"
#include "resource/applyset.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace primocane {

namespace {

struct Right {
  std::string_view verb;
  std::string_view resource;  ///< plural, "*" for all of all groups
  bool is_in_system = false;  ///< in namespace primocane-system, not everywhere
};

// The rights of cluster-admin, which contain all that follow.
constexpr Right everything{"*", "*"};

constexpr std::array common_rights{Right{"get", "*"}, Right{"list", "*"}, Right{"create", "*"},
                                   Right{"patch", "*"}, Right{"delete", "*"}};
// For the parents.
constexpr std::array essential_rights{
    Right{"create", "namespaces"}, Right{"get", "configmaps", true},
    Right{"list", "configmaps", true}, Right{"create", "configmaps", true},
    Right{"patch", "configmaps", true}};

std::string words_for(const Right& right) {
  return fmt::format("{} {}{}{}", right.verb, right.resource == "*" ? "all kinds" : right.resource,
                     right.is_in_system ? " in " : "", right.is_in_system ? system_namespace : "");
}

// https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
HttpRequest access_request(const Right& right) {
  const bool is_all = right.resource == "*";
  HttpRequest request;
  request.method = "POST";
  request.url = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  request.headers.emplace_back("Content-Type: application/json");
  request.body = fmt::format(
      R"({{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview",)"
      R"("spec":{{"resourceAttributes":)"
      R"({{"verb":"{}","group":"{}","resource":"{}","namespace":"{}"}}}}}})",
      right.verb, is_all ? "*" : "", right.resource, right.is_in_system ? system_namespace : "");
  return request;
}

HttpRequest json_request(std::string_view url) {
  HttpRequest request;
  request.url = url;
  request.headers.emplace_back("Accept: application/json");
  return request;
}

Task<Result<Value>> ask(ApiSession& session, HttpRequest request, std::string_view subject) {
  CO_TRY(const HttpResponse response, co_await session.send(std::move(request)));
  if (!response.is_success()) {
    co_return std::unexpected(to_error(read_api_status(response.status, response.body), subject));
  }
  Result<Value> answer = read_json(response.body, subject);
  co_return answer;
}

Task<Result<bool>> is_allowed(ApiSession& session, Right right) {
  HttpRequest request = access_request(right);
  const std::string_view subject = "asking the API server for our rights";
  CO_TRY(const Value answer, co_await ask(session, std::move(request), subject));
  const Value* allowed = answer.find("status", "allowed");
  co_return allowed != nullptr && allowed->as_bool() != nullptr && *allowed->as_bool();
}

Task<Result<void>> look_at_rights(ApiSession& session, ServerSurvey& survey) {
  CO_TRY(const bool may_all, co_await is_allowed(session, everything));
  if (may_all) co_return Result<void>();
  for (std::size_t i = 0; i < common_rights.size() + essential_rights.size(); ++i) {
    const bool is_essential = i >= common_rights.size();
    const Right right =
        is_essential ? essential_rights.at(i - common_rights.size()) : common_rights.at(i);
    CO_TRY(const bool may, co_await is_allowed(session, right));
    if (may) continue;
    survey.refused.push_back(words_for(right));
    survey.is_essential_refused = survey.is_essential_refused || is_essential;
  }
  co_return Result<void>();
}

void take_workload(const Value& item, ServerSurvey& survey) {
  const Value* replicas = item.find("spec", "replicas");
  if (replicas != nullptr && replicas->scalar_text() == "0") return;
  survey.workloads.push_back(fmt::format("{}/{}", item.text_at("metadata", "namespace"),
                                         item.text_at("metadata", "name")));
}

void take_parent(const Value& item, ServerSurvey& survey) {
  std::optional<Parent> parent = read_parent(item);
  if (!parent) return;
  survey.sets.push_back(
      {.kustomization = to_string(parent->kustomization), .revision = std::move(parent->revision)});
}

struct Listing {
  std::string_view url;
  std::string_view what;
  void (*take)(const Value& item, ServerSurvey& survey);
};

// The newest state, not that of the server's cache: a person looks at what they have just done.
constexpr std::array listings{
    Listing{"/apis/apps/v1/deployments", "list deployments", take_workload},
    Listing{"/apis/apps/v1/statefulsets", "list statefulsets", take_workload},
    Listing{"/api/v1/namespaces/primocane-system/configmaps"
            "?labelSelector=applyset.kubernetes.io%2Fid",
            "list configmaps in primocane-system", take_parent}};

ObjectStream::Take parsing(const Listing& listing, ServerSurvey& survey) {
  return [&listing, &survey](std::string_view text) -> Result<void> {
    const Value item = TRY(read_json(text, listing.what));
    listing.take(item, survey);
    return {};
  };
}

BodySink feeding(ObjectStream& items) {
  return [&items](std::string_view piece) { return items.feed(piece); };
}

// Reads a list item by item: a cluster may have many.
Task<Result<void>> list(ApiSession& session, const Listing& listing, ServerSurvey& survey) {
  ObjectStream items(parsing(listing, survey));
  BodySink sink = feeding(items);
  HttpRequest request = json_request(listing.url);
  CO_TRY(const HttpResponse response, co_await session.send(std::move(request), sink));
  if (!response.is_success()) {
    co_return std::unexpected(
        to_error(read_api_status(response.status, response.body), listing.what));
  }
  Result<void> complete = items.finish();
  co_return complete;
}

// Puts what can be seen of the server into the survey, and why the rest can't.
Task<void> look_around(ApiSession& session, ServerSurvey& survey) {
  ServedKinds served(session);
  Result<std::vector<ServedKind>> kinds = co_await served.all(Discovery::fresh);
  if (!kinds) {
    survey.unseen.push_back(std::move(kinds).error());
  } else {
    for (const ServedKind& kind : *kinds) survey.kinds.push_back(to_string(kind.group_kind));
  }
  for (const Listing& listing : listings) {
    if (!session.is_answering()) co_return;
    Result<void> listed = co_await list(session, listing, survey);
    if (!listed) survey.unseen.push_back(std::move(listed).error());
  }
}

}  // namespace

Task<Result<ServerSurvey>> survey_server(EventLoop& loop, ClusterAccess access,
                                         FileReader read_file) {
  KubeApiSettings settings;
  settings.request_timeout = std::chrono::seconds(10);  // a person waits
  settings.attempts_max = 2;
  ApiSession session(loop, std::move(access), std::move(read_file), settings);
  ServerSurvey survey;
  HttpRequest request = json_request("/version");
  const std::string_view subject = "asking the API server for its version";
  CO_TRY(const Value version, co_await ask(session, std::move(request), subject));
  survey.version = version.text_at("gitVersion");
  CO_CHECK(co_await look_at_rights(session, survey));
  co_await look_around(session, survey);
  co_return survey;
}

}  // namespace primocane
