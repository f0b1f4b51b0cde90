// SPDX-License-Identifier: Apache-2.0
#include "resource/metadata.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string_view>

namespace primocane {

TEST_CASE("pruning is disabled by Flux's label or annotation in any case of letters") {
  for (const std::string_view metadata :
       {"{annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}",
        "{labels: {kustomize.toolkit.fluxcd.io/prune: disabled}}",
        "{annotations: {kustomize.toolkit.fluxcd.io/prune: Disabled}}"}) {
    Value object = Object{{"metadata", yaml_value(metadata)}};
    CHECK(is_prune_disabled(object));
  }
}

TEST_CASE("an object is merged where it says so") {
  const auto object = [](std::string_view value) -> Value {
    return Object{
        {"metadata",
         Object{{"annotations", Object{{"kustomize.toolkit.fluxcd.io/ssa", Value(value)}}}}}};
  };
  CHECK(is_merged(object("Merge")));
  CHECK(is_merged(object("merge")));
  CHECK_FALSE(is_merged(object("Override")));
  CHECK_FALSE(is_merged(Object{}));
}

TEST_CASE("pruning is not disabled by another value") {
  for (const std::string_view metadata :
       {"{}", "{annotations: {kustomize.toolkit.fluxcd.io/prune: enabled}}",
        "{annotations: {kustomize.toolkit.fluxcd.io/prune: ''}}", "{annotations: [disabled]}"}) {
    Value object = Object{{"metadata", yaml_value(metadata)}};
    CHECK_FALSE(is_prune_disabled(object));
  }
}

}  // namespace primocane
