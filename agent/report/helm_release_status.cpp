// SPDX-License-Identifier: Apache-2.0
#include "report/helm_release_status.hpp"

#include <utility>

namespace primocane {

Value write_helm_release_status(const HelmReleaseStatus& status) {
  Object object{
      {"namespace", status.namespace_name}, {"name", status.name}, {"container", status.container}};
  if (!status.chart.empty()) object.append("chart", status.chart);
  object.append("suspended", status.is_suspended);
  write_ready_state(object, status.readiness);
  return object;
}

Result<HelmReleaseStatus> read_helm_release_status(const Value& value) {
  if (!value.is_object()) return fail(ErrorKind::invalid, "HelmRelease: expected a mapping");
  HelmReleaseStatus status;
  status.namespace_name = value.text_at("namespace");
  status.name = value.text_at("name");
  status.container = value.text_at("container");
  status.chart = value.text_at("chart");
  const Value* suspended = value.find("suspended");
  status.is_suspended = suspended != nullptr && *suspended == Value(true);
  status.readiness = TRY(read_ready_state(value));
  return status;
}

}  // namespace primocane
