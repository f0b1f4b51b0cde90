// SPDX-License-Identifier: Apache-2.0
// What the API server's refusals mean: HTTP status and Kubernetes Status to Error.
#pragma once

#include "base/error.hpp"
#include "resource/confidential_fields.hpp"
#include "resource/resource_id.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The HTTP codes that mean something to more than one file here.
inline constexpr int http_unauthorized = 401;
inline constexpr int http_not_found = 404;

/// A metav1.Status as far as it decides, or what can be said without one.
struct ApiStatus {
  struct Cause {
    std::string reason;
    std::string message;
    std::string field;

    bool operator==(const Cause&) const = default;
  };

  int code = 0;        ///< HTTP
  std::string reason;  ///< "NotFound", "Invalid", ...; "" where there was no Status
  std::string message;
  std::string details_kind;
  std::string details_name;
  std::vector<Cause> causes;
};

/// Reads the body of a response with `http_status` >= 300. Whatever the body holds, this yields
/// something that can be reported.
[[nodiscard]] ApiStatus read_api_status(int http_status, std::string_view body);

/// The server does not know the URL's group, version or resource.
[[nodiscard]] bool is_kind_missing(const ApiStatus& status);

/// What a request held, as far as that must not be repeated.
struct SentObject {
  std::string body;  ///< JSON; "" where nothing of it is confidential
  ConfidentialFields confidential{};
};

/// The Error for it, by the rules of Cluster's contract; the message names `id` and holds the
/// server's words, without the confidential ones of `sent`.
[[nodiscard]] Error to_error(const ApiStatus& status, const ResourceId& id, const SentObject& sent);

/// The same for what is about no object; `subject` ("list ConfigMap") begins the message.
[[nodiscard]] Error to_error(const ApiStatus& status, std::string_view subject);

}  // namespace primocane
