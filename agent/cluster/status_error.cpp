// SPDX-License-Identifier: Apache-2.0
// The format: k8s.io/apimachinery/pkg/apis/meta/v1 Status. What the server means by its codes was
// tried on kube-apiserver 1.35.
#include "cluster/status_error.hpp"

#include "cluster/secret_words.hpp"
#include "document/json.hpp"
#include "document/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t words_max = 1024;
constexpr std::size_t cause_max = 300;

constexpr int bad_request = 400;
constexpr int forbidden = 403;
constexpr int method_not_allowed = 405;
constexpr int conflict = 409;
constexpr int gone = 410;
constexpr int too_large = 413;
constexpr int unsupported_media_type = 415;
constexpr int unprocessable = 422;
constexpr int internal_error = 500;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool contains_any(std::string_view text, std::span<const std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return contains(text, part); });
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::string shortened(std::string text, std::size_t size_max) {
  if (text.size() <= size_max) return text;
  while (size_max > 0 && !begins_character(text[size_max])) --size_max;
  text.resize(size_max);
  return text + "...";
}

// What is wrong with a value is said after it ("Invalid value: ...: field is immutable"), and the
// value may be long: it is the middle that goes.
std::string without_middle(std::string_view text, std::size_t size_max) {
  if (text.size() <= size_max) return std::string(text);
  std::size_t begin = size_max / 2;
  while (begin > 0 && !begins_character(text[begin])) --begin;
  std::size_t end = text.size() - size_max / 2;
  while (end < text.size() && !begins_character(text[end])) ++end;
  return fmt::format("{}...{}", text.substr(0, begin), text.substr(end));
}

bool has_cause(const ApiStatus& status, std::string_view reason) {
  return std::ranges::any_of(status.causes,
                             [&](const auto& cause) { return cause.reason == reason; });
}

// Something else has to appear first, and will without a new commit.
bool waits_for_something(const ApiStatus& status) {
  constexpr std::array<std::string_view, 3> words = {
      "is being terminated",  // namespace
      "error looking up service account",
      "status unknown for quota"};  // its controller has not counted yet
  return has_cause(status, "NamespaceTerminating") || contains_any(status.message, words);
}

// A policy said no, whatever code it chose: webhooks and ValidatingAdmissionPolicies choose freely
// (apiserver/pkg/admission/plugin/webhook/errors, .../plugin/policy/validating).
bool is_policy_refusal(const ApiStatus& status) {
  return (contains(status.message, "admission webhook") && contains(status.message, "denied")) ||
         contains(status.message, "denied request:");
}

// Schema violations come as 500 without a reason (structured-merge-diff's errors are not wrapped).
bool is_schema_violation(const ApiStatus& status) {
  constexpr std::array<std::string_view, 3> words = {"failed to create typed patch object",
                                                     "failed to convert new object",
                                                     "unable to convert unstructured object"};
  return status.reason.empty() && contains_any(status.message, words);
}

// A wrong metadata.uid in an apply is refused as a changed immutable field.
bool is_other_object(const ApiStatus& status) {
  return std::ranges::any_of(status.causes,
                             [](const auto& cause) { return cause.field == "metadata.uid"; });
}

ErrorKind kind_of(const ApiStatus& status) {
  if (is_policy_refusal(status)) return ErrorKind::denied;
  if (waits_for_something(status)) return ErrorKind::unavailable;
  switch (status.code) {
    case bad_request:
    case too_large:
    case unsupported_media_type:
      return ErrorKind::invalid;
    case http_unauthorized:
    case forbidden:
      return ErrorKind::denied;
    case conflict:
    case gone:
      return ErrorKind::conflict;
    case unprocessable:
      return is_other_object(status) ? ErrorKind::conflict : ErrorKind::invalid;
    case method_not_allowed:
      // A CRD that is being deleted takes no new objects; other kinds never take this request.
      return contains(status.message, "terminating") ? ErrorKind::unavailable : ErrorKind::invalid;
    case internal_error:
      return is_schema_violation(status) ? ErrorKind::invalid : ErrorKind::unavailable;
    default:
      return ErrorKind::unavailable;
  }
}

// Takes out what must not be shown. Given whole texts, because what is left of a value that was
// cut cannot be told from other words.
using Mask = std::function<std::string(std::string_view words)>;

// The causes in as many words as are shown.
std::string words_of_causes(const ApiStatus& status, const Mask& mask) {
  std::vector<std::string> lines;
  std::size_t size = 0;
  for (const ApiStatus::Cause& cause : status.causes) {
    const std::string whole =
        cause.field.empty() ? cause.message : fmt::format("{}: {}", cause.field, cause.message);
    std::string line = without_middle(mask(whole), cause_max);
    if (std::ranges::find(lines, line) != lines.end()) continue;
    size += line.size();
    lines.push_back(std::move(line));
    if (size > words_max) break;
  }
  return fmt::format("{}", fmt::join(lines, "; "));
}

std::string words_of(const ApiStatus& status, const Mask& mask) {
  if (status.code == unprocessable && !status.causes.empty()) return words_of_causes(status, mask);
  if (status.message.empty()) return fmt::format("the server answered {}", status.code);
  return mask(status.message);
}

std::string hint_for(const ApiStatus& status) {
  if (status.code == http_unauthorized) return " (the server does not accept our credentials)";
  if (status.code == too_large) return " (too large for the API server)";
  return {};
}

Error compose(const ApiStatus& status, std::string_view subject, std::string words) {
  return {kind_of(status), fmt::format("{}: {}{}", subject, shortened(std::move(words), words_max),
                                       hint_for(status))};
}

std::vector<ApiStatus::Cause> read_causes(const Value& body) {
  std::vector<ApiStatus::Cause> causes;
  const Value* list = body.find("details", "causes");
  if (list == nullptr || list->as_array() == nullptr) return causes;
  for (const Value& cause : *list->as_array()) {
    causes.push_back({.reason = std::string(cause.text_at("reason")),
                      .message = std::string(cause.text_at("message")),
                      .field = std::string(cause.text_at("field"))});
  }
  return causes;
}

// Proxies answer with HTML, the server itself with a plain line where it has no route.
std::string first_line(std::string_view body) {
  if (body.starts_with('<')) return {};
  return std::string(body.substr(0, body.find_first_of("\r\n")));
}

}  // namespace

ApiStatus read_api_status(int http_status, std::string_view body) {
  ApiStatus status;
  status.code = http_status;
  const auto document = read_json(body, "status");
  if (!document || document->text_at("kind") != "Status") {
    status.message = first_line(body);
    return status;
  }
  status.reason = document->text_at("reason");
  status.message = document->text_at("message");
  status.details_kind = document->text_at("details", "kind");
  status.details_name = document->text_at("details", "name");
  status.causes = read_causes(*document);
  return status;
}

bool is_kind_missing(const ApiStatus& status) {
  if (status.code != http_not_found) return false;
  // A missing object or namespace is named in the details; a missing route is not.
  return status.details_name.empty();
}

Error to_error(const ApiStatus& status, const ResourceId& id, const SentObject& sent) {
  const bool is_secret = id.group.empty() && id.kind == "Secret";
  if (!is_secret && sent.body.empty()) return to_error(status, to_string(id));
  SecretWords values(sent.body, sent.confidential);
  const Mask mask = [&values](std::string_view words) { return values.masked(words); };
  return compose(status, to_string(id), words_of(status, mask));
}

Error to_error(const ApiStatus& status, std::string_view subject) {
  const Mask nothing = [](std::string_view words) { return std::string(words); };
  return compose(status, subject, words_of(status, nothing));
}

}  // namespace primocane
