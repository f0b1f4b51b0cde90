// SPDX-License-Identifier: Apache-2.0
// What is found of files, Git, the API server and the agent.
#include "node/agent_check.hpp"
#include "node/box_check.hpp"
#include "node/file_check.hpp"
#include "node/finding.hpp"
#include "node/git_check.hpp"
#include "node/server_check.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace primocane {

namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

FileFacts file(Secrecy secrecy, std::uint32_t mode) {
  return {.key = "git.key", .path = "/etc/f", .secrecy = secrecy, .error = {}, .mode = mode};
}

const Finding good_clock{.check = "clock", .message = "right"};
const Finding bad_clock{.check = "clock", .level = Level::problem, .message = "1970"};

}  // namespace

TEST_CASE("a file that others may read is told by what it holds") {
  struct Case {
    Secrecy secrecy;
    std::uint32_t mode;
    Level level;
  };
  const auto [secrecy, mode, level] = GENERATE(values<Case>({
      {Secrecy::open, 0644, Level::ok},
      {Secrecy::secret, 0600, Level::ok},
      {Secrecy::secret, 0640, Level::ok},
      {Secrecy::secret, 0644, Level::problem},
      {Secrecy::ssh_key, 0400, Level::ok},
      {Secrecy::ssh_key, 0640, Level::problem},
      {Secrecy::ssh_key, 0644, Level::problem},
  }));
  const std::optional<Finding> found = examine_file(file(secrecy, mode));
  REQUIRE((level == Level::ok) == !found.has_value());
  if (!found) return;
  CHECK(found->level == level);
  CHECK(holds(found->message, "git.key: /etc/f has mode 06"));
  CHECK(found->advice == "sudo chmod 600 /etc/f");
}

TEST_CASE("a file that is not there, may not be read or is empty is a problem") {
  FileFacts facts = file(Secrecy::secret, 0600);
  facts.is_empty = true;
  CHECK(examine_file(facts)->level == Level::problem);
  facts.error = Error{ErrorKind::unavailable, "/etc/f: No such file or directory"};
  CHECK(holds(examine_file(facts)->message, "git.key: /etc/f: No such file"));
  CHECK(holds(examine_file(facts)->advice, "take git.key out"));
  facts.error->kind = ErrorKind::denied;
  CHECK(examine_file(facts)->level == Level::problem);
  CHECK(holds(examine_file(facts)->advice, "sudo"));
}

TEST_CASE("Git's answer is the tip, or the error with what to do") {
  const CommitId commit = CommitId::parse(std::string(40, 'a')).value();
  const Finding good = examine_git(commit, "https://git", "main", good_clock);
  CHECK(good.level == Level::ok);
  CHECK(holds(good.message, std::string(40, 'a')));
  for (const ErrorKind kind : {ErrorKind::denied, ErrorKind::invalid, ErrorKind::unavailable}) {
    const Finding bad =
        examine_git(fail(kind, "https://git: no"), "https://git", "main", bad_clock);
    CHECK(bad.level == Level::problem);
    CHECK(bad.message == "https://git: no");
    CHECK_FALSE(bad.advice.empty());
  }
}

TEST_CASE("a certificate that does not hold is blamed on the clock only if that is in doubt") {
  const Error error{ErrorKind::denied, "https://git: the server's certificate does not hold: x"};
  CHECK(holds(examine_git(std::unexpected(error), "", "", bad_clock).advice, "clock"));
  CHECK_FALSE(holds(examine_git(std::unexpected(error), "", "", good_clock).advice, "clock"));
  CHECK(advice_for({ErrorKind::unavailable, "refused"}, bad_clock, "wait") == "wait");
}

TEST_CASE("the server's version is judged by what primocane needs of it") {
  const auto level = [](std::string_view version) {
    return examine_server_version(version, "https://127.0.0.1:6443").level;
  };
  CHECK(level("v1.36.3+k3s1") == Level::ok);
  CHECK(level("v1.32.0") == Level::ok);
  CHECK(level("v2.0.0") == Level::ok);
  CHECK(level("v1.31.9+k3s1") == Level::warning);
  CHECK(level("v1.21.14+k3s1") == Level::problem);
  CHECK(level("") == Level::problem);
}

TEST_CASE("a right that is missing is a problem if no pass gets anywhere without") {
  CHECK(examine_rights({}, false).level == Level::ok);
  const Finding some = examine_rights({"delete all kinds", "patch all kinds"}, false);
  CHECK(some.level == Level::warning);
  CHECK(holds(some.message, "may not delete all kinds, patch all kinds"));
  CHECK(examine_rights({"create namespaces"}, true).level == Level::problem);
}

