// SPDX-License-Identifier: Apache-2.0
// What a server wants to be told before it answers: the header WWW-Authenticate (RFC 9110, 11.6.1).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

struct AuthChallenge {
  std::string scheme;                             ///< in lower case: "bearer", "basic"
  std::map<std::string, std::string> parameters;  ///< names in lower case

  /// "" if there is none.
  [[nodiscard]] std::string parameter(const std::string& name) const;
  bool operator==(const AuthChallenge&) const = default;
};

/// The challenges in one value of the header. What can't be read ends the list.
[[nodiscard]] std::vector<AuthChallenge> read_challenges(std::string_view header);

}  // namespace primocane
