// SPDX-License-Identifier: Apache-2.0
#include "cli/control_service.hpp"

#include "cli/control_answers.hpp"
#include "cli/pause_text.hpp"
#include "cli/report_text.hpp"
#include "document/schema_reader.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view description = R"(# The primocane agent of this node.
interface dev.primocane.Agent

# Something that a person should know or do; object is empty when it is about the whole.
type Problem (object: string, message: string)

# Numbers of objects: in Git; as Git says; refused or not possible; left Git but kept; changed by
# others and only watched.
type Counts (desired: int, applied: int, failed: int, kept: int, drifted: int)

# A Kustomization of the graph, the root first; ready is True, False or Unknown.
type Kustomization (
  namespace: string,
  name: string,
  container: ?string,
  source: ?string,
  path: ?string,
  suspended: bool,
  suspendedUntil: ?string,
  objects: int,
  ready: string,
  reason: ?string,
  message: ?string,
  revision: ?string,
  since: ?string
)

# A HelmRelease that a Kustomization contains; revision is the version of its chart.
type HelmRelease (
  namespace: string,
  name: string,
  container: string,
  chart: ?string,
  suspended: bool,
  ready: string,
  reason: ?string,
  message: ?string,
  revision: ?string,
  since: ?string
)

# Revisions are written main@sha1:0123..., times 2026-11-23T19:08:47Z.
type Status (
  state: (starting, waiting, ready, failing),
  version: string,
  remote: ?string,
  fetchedRevision: ?string,
  appliedRevision: ?string,
  committedAt: ?string,
  lastPassAt: ?string,
  lastChangeAt: ?string,
  sourceSeenAt: ?string,
  reverted: int,
  lastRevertedAt: ?string,
  counts: Counts,
  problems: []Problem,
  notices: []string,
  kustomizations: []Kustomization,
  helmReleases: []HelmRelease
)

# What one pass found and did. confirmPrune is the hash that confirms refused deletions or, where
# none were refused, the deletion of what is kept because it may hold data.
type Report (
  fetchedRevision: ?string,
  appliedRevision: ?string,
  sourceAnswered: bool,
  desired: int,
  applied: int,
  changed: int,
  failed: int,
  kept: int,
  drifted: int,
  problems: []Problem,
  confirmPrune: ?string,
  durationMs: int
)

# What somebody else did to an object, by the words of the journal (docs/journal.md): event, reason,
# manager and fields. Durations are in microseconds: how long it was not as Git says, and how long the
# revert took.
type DriftRecord (
  time: string,
  event: string,
  object: string,
  kustomization: ?string,
  reason: ?string,
  manager: ?string,
  fields: ?string,
  driftedUs: ?int,
  durationUs: ?int
)

# An object that a Kustomization desires, or one of Flux's own that is followed: where it begins in
# the source (generated: what generates it), which HelmRelease it stands for, the Kustomizations in
# which its Kustomization lies, why that is not ready, and who else has written the object last.
type Explanation (
  object: string,
  apiVersion: ?string,
  file: ?string,
  line: ?int,
  generated: bool,
  helmRelease: ?string,
  revision: ?string,
  kustomization: string,
  containers: []string,
  source: ?string,
  path: ?string,
  trouble: ?string,
  state: string,
  detail: ?string,
  lastManager: ?string,
  lastManagerTime: ?string,
  changes: []DriftRecord
)

# How a Kustomization stands after it was suspended or resumed: until is a time, further-notice, or
# null where it has no pause. What is said of the root holds for all.
type Pause (
  namespace: string,
  name: string,
  root: bool,
  wasPaused: bool,
  until: ?string,
  pausedWithRoot: bool,
  suspendedInGit: bool
)

method GetStatus() -> (status: Status)

# What the agent remembers, the newest last: all of it, or what was told at a time or later. Since
# from nothing is missing; cut says that older ones were asked for, which only the journal may have.
method GetDrift(since: ?string) -> (records: []DriftRecord, from: string, cut: bool)

# Objects by kind (Deployment or Deployment.apps, whatever the case) and name; without a namespace
# of all of them. Where there are none, near names what may have been meant. Since from no change
# by others is missing. The states are as-git-says, not-applied, changed, drifted, fought, failed,
# suspended, waiting, left-alone, followed and not-served.
method Explain(kind: string, name: string, namespace: ?string) -> (
  objects: []Explanation,
  near: []string,
  from: string
)

# Asks for a pass. With wait, answers with the report of a pass that began after the call.
method Reconcile(wait: ?bool, confirmPrune: ?string, acceptRewrite: ?bool) -> (report: ?Report)

# Begin and end a pause of a Kustomization (NAME or NAMESPACE/NAME, else the root): nothing of it is
# applied, reverted or pruned. They answer when the pass that does it has ended.
method Suspend(kustomization: ?string, seconds: ?int) -> (pause: Pause)
method Resume(kustomization: ?string) -> (pause: Pause)

error Invalid (message: string)
error Denied (message: string)
error Conflict (message: string)
error Unavailable (message: string)
error Cancelled (message: string)
)";

constexpr std::size_t hash_length_max = 128;

// The boolean under `key`; false where it is absent or null.
Result<bool> optional_bool(const Value& parameters, std::string_view key) {
  const Value* value = parameters.find(key);
  if (value == nullptr || value->is_null()) return false;
  if (value->as_bool() != nullptr) return *value->as_bool();
  return fail(ErrorKind::invalid,
              fmt::format("{} must be a boolean, not {}", key, to_string(value->kind())));
}

