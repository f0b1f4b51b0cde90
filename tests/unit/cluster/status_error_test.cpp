// SPDX-License-Identifier: Apache-2.0
// Specification of what the API server's refusals mean. The bodies are those of
// kube-apiserver 1.35.
#include "cluster/status_error.hpp"

#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

using namespace primocane;

namespace {

const ResourceId web{"apps", "Deployment", "home", "web"};
const ResourceId secret{"", "Secret", "home", "login"};

std::string status(std::string_view reason, std::string_view message,
                   std::string_view details = "{}") {
  return fmt::format(
      R"({{"kind":"Status","status":"Failure","message":"{}","reason":"{}","details":{}}})",
      message, reason, details);
}

Error error_of(int code, std::string_view body, const ResourceId& id = web,
               std::string_view sent = {}) {
  return to_error(read_api_status(code, body), id,
                  {.body = std::string(sent), .confidential = fields_of_secrets()});
}

// A Secret as it is sent, with one value, escaped as JSON.
std::string secret_with(std::string_view key, std::string_view value) {
  return fmt::format(R"({{"kind":"Secret","stringData":{{"{}":"{}"}}}})", key, value);
}

ErrorKind kind_of(int code, std::string_view body) { return error_of(code, body).kind; }

}  // namespace

TEST_CASE("a refusal's code says what to do next") {
  CHECK(kind_of(400, status("BadRequest", "no")) == ErrorKind::invalid);
  CHECK(kind_of(401, status("Unauthorized", "Unauthorized")) == ErrorKind::denied);
  CHECK(kind_of(403, status("Forbidden", "User cannot patch")) == ErrorKind::denied);
  CHECK(kind_of(404, status("NotFound", "namespaces not found", R"({"name":"home"})")) ==
        ErrorKind::unavailable);
  CHECK(kind_of(409, status("Conflict", "modified")) == ErrorKind::conflict);
  CHECK(kind_of(409, status("AlreadyExists", "exists")) == ErrorKind::conflict);
  CHECK(kind_of(413, status("RequestEntityTooLarge", "limit is 3145728")) == ErrorKind::invalid);
  CHECK(kind_of(415, status("UnsupportedMediaType", "no apply")) == ErrorKind::invalid);
  CHECK(kind_of(422, status("Invalid", "bad")) == ErrorKind::invalid);
  CHECK(kind_of(429, status("TooManyRequests", "slow down")) == ErrorKind::unavailable);
  CHECK(kind_of(500, status("InternalError", "etcd")) == ErrorKind::unavailable);
  CHECK(kind_of(503, status("ServiceUnavailable", "starting")) == ErrorKind::unavailable);
  CHECK(kind_of(504, status("Timeout", "late")) == ErrorKind::unavailable);
}

TEST_CASE("a schema violation is invalid although the server calls it its own failure") {
  CHECK(
      kind_of(
          500,
          R"({"kind":"Status","message":"failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema","code":500})") ==
      ErrorKind::invalid);
  CHECK(
      kind_of(
          500,
          R"({"kind":"Status","message":"failed to convert new object (/s; /v1, Kind=Secret) to proper version","code":500})") ==
      ErrorKind::invalid);
}

TEST_CASE("what somebody else has to bring first is waited for") {
  CHECK(kind_of(403, status("Forbidden",
                            "cannot create in namespace home because it is being terminated",
                            R"({"causes":[{"reason":"NamespaceTerminating"}]})")) ==
        ErrorKind::unavailable);
  CHECK(kind_of(403, status("Forbidden",
                            "error looking up service account home/x: serviceaccount not found")) ==
        ErrorKind::unavailable);
  CHECK(kind_of(403, status("Forbidden", "status unknown for quota: q, resources: pods")) ==
        ErrorKind::unavailable);
  CHECK(kind_of(500, status("InternalError", "failed calling webhook: connection refused")) ==
        ErrorKind::unavailable);
  CHECK(
      kind_of(405, status("MethodNotAllowed",
                          "create not allowed while custom resource definition is terminating")) ==
      ErrorKind::unavailable);
  CHECK(kind_of(405, status("MethodNotAllowed", "the server does not allow this method")) ==
        ErrorKind::invalid);
}

TEST_CASE("a policy's no is a no, whatever code it chose") {
  for (const int code : {400, 403, 422, 500}) {
    CHECK(kind_of(code,
                  status("x", R"(admission webhook \"policy.example\" denied the request: no)")) ==
          ErrorKind::denied);
    CHECK(kind_of(code,
                  status("Invalid",
                         "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no")) ==
          ErrorKind::denied);
  }
  CHECK(kind_of(403, status("Forbidden", "exceeded quota: q, requested: pods=1")) ==
        ErrorKind::denied);
}

