// SPDX-License-Identifier: Apache-2.0
#include "cluster/server_survey.hpp"

#include "cluster/api_session.hpp"
#include "cluster/object_stream.hpp"
#include "cluster/requests.hpp"
#include "cluster/served_kinds.hpp"
#include "cluster/status_error.hpp"
#include "document/json.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <optional>
#include <utility>

namespace primocane {

namespace {

// The rights of cluster-admin, which contain all that follow.
AccessQuestion everything() { return {"*", "*", "*", "", true}; }

std::vector<AccessQuestion> all_questions() {
  constexpr std::array<const char*, 5> verbs = {"get", "list", "create", "patch", "delete"};
  std::vector<AccessQuestion> questions;
  for (const char* verb : verbs) {
    questions.push_back(
        {.verb = verb, .group = "*", .resource = "*", .namespace_name = {}, .is_essential = false});
  }
  questions.push_back({"create", "", "namespaces", "", true});
  // Parents are listed, made and written; a list of all needs no right to get one.
  for (const char* verb : verbs) {
    questions.push_back({verb, "", "configmaps", std::string(system_namespace), true});
  }
  return questions;
}

// https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
HttpRequest access_request(const AccessQuestion& question) {
  Object attributes{
      {"verb", question.verb}, {"group", question.group}, {"resource", question.resource}};
  if (!question.namespace_name.empty()) attributes.append("namespace", question.namespace_name);
  const Value review = Object{{"apiVersion", "authorization.k8s.io/v1"},
                              {"kind", "SelfSubjectAccessReview"},
                              {"spec", Object{{"resourceAttributes", std::move(attributes)}}}};
  HttpRequest request;
  request.method = "POST";
  request.url = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  request.headers.emplace_back("Content-Type: application/json");
  request.body = write_json(review);
  return request;
}

HttpRequest json_request(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.headers.emplace_back("Accept: application/json");
  return request;
}

HttpRequest parents_request() {
  return json_request(
      fmt::format("/api/v1/namespaces/{}/configmaps?resourceVersion=0&labelSelector={}",
                  system_namespace, percent_encoded(applyset_id_label)));
}

Task<Result<Value>> ask(ApiSession& session, HttpRequest request, std::string subject) {
  CO_TRY(const HttpResponse response, co_await session.send(std::move(request)));
  if (!response.is_success()) {
    co_return std::unexpected(to_error(read_api_status(response.status, response.body), subject));
  }
  Result<Value> answer = read_json(response.body, subject);
  co_return answer;
}

Task<Result<bool>> is_allowed(ApiSession& session, AccessQuestion question) {
  HttpRequest request = access_request(question);
  std::string subject = "asking the API server for our rights";
  CO_TRY(const Value answer, co_await ask(session, std::move(request), std::move(subject)));
  const Value* allowed = answer.find("status", "allowed");
  co_return allowed != nullptr && allowed->as_bool() != nullptr && *allowed->as_bool();
}

Task<Result<std::vector<AccessQuestion>>> refused_rights(ApiSession& session) {
  std::vector<AccessQuestion> refused;
  AccessQuestion all = everything();
  CO_TRY(const bool may_all, co_await is_allowed(session, std::move(all)));
  if (may_all) co_return refused;
  const std::vector<AccessQuestion> questions = all_questions();
  for (const AccessQuestion& question : questions) {
    CO_TRY(const bool may, co_await is_allowed(session, question));
    if (!may) refused.push_back(question);
  }
  co_return refused;
}

using TakeItem = std::function<void(const Value& item)>;

ObjectStream::Take parsing(const TakeItem& take) {
  return [&take](std::string_view text) -> Result<void> {
    take(TRY(read_json(text, "an item of the server's list")));
    return {};
  };
}

BodySink feeding(ObjectStream& items) {
  return [&items](std::string_view piece) { return items.feed(piece); };
}

// The items of a list, one at a time.
Task<Result<void>> list(ApiSession& session, HttpRequest request, std::string subject,
                        TakeItem take) {
  ObjectStream items(parsing(take));
  BodySink sink = feeding(items);
  CO_TRY(const HttpResponse response, co_await session.send(std::move(request), sink));
  if (!response.is_success()) {
    co_return std::unexpected(to_error(read_api_status(response.status, response.body), subject));
  }
  Result<void> complete = items.finish();
  co_return complete;
}

Workload read_workload(const Value& item) {
  const Value* replicas = item.find("spec", "replicas");
  const bool is_off = replicas != nullptr && replicas->scalar_text() == "0";
  return {.namespace_name = std::string(item.text_at("metadata", "namespace")),
          .name = std::string(item.text_at("metadata", "name")),
          .is_switched_on = !is_off};
}

// Puts what can be seen of the server into the survey, and why the rest can't.
Task<void> look_around(ApiSession& session, ServerSurvey& survey) {
  ServedKinds served(session);
  Result<std::vector<ServedKind>> kinds = co_await served.all(Discovery::fresh);
  if (!kinds) {
    survey.unseen.push_back(std::move(kinds).error());
  } else {
    for (ServedKind& kind : *kinds) survey.kinds.push_back(std::move(kind.group_kind));
  }
  for (const char* plural : {"deployments", "statefulsets"}) {
    HttpRequest request = json_request(fmt::format("/apis/apps/v1/{}?resourceVersion=0", plural));
    std::string subject = fmt::format("list {}", plural);
    TakeItem take = [&survey](const Value& item) {
      survey.workloads.push_back(read_workload(item));
    };
    auto listing = list(session, std::move(request), std::move(subject), std::move(take));
    Result<void> listed = co_await listing;
    if (!listed) survey.unseen.push_back(std::move(listed).error());
  }
  TakeItem take_parent = [&survey](const Value& item) {
    std::optional<Parent> parent = read_parent(item);
    if (parent) survey.parents.push_back(std::move(*parent));
  };
  HttpRequest request = parents_request();
  std::string subject = fmt::format("list configmaps in {}", system_namespace);
  auto listing = list(session, std::move(request), std::move(subject), std::move(take_parent));
  Result<void> listed = co_await listing;
  if (!listed) survey.unseen.push_back(std::move(listed).error());
}

}  // namespace

std::string to_string(const AccessQuestion& question) {
  std::string words = question.verb + " ";
  words += question.resource == "*" ? "all kinds" : question.resource;
  if (!question.namespace_name.empty()) words += " in " + question.namespace_name;
  return words;
}

Task<Result<ServerSurvey>> survey_server(EventLoop& loop, ClusterAccess access,
                                         FileReader read_file) {
  KubeApiSettings settings;
  settings.attempts_max = 2;  // a person waits
  ApiSession session(loop, std::move(access), std::move(read_file), settings);
  ServerSurvey survey;
  HttpRequest request = json_request("/version");
  std::string subject = "asking the API server for its version";
  CO_TRY(const Value version, co_await ask(session, std::move(request), std::move(subject)));
  survey.version = version.text_at("gitVersion");
  CO_TRY(survey.refused, co_await refused_rights(session));
  co_await look_around(session, survey);
  co_return survey;
}

}  // namespace primocane
