// SPDX-License-Identifier: Apache-2.0
// Takes the values of a Secret, or of another object that is confidential, out of what the API
// server says about it.
#pragma once

#include "resource/confidential_fields.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What must not be repeated of one object.
class SecretWords {
 public:
  /// `object` is JSON as it was sent, and may be anything. Its values are those of the fields
  /// `confidential`, plain and in base64, whole and each longer line of them.
  SecretWords(std::string_view object, const ConfidentialFields& confidential);

  /// `words` without the values, however often Go, JSON or Python escaped them, and without what
  /// the server quotes ("Invalid value: \"hunter2\": ..."). Give it the whole of what the server
  /// said: what is left of a value that was cut is not found. What would take too long to look
  /// through, in one call or all of them together, is withheld.
  [[nodiscard]] std::string masked(std::string_view words);

 private:
  std::vector<std::string> values_;
  std::size_t work_left_;
};

}  // namespace primocane