TEST_CASE("another tool is told when it is switched on") {
  const std::string kustomization = "Kustomization.kustomize.toolkit.fluxcd.io";
  struct Case {
    std::vector<std::string> workloads;
    std::vector<std::string> kinds;
    Level level;
    std::string words;
  };
  const auto [workloads, kinds, level, words] = GENERATE_COPY(values<Case>({
      {{}, {}, Level::ok, "no Flux"},
      {{"home/paperless"}, {"Widget.example.org"}, Level::ok, "no Flux"},
      {{"flux-system/kustomize-controller"},
       {kustomization},
       Level::warning,
       "Flux is at work here (flux-system/kustomize-controller)"},
      {{}, {kustomization}, Level::ok, "none of its controllers is switched on"},
      {{"argocd/argo-cd-argocd-application-controller"}, {}, Level::warning, "Argo CD"},
      {{}, {"Application.argoproj.io"}, Level::ok, "Argo CD"},
      {{}, {"Workflow.argoproj.io"}, Level::ok, "no Flux"},
      {{"cattle-fleet-system/fleet-agent"}, {}, Level::warning, "Fleet"},
  }));
  const std::vector<Finding> findings = examine_other_tools(workloads, kinds);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].level == level);
  INFO(findings[0].message);
  CHECK(holds(findings[0].message, words));
  CHECK(findings[0].advice.empty() == (level == Level::ok));
}

TEST_CASE("several tools are told each") {
  CHECK(examine_other_tools({"flux-system/source-controller", "flux-system/kustomize-controller",
                             "argocd/argocd-application-controller"},
                            {})
            .size() == 2);
}

TEST_CASE("a set that the agent of this node did not make is another's") {
  const OwnTraces own{.kustomization = "primocane-system/root", .branch = "main", .has_run = true};
  CHECK_FALSE(examine_set("primocane-system/root", "main@sha1:abc", own));
  CHECK_FALSE(examine_set("primocane-system/root", "", own));
  CHECK(holds(examine_set("primocane-system/root", "mainline@sha1:abc", own)->message, "branch"));
  CHECK(
      holds(examine_set("flux-system/flux-system", "main@sha1:abc", own)->message, "not the one"));
  const OwnTraces none{.kustomization = own.kustomization, .branch = "main", .has_run = false};
  CHECK(examine_set("primocane-system/root", "main@sha1:abc", none)->level == Level::warning);
}

TEST_CASE("the agent is running, and is the one that is installed") {
  Status status;
  status.version = "1.2.0";
  status.state = AgentState::ready;
  CHECK(examine_agent(status, "1.2.0").level == Level::ok);
  CHECK(holds(examine_agent(status, "1.3.0").advice, "restart"));
  status.state = AgentState::failing;
  CHECK(holds(examine_agent(status, "1.2.0").advice, "primocane status"));
  const Finding absent = examine_agent(fail(ErrorKind::unavailable, "no socket"), "1.2.0");
  CHECK(absent.level == Level::warning);
  CHECK(holds(absent.advice, "systemctl"));
  CHECK(holds(examine_agent(fail(ErrorKind::denied, "no"), "1.2.0").advice, "sudo"));
}

TEST_CASE("a box must be had") {
  CHECK(examine_box("root").level == Level::ok);
  CHECK(examine_box("none").level == Level::problem);
  CHECK(examine_box(fail(ErrorKind::denied, "no Landlock")).level == Level::problem);
}

TEST_CASE("findings are one line each for people, and a list for programs") {
  const std::vector<Finding> findings{
      {.check = "clock", .message = "right"},
      {.check = "git", .level = Level::problem, .message = "down\nor so", .advice = "start it"},
      {.check = "disk", .level = Level::warning, .message = "full", .advice = "make room"}};
  CHECK(describe_findings(findings) ==
        "ok       clock          right\n"
        "problem  git            down or so; start it\n"
        "warning  disk           full; make room\n"
        "1 problem, 1 warning\n");
  CHECK(has_problem(findings));
  CHECK_FALSE(has_problem({findings[0], findings[2]}));
  const Value value = write_findings(findings);
  CHECK(value.find("problems")->scalar_text() == "1");
  CHECK(value.find("warnings")->scalar_text() == "1");
  const Array& list = *value.find("findings")->as_array();
  REQUIRE(list.size() == 3);
  CHECK(list[0].find("advice") == nullptr);
  CHECK(list[1].text_at("level") == "problem");
  CHECK(list[1].text_at("advice") == "start it");
}

}  // namespace primocane
