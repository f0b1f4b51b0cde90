// SPDX-License-Identifier: Apache-2.0
// What the running agent answers on its control socket.
#include "cli/control_service.hpp"

#include "cli/pause_text.hpp"
#include "report/status.hpp"
#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace primocane {

namespace {

// An agent in a world of fakes, and its control service.
struct Controlled {
  PassWorld world;
  Agent agent{PassParts{.loop = world.loop,
                        .repository = world.repository,
                        .renderer = world.renderer,
                        .cluster = world.cluster,
                        .sources = world.sources,
                        .store = world.store,
                        .events = world.events},
              AgentSettings{.pass = world.settings,
                            .schedule = {},
                            .version = "1.2.3",
                            .remote = "https://git.example.org/x"},
              [] { return 0.5; }, [](const Status&) {}};
  DriftLog drift{world.loop.clock().wall_now()};
  ControlService service{agent, agent.status(), drift};

  Controlled() { world.commit('a', config_map_yaml("a")); }

  Result<Value> call(std::string method, Value parameters = Object()) {
    return run_until_done(world.loop, service.call(std::move(method), std::move(parameters)));
  }
};

}  // namespace

TEST_CASE("GetStatus answers with the agent's status") {
  Controlled controlled;
  const Result<Value> answer = controlled.call("GetStatus");
  REQUIRE(answer);
  REQUIRE(answer->find("status") != nullptr);
  const Result<Status> status = read_status(*answer->find("status"));
  REQUIRE(status);
  CHECK(*status == controlled.agent.status());
  CHECK(status->version == "1.2.3");
}

