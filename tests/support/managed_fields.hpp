// SPDX-License-Identifier: Apache-2.0
// The managedFields of an object in FakeCluster, read and written as a whole.
#pragma once

#include "document/value.hpp"
#include "support/field_set.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One entry of managedFields.
struct ManagedEntry {
  std::string manager;
  std::string operation;  ///< "Apply" or "Update"
  std::string subresource;
  std::string api_version;
  std::string time;
  FieldSet fields;

  bool operator==(const ManagedEntry&) const = default;
};

using ManagedEntries = std::vector<ManagedEntry>;

[[nodiscard]] ManagedEntries read_managed_fields(const Value& object);
/// Writes the entries that own anything; none at all leaves no managedFields.
void write_managed_fields(Value& object, const ManagedEntries& entries);

/// The entry of that manager, operation and subresource, added without fields if there is none.
[[nodiscard]] ManagedEntry& entry_of(ManagedEntries& entries, std::string_view manager,
                                     std::string_view operation, std::string_view subresource = {});

/// Takes every path that overlaps `path` from all entries but `except`.
void disown(ManagedEntries& entries, const FieldPath& path, const ManagedEntry* except);

/// An update by `manager` made `after` out of `before`: what differs becomes its, in managedFields
/// of `after`, and nobody else's.
void take_over(Value& after, const Value& before, std::string_view manager,
               std::string_view subresource, std::string_view time);

}  // namespace primocane
