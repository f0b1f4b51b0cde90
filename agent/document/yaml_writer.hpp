// SPDX-License-Identifier: Apache-2.0
// Writes YAML as kustomize 5.8.1 prints it (sigs.k8s.io/yaml, go-yaml v2): its quoting, wrapping
// and indentation.
#pragma once

#include "document/value.hpp"

#include <string>

namespace primocane {

/// `value` as one block-style YAML document that ends in a newline, without a "---" line. Keys in
/// their order (kustomize sorts them: key_order.hpp); list items at the indentation of their parent
/// key ("compact" sequences); lines are wrapped at the first space after 80 columns.
///
/// read_yaml gives the same value back, except that a number -0 becomes 0, as in kustomize.
[[nodiscard]] std::string write_yaml(const Value& value);

}  // namespace primocane