TEST_CASE("Reconcile that waits answers with the report of the pass") {
  Controlled controlled;
  const Result<Value> answer = controlled.call("Reconcile", Object{{"wait", true}});
  REQUIRE(answer);
  const Value* report = answer->find("report");
  REQUIRE(report != nullptr);
  CHECK(report->find("desired")->as_number()->text == "1");
  CHECK(controlled.world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("Reconcile that does not wait answers at once, and the pass runs") {
  Controlled controlled;
  const Result<Value> answer = controlled.call("Reconcile");
  REQUIRE(answer);
  CHECK(answer->find("report") == nullptr);
  CHECK(controlled.world.cluster.find(default_map("a")) == nullptr);
  controlled.world.loop.run_for(std::chrono::seconds(1));
  CHECK(controlled.world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("a rewrite that was to be accepted by a later pass is not when nobody waits any more") {
  Controlled controlled;
  PassWorld& world = controlled.world;
  REQUIRE(controlled.call("Reconcile", Object{{"wait", true}}));
  const CommitId rewritten = world.repository.push_rewritten('b');
  world.renderer.manifests.insert_or_assign(rewritten.str(), config_map_yaml("a", "rewritten"));
  const auto reconcile = [&](Value parameters) {
    return Job::start<Result<Value>>(controlled.service.call("Reconcile", std::move(parameters)),
                                     [](const Result<Value>&) {});
  };
  std::uint64_t updates = world.repository.updates;
  Job running = reconcile(Object{{"wait", true}});
  world.cluster.is_silent = true;
  while (world.repository.updates == updates) world.loop.run_until_idle();
  updates = world.repository.updates;

  Job queued = reconcile(Object{{"wait", true}, {"acceptRewrite", true}});
  queued.cancel();
  world.cluster.is_silent = false;
  world.loop.run_for(std::chrono::minutes(10));

  CHECK(world.repository.updates > updates);
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "v");
}

TEST_CASE("GetDrift answers with what others did, since a time") {
  Controlled controlled;
  const Event reverted{.kind = EventKind::drift_reverted,
                       .message = "reverted",
                       .object = "ConfigMap/default/a",
                       .manager = "kubectl-edit"};
  controlled.drift.note(reverted, *read_time("2026-11-30T05:00:00Z"));
  controlled.drift.note(reverted, *read_time("2026-11-30T06:00:00Z"));
  const Result<Value> all = controlled.call("GetDrift");
  REQUIRE(all);
  CHECK(all->find("records")->as_array()->size() == 2);
  CHECK(*all->find("cut") == Value(false));
  CHECK(all->text_at("from") == write_time(controlled.drift.from()));
  const Result<Value> late = controlled.call("GetDrift", Object{{"since", "2026-11-30T06:00:00Z"}});
  REQUIRE(late);
  REQUIRE(late->find("records")->as_array()->size() == 1);
  CHECK(late->find("records")->as_array()->front().text_at("manager") == "kubectl-edit");
}

TEST_CASE("Explain answers with where an object comes from and what was changed") {
  Controlled controlled;
  REQUIRE(controlled.call("Reconcile", Object{{"wait", true}}));
  controlled.drift.note(
      {.kind = EventKind::drift_reverted, .message = "reverted", .object = "ConfigMap/default/a"},
      *read_time("2026-11-30T05:00:00Z"));
  const Result<Value> answer =
      controlled.call("Explain", Object{{"kind", "configmap"}, {"name", "a"}});
  REQUIRE(answer);
  REQUIRE(answer->find("objects")->as_array()->size() == 1);
  const Value& object = answer->find("objects")->as_array()->front();
  CHECK(object.text_at("object") == "ConfigMap/default/a");
  CHECK(object.text_at("state") == "as-git-says");
  CHECK(object.find("changes")->as_array()->size() == 1);
  const Result<Value> away = controlled.call(
      "Explain", Object{{"kind", "ConfigMap"}, {"name", "a"}, {"namespace", "away"}});
  REQUIRE(away);
  CHECK(away->find("objects")->as_array()->empty());
  CHECK(away->find("near")->as_array()->size() == 1);
  const Result<Value> other_group =
      controlled.call("Explain", Object{{"kind", "ConfigMap.apps"}, {"name", "a"}});
  REQUIRE(other_group);
  CHECK(other_group->find("objects")->as_array()->empty());
}

TEST_CASE("wrong questions about drift and objects are refused") {
  Controlled controlled;
  CHECK_FALSE(controlled.call("GetDrift", Object{{"since", "yesterday"}}));
  CHECK_FALSE(controlled.call("GetDrift", Object{{"since", 5}}));
  CHECK_FALSE(controlled.call("GetDrift", Object{{"until", "2026-11-30T06:00:00Z"}}));
  CHECK_FALSE(controlled.call("Explain"));
  CHECK_FALSE(controlled.call("Explain", Object{{"kind", "ConfigMap"}}));
  CHECK_FALSE(
      controlled.call("Explain", Object{{"kind", "ConfigMap"}, {"name", std::string(1000, 'a')}}));
}

TEST_CASE("Suspend and Resume answer how the Kustomization stands") {
  Controlled controlled;
  REQUIRE(controlled.call("Reconcile", Object{{"wait", true}}));
  const Result<Value> suspended = controlled.call("Suspend", Object{{"seconds", 3600}});
  REQUIRE(suspended);
  const Value* pause = suspended->find("pause");
  REQUIRE(pause != nullptr);
  CHECK(pause->text_at("name") == "root");
  CHECK(*pause->find("root") == Value(true));
  CHECK(*pause->find("wasPaused") == Value(false));
  CHECK(read_pause(pause->text_at("until")).until.has_value());
  CHECK(describe_pause(PauseVerb::suspend, *pause)
            .starts_with("primocane-system/root, and with it everything, is suspended until 2"));
  const Result<Value> resumed = controlled.call("Resume", Object{{"kustomization", "root"}});
  REQUIRE(resumed);
  CHECK(resumed->find("pause")->find("until") == nullptr);
  CHECK(*resumed->find("pause")->find("wasPaused") == Value(true));
  CHECK(describe_pause(PauseVerb::resume, *resumed->find("pause")) ==
        "primocane-system/root, and with it everything, is resumed\n");
}

TEST_CASE("Suspend refuses what it can't do, and says what there is") {
  Controlled controlled;
  REQUIRE(controlled.call("Reconcile", Object{{"wait", true}}));
  for (const Value& parameters :
       {Value(Object{{"seconds", 0}}), Value(Object{{"seconds", "1h"}}),
        Value(Object{{"seconds", 4'000'000'000}}), Value(Object{{"kustomization", ""}}),
        Value(Object{{"kustomization", 5}}), Value(Object{{"name", "root"}})}) {
    const Result<Value> answer = controlled.call("Suspend", parameters);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::invalid);
  }
  const Result<Value> answer = controlled.call("Suspend", Object{{"kustomization", "rot"}});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().message.find("primocane-system/root") != std::string::npos);
}

TEST_CASE("wrong parameters and methods are refused") {
  Controlled controlled;
  const Value parameters = GENERATE(Value(Object{{"wait", "yes"}}), Value(Object{{"wiat", true}}),
                                    Value(Array{}), Value(Object{{"confirmPrune", 5}}),
                                    Value(Object{{"confirmPrune", std::string(1000, 'a')}}),
                                    Value(Object{{"acceptRewrite", 1}}));
  const Result<Value> answer = controlled.call("Reconcile", parameters);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::invalid);
  CHECK_FALSE(controlled.call("Explode"));
}

TEST_CASE("the document about the control socket holds the interface that is served") {
  std::ifstream file("docs/control-socket.md");
  std::ostringstream document;
  document << file.rdbuf();
  CHECK(document.str().find(agent_interface_description()) != std::string::npos);
}

TEST_CASE("an agent that waits tells so, and has no pass to offer") {
  TestLoop loop;
  Status status;
  status.state = AgentState::waiting;
  status.problems = {{.object = {}, .message = "config.yaml: no such file"}};
  ControlService service(status);
  const Result<Value> told = run_until_done(loop, service.call("GetStatus", Object()));
  REQUIRE(told);
  CHECK(told->find("status")->text_at("state") == "waiting");
  const Result<Value> refused = run_until_done(loop, service.call("Reconcile", Object()));
  REQUIRE(!refused);
  CHECK(refused.error().kind == ErrorKind::unavailable);
  CHECK(refused.error().message.find("config.yaml: no such file") != std::string::npos);
  const Value query = Object{{"kind", "ConfigMap"}, {"name", "a"}};
  CHECK_FALSE(run_until_done(loop, service.call("GetDrift", Object())));
  CHECK_FALSE(run_until_done(loop, service.call("Explain", query)));
}

}  // namespace primocane