TEST_CASE("another object under the same name is a conflict") {
  const std::string body = status(
      "Invalid", "ConfigMap is invalid",
      R"({"causes":[{"reason":"FieldValueInvalid","message":"Invalid value: \"0\": field is immutable","field":"metadata.uid"}]})");
  CHECK(kind_of(422, body) == ErrorKind::conflict);
}

TEST_CASE("a message names the object and each field once, in the server's words") {
  const std::string body = status(
      "Invalid", "Deployment.apps is invalid: ...",
      R"({"causes":[{"reason":"FieldValueInvalid","message":"Invalid value: -1: must be positive","field":"spec.replicas"},
        {"reason":"FieldValueInvalid","message":"Invalid value: -1: must be positive","field":"spec.replicas"},
        {"reason":"FieldValueRequired","message":"Required value","field":"spec.template.spec.containers"}]})");
  CHECK(error_of(422, body).message ==
        "Deployment/home/web: spec.replicas: Invalid value: -1: must be positive; "
        "spec.template.spec.containers: Required value");
}

TEST_CASE("answers that are no Status are reported all the same") {
  CHECK(error_of(502, "<html><body>Bad gateway</body></html>").message ==
        "Deployment/home/web: the server answered 502");
  CHECK(error_of(500, "").message == "Deployment/home/web: the server answered 500");
  CHECK(error_of(404, "404 page not found\n").message == "Deployment/home/web: 404 page not found");
  CHECK(error_of(500, R"({"kind":"Status","details":7,"message":[]})").kind ==
        ErrorKind::unavailable);
  CHECK(error_of(500, std::string(100'000, 'x')).message.size() < 2000);
}

TEST_CASE("a route that the server does not have is told from an object that is not there") {
  CHECK(is_kind_missing(read_api_status(404, "404 page not found\n")));
  CHECK(is_kind_missing(read_api_status(
      404, status("NotFound", "the server could not find the requested resource"))));
  CHECK_FALSE(is_kind_missing(read_api_status(
      404, status("NotFound", "configmaps not found", R"({"name":"a","kind":"configmaps"})"))));
  CHECK_FALSE(is_kind_missing(read_api_status(500, "")));
}

TEST_CASE("the values of a Secret never come back in a message") {
  const std::string sent =
      R"({"kind":"Secret","data":{"a":"aHVudGVyMg==","b":12345},"stringData":{"c":"swordfish"}})";
  const auto message_of = [&](std::string_view words) {
    return error_of(500, status("", words), secret, sent).message;
  };
  CHECK(message_of("the webhook saw hunter2 and aHVudGVyMg==") ==
        "Secret/home/login: the webhook saw *** and ***");
  CHECK(message_of("it saw swordfish") == "Secret/home/login: it saw ***");
  CHECK(message_of("expected string, got &value.valueUnstructured{Value:12345}") ==
        "Secret/home/login: expected string, got ***");
  const std::string quoted =
      status("Invalid", "bad",
             R"({"causes":[{"message":"Invalid value: \"p\\\"w\": too short","field":"data.a"},
        {"message":"Invalid value: {\"x\":1}: nope","field":"data.b"}]})");
  CHECK(
      error_of(422, quoted, secret, "{}").message ==
      R"(Secret/home/login: data.a: Invalid value: "***": too short; data.b: Invalid value: ***)");
}

TEST_CASE("a value longer than what is shown of a refusal is masked before that is cut") {
  const std::string value = fmt::format("{:0>2000}", 7);
  const std::string sent = secret_with("c", value);
  const std::string refusal =
      status("Invalid", "bad",
             fmt::format(R"({{"causes":[{{"message":"no {} here","field":"data.c"}}]}})", value));
  CHECK(error_of(422, refusal, secret, sent).message == "Secret/home/login: data.c: no *** here");
  CHECK(error_of(500, status("", "saw " + value), secret, sent).message ==
        "Secret/home/login: saw ***");
}

TEST_CASE("a long value leaves what is wrong with it readable") {
  const std::string refusal = status(
      "Invalid", "bad",
      fmt::format(R"({{"causes":[{{"message":"Invalid value: {:ö>2000}: field is immutable",)"
                  R"("field":"spec.template"}}]}})",
                  "x"));
  const std::string message = error_of(422, refusal, {"batch", "Job", "home", "once"}, "").message;
  CHECK(message.starts_with("Job/home/once: spec.template: Invalid value: ö"));
  CHECK(message.ends_with("öx: field is immutable"));
  CHECK(message.size() < 400);
}

TEST_CASE("causes beyond what is shown are not looked at") {
  std::string causes;
  for (int i = 0; i < 20'000; ++i) causes += fmt::format(R"({{"message":"no {}"}},)", i);
  causes += R"({"message":"last"})";
  const std::string message =
      error_of(422, status("Invalid", "bad", fmt::format(R"({{"causes":[{}]}})", causes)), secret,
               secret_with("c", "swordfish"))
          .message;
  CHECK(message.starts_with("Secret/home/login: no 0; no 1; "));
  CHECK(message.size() < 1100);
}
