// SPDX-License-Identifier: Apache-2.0
#include "render/iam_policy.hpp"

#include "support/drafts.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string_view>

namespace primocane {
namespace {

Result<Draft> made(std::string_view text) {
  return generate_iam_policy(yaml_value(text), FieldReader("iam.yaml", UnknownFields::ignored));
}

TEST_CASE("a service account is bound to one of Google's") {
  const Draft draft = made(
                          "apiVersion: builtin\nkind: IAMPolicyGenerator\nmetadata: {name: x}\n"
                          "cloud: gke\nkubernetesService: {name: web, namespace: apps}\n"
                          "serviceAccount: {name: gsa, projectId: home}\n")
                          .value();
  CHECK(printed({draft}) ==
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  annotations:\n"
        "    iam.gke.io/gcp-service-account: gsa@home.iam.gserviceaccount.com\n  name: web\n"
        "  namespace: apps\n");
  CHECK_FALSE(draft.needs_hash);
}

TEST_CASE("a service account needs a name, and no namespace") {
  CHECK(made("cloud: gke\nkubernetesService: {name: web}").value().id.namespace_name.empty());
  CHECK_FALSE(made("cloud: gke").has_value());
}

TEST_CASE("other clouds are refused") {
  CHECK(made("cloud: aws\nkubernetesService: {name: web}").error().kind == ErrorKind::invalid);
}

}  // namespace
}  // namespace primocane