struct ReconcileParameters {
  bool wait = false;
  PassRequest request;
};

Result<ReconcileParameters> read_parameters(const Value& parameters) {
  TRY(require_known_keys(parameters, "Reconcile", "parameters",
                         {"wait", "confirmPrune", "acceptRewrite"}));
  ReconcileParameters read;
  read.wait = TRY(optional_bool(parameters, "wait"));
  if (TRY(optional_bool(parameters, "acceptRewrite"))) read.request.rewrite = Rewrite::accept;
  const Value* hash = parameters.find("confirmPrune");
  if (hash != nullptr && !hash->is_null()) {
    if (hash->as_string() == nullptr || hash->as_string()->size() > hash_length_max) {
      return fail(ErrorKind::invalid, "confirmPrune must be the hash that a refusal printed");
    }
    read.request.confirm_prune = *hash->as_string();
  }
  return read;
}

Result<std::string> optional_name(const Value& parameters) {
  const Value* name = parameters.find("kustomization");
  if (name == nullptr || name->is_null()) return std::string();
  constexpr std::size_t length_max = 512;
  const std::string* text = name->as_string();
  if (text != nullptr && !text->empty() && text->size() <= length_max) return *text;
  return fail(ErrorKind::invalid, "kustomization must be NAME or NAMESPACE/NAME");
}

Result<std::optional<std::chrono::seconds>> optional_seconds(const Value& parameters) {
  const Value* value = parameters.find("seconds");
  if (value == nullptr || value->is_null()) return std::optional<std::chrono::seconds>();
  std::uint32_t seconds = 0;
  if (const Number* number = value->as_number()) {
    const std::string& text = number->text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) seconds = 0;
  }
  if (seconds > 0 && std::chrono::seconds(seconds) <= pause_max) {
    return std::optional(std::chrono::seconds(seconds));
  }
  return fail(ErrorKind::invalid,
              fmt::format("seconds must be a number from 1 to {}", pause_max.count()));
}

Result<PauseRequest> read_pause_request(PauseVerb verb, const Value& parameters) {
  PauseRequest request{.verb = verb};
  if (verb == PauseVerb::suspend) {
    TRY(require_known_keys(parameters, "Suspend", "parameters", {"kustomization", "seconds"}));
    request.duration = TRY(optional_seconds(parameters));
  } else {
    TRY(require_known_keys(parameters, "Resume", "parameters", {"kustomization"}));
  }
  request.kustomization = TRY(optional_name(parameters));
  return request;
}

}  // namespace

std::string_view agent_interface_description() { return description; }

std::vector<std::string> agent_methods() {
  return {"GetStatus", "GetDrift", "Explain", "Reconcile", "Suspend", "Resume"};
}

Task<Result<Value>> ControlService::call(std::string method, Value parameters) {
  if (method == "GetStatus") {
    co_return Value(Object{{"status", write_status(status_)}});
  }
  if (method == "GetDrift") {
    if (drift_ == nullptr) co_return has_not_begun();
    co_return answer_drift(parameters, *drift_);
  }
  if (method == "Explain") {
    if (drift_ == nullptr) co_return has_not_begun();
    co_return answer_explain(parameters, *agent_, *drift_);
  }
  if (method == "Reconcile") {
    Task<Result<Value>> reconciling = reconcile(std::move(parameters));
    Result<Value> answer = co_await reconciling;
    co_return answer;
  }
  if (method == "Suspend" || method == "Resume") {
    const PauseVerb verb = method == "Suspend" ? PauseVerb::suspend : PauseVerb::resume;
    Task<Result<Value>> changing = change_pause(verb, std::move(parameters));
    Result<Value> answer = co_await changing;
    co_return answer;
  }
  co_return fail(ErrorKind::invalid, fmt::format("{} has no method {}", agent_interface, method));
}

std::unexpected<Error> ControlService::has_not_begun() const {
  const std::string missing = status_.problems.empty() ? "" : status_.problems.front().message;
  return fail(ErrorKind::unavailable, "the agent has not begun, it waits: " + missing);
}

Task<Result<Value>> ControlService::change_pause(PauseVerb verb, Value parameters) {
  CO_TRY(const PauseRequest asked, read_pause_request(verb, parameters));
  if (agent_ == nullptr) co_return has_not_begun();
  PassRequest request;
  request.pauses.push_back(asked);
  Task<PassReport> passing = agent_->reconcile(std::move(request));
  const PassReport report = co_await passing;
  // Who asked the same at the same time has the same answer.
  const auto mine = std::ranges::find(report.pauses, asked, &AnsweredPause::request);
  if (mine == report.pauses.end()) co_return fail(ErrorKind::unavailable, "the pass has no answer");
  CO_TRY(const PauseAnswer answer, mine->answer);
  co_return write_pause_answer(answer);
}

Task<Result<Value>> ControlService::reconcile(Value parameters) {
  CO_TRY(ReconcileParameters read, read_parameters(parameters));
  if (agent_ == nullptr) co_return has_not_begun();
  if (read.wait) {
    Task<PassReport> passing = agent_->reconcile(std::move(read.request));
    const PassReport report = co_await passing;
    co_return Value(Object{{"report", write_report(report)}});
  }
  const auto job = unwaited_.emplace(unwaited_.end());
  *job = Job::start<PassReport>(agent_->reconcile(std::move(read.request)),
                                [this, job](const PassReport&) { unwaited_.erase(job); });
  co_return Value(Object());
}

}  // namespace primocane
