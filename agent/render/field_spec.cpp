// SPDX-License-Identifier: Apache-2.0
#include "render/field_spec.hpp"

#include "base/trimmed.hpp"
#include "render/draft.hpp"
#include "render/patch_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view list_suffix = "[]";

// What is left of a path; its end is not its last step, which may be empty.
struct PathRest {
  std::string_view text;
  bool is_end = false;
};

PathRest all_steps(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  return {.text = path};
}

// Takes the first step away from `rest`, which must have one.
std::string take_step(PathRest& rest) {
  std::string step;
  while (true) {
    const std::size_t end = rest.text.find('/');
    step += rest.text.substr(0, end);
    rest.is_end = end == std::string_view::npos;
    if (rest.is_end) return step;
    rest.text.remove_prefix(end + 1);
    if (!step.ends_with('\\')) return step;
    step.back() = '/';
  }
}

// Follows the steps of one spec through one object.
class Walk {
 public:
  Walk(CreateField create, MadeField made, const FieldVisitor& visit)
      : create_(create), made_(made), visit_(visit) {}

  Result<void> follow(Value& value, const PathRest& rest) const {
    if (rest.is_end) return visit_(value);
    if (is_missing_or_null(&value)) return {};
    if (Array* items = value.as_array(); items != nullptr) {
      for (Value& item : *items) TRY(follow(item, rest));
      return {};
    }
    PathRest behind = rest;
    const std::string step = take_step(behind);
    if (!value.is_object()) {
      return fail(ErrorKind::invalid,
                  fmt::format("expected a list or mapping that holds \"{}\", not {}", step,
                              to_string(value.kind())));
    }
    return enter(*value.as_object(), step, behind);
  }

 private:
  Result<void> enter(Object& members, std::string_view key, const PathRest& behind) const {
    const bool is_list = key.ends_with(list_suffix);
    if (is_list) key.remove_suffix(list_suffix.size());
    key = trimmed(key);  // kyaml/yaml/fns.go, cleanPath
    if (key.empty()) return fail(ErrorKind::invalid, "a field without a name");
    const bool creates = create_ == CreateField::yes && made_ != MadeField::nothing && !is_list;
    Value* field = members.find(key);
    if (field == nullptr && !creates) return {};
    if (field == nullptr) field = &members[key];
    if (is_missing_or_null(field) && is_list) *field = Array();
    if (is_missing_or_null(field) && creates) *field = made_value(behind);
    return follow(*field, behind);
  }

  [[nodiscard]] Value made_value(const PathRest& behind) const {
    const bool is_text = behind.is_end && made_ == MadeField::text;
    return is_text ? Value("") : Value(Object());
  }

  CreateField create_;
  MadeField made_;
  const FieldVisitor& visit_;
};

bool fits(std::string_view wanted, std::string_view value) {
  return wanted.empty() || wanted == value;
}

// Whether `spec` already says what `other` says (FieldSpec.effectivelyEquals).
bool covers(const FieldSpec& spec, const FieldSpec& other) {
  return spec.path == other.path && fits(other.group, spec.group) &&
         fits(other.version, spec.version) && fits(other.kind, spec.kind);
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> steps;
  for (PathRest rest = all_steps(path); !rest.is_end;) steps.push_back(take_step(rest));
  return steps;
}

bool is_selected(const FieldSpec& spec, const VersionedKind& kind) {
  return fits(spec.kind, kind.kind) && fits(spec.group, kind.group) &&
         fits(spec.version, kind.version);
}

Result<void> visit_fields(Draft& draft, const FieldSpec& spec, MadeField made,
                          const FieldVisitor& visit) {
  const Walk walk(spec.create, made, visit);
  if (auto followed = walk.follow(draft.object, all_steps(spec.path)); !followed) {
    return invalid_draft(draft, fmt::format("field {}: {}", spec.path, followed.error().message));
  }
  return {};
}

Result<std::vector<FieldSpec>> merge_specs(std::vector<FieldSpec> specs,
                                           const std::vector<FieldSpec>& more) {
  for (const FieldSpec& spec : more) {
    const auto twin =
        std::ranges::find_if(specs, [&](const FieldSpec& known) { return covers(known, spec); });
    if (twin == specs.end()) {
      specs.push_back(spec);
    } else if (twin->create != spec.create) {
      return fail(
          ErrorKind::invalid,
          fmt::format("field {} is to be created by one rule and not by another", spec.path));
    }
  }
  return specs;
}

}  // namespace primocane
