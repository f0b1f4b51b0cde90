// SPDX-License-Identifier: Apache-2.0
// Explanation: where an object comes from, how it stands and what others did to it, as
// `primocane explain` shows it. Values of objects are never among it.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "report/drift_record.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// How an object stands.
enum class ObjectState : std::uint8_t {
  as_git_says,
  not_applied,  ///< not yet
  changed,      ///< in Git, and that is not applied yet
  drifted,      ///< somebody else changed or deleted it, and it is not put right yet
  fought,       ///< somebody else changes it again and again
  failed,
  suspended,   ///< its Kustomization is
  waiting,     ///< its Kustomization waits for others
  left_alone,  ///< as annotations say
  followed,    ///< one of Flux's own, which is never applied
  not_served,  ///< one of Flux's own that nothing acts upon
};

/// "as-git-says", "not-applied", ...
[[nodiscard]] std::string_view to_string(ObjectState state);

struct Explanation {
  std::string object;                   ///< "Deployment/home/web"
  std::string api_version;              ///< "apps/v1", or "" where that is not known
  std::string file;                     ///< in the source, or "" where that is not known
  std::uint32_t line = 0;               ///< on which the object, or what generates it, begins
  bool is_generated = false;            ///< `file` is the kustomization that generates it
  std::string release;                  ///< the HelmRelease that it stands for, or ""
  std::string revision;                 ///< of the rendering: "main@sha1:..."
  std::string kustomization;            ///< "namespace/name"
  std::vector<std::string> containers;  ///< in which that lies, and so on up to the root
  std::string source;   ///< "GitRepository/flux-system/home"; "" for what is configured
  std::string path;     ///< of the Kustomization in its source
  std::string trouble;  ///< why the Kustomization is not ready, or ""
  ObjectState state = ObjectState::as_git_says;
  std::string detail;        ///< what is to be said about the state, or ""
  std::string last_manager;  ///< who else has written it last, or ""
  std::string last_manager_time;
  std::vector<DriftRecord> changes;  ///< by others, as far as they are remembered, the newest last

  bool operator==(const Explanation&) const = default;
};

/// As JSON: keys in camelCase, what is empty left out.
[[nodiscard]] Value write_explanation(const Explanation& explanation);
[[nodiscard]] Result<Explanation> read_explanation(const Value& value);

}  // namespace primocane
