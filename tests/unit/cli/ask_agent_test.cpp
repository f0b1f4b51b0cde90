// SPDX-License-Identifier: Apache-2.0
// Specification of ask_agent: an agent that can't answer is another thing than none.
#include "cli/ask_agent.hpp"

#include "host/varlink_message.hpp"
#include "support/answering_socket.hpp"

using namespace primocane;

TEST_CASE("where nobody listens, no agent is running") {
  const TemporaryFolder folder;
  const Result<Value> answer = call_agent(folder / "control", "GetDrift", Object());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::unavailable);
  CHECK(answer.error().message.starts_with("no agent is running ("));
}

TEST_CASE("what a running agent has not at the moment is told in its own words") {
  const AnsweringSocket agent(write_varlink(
      varlink_error("dev.primocane.Agent.Unavailable", Object{{"message", "memory is short"}})));
  const Result<Value> answer = call_agent(agent.path, "Explain", Object());
  REQUIRE_FALSE(answer);
  CHECK(answer.error() == Error{ErrorKind::unavailable, "memory is short"});
}
