// SPDX-License-Identifier: Apache-2.0
// RealChecks: the tests of answers with the agent's own parts: its Git client, its renderer in the
// box, the system's ssh-keyscan.
#pragma once

#include "cli/init_conversation.hpp"
#include "cli/init_session.hpp"
#include "cli/ports.hpp"
#include "host/children.hpp"

#include <string>

namespace primocane {

/// Contract: InitChecks. What is fetched lies in a folder of its own, and goes with the object.
/// What was typed is written nowhere but, for ssh, into that folder. `session` is borrowed.
class RealChecks final : public InitChecks {
 public:
  explicit RealChecks(InitSession& session);
  RealChecks(const RealChecks&) = delete;
  RealChecks& operator=(const RealChecks&) = delete;
  ~RealChecks() override;

  Result<std::string> server(const InitDraft& draft) override;
  Result<std::string> branch(const InitDraft& draft) override;
  Result<std::string> folder(const InitDraft& draft) override;
  Result<std::string> file(InitTopic topic, const std::string& path) override;
  Result<std::string> host_keys(const GitUrl& url) override;

 private:
  [[nodiscard]] Result<void> make_work_folder();
  [[nodiscard]] Result<Config> usable(const InitDraft& draft);
  /// The start of the commit that `ref` has at the server.
  Result<std::string> look_up(const InitDraft& draft, std::string ref);

  InitSession& session_;
  Children children_;
  std::string work_folder_;  // "" until it is needed
};

}  // namespace primocane
