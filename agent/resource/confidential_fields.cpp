// SPDX-License-Identifier: Apache-2.0
#include "resource/confidential_fields.hpp"

#include "document/letters.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>

namespace primocane {

namespace {

bool is_index(const std::string& token) {
  return !token.empty() && std::ranges::all_of(token, is_digit);
}

bool is_same_step(const std::string& a, const std::string& b) {
  return a == b || (is_index(a) && is_index(b));
}

bool leads_along(const JsonPointer& a, const JsonPointer& b) {
  const std::size_t shared = std::min(a.tokens().size(), b.tokens().size());
  return std::equal(a.tokens().begin(), a.tokens().begin() + static_cast<std::ptrdiff_t>(shared),
                    b.tokens().begin(), is_same_step);
}

}  // namespace

ConfidentialFields fields_of_secrets() {
  return {JsonPointer().child("data"), JsonPointer().child("stringData"),
          JsonPointer().child("metadata").child("annotations")};
}

ConfidentialFields confidential_fields(const ResourceId& id, ConfidentialFields known) {
  const bool is_secret = id.group.empty() && id.kind == "Secret";
  if (is_secret) std::ranges::move(fields_of_secrets(), std::back_inserter(known));
  return known;
}

bool is_confidential(const ConfidentialFields& fields, const JsonPointer& path) {
  return std::ranges::any_of(
      fields, [&path](const JsonPointer& field) { return leads_along(field, path); });
}

}  // namespace primocane
