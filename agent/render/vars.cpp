// SPDX-License-Identifier: Apache-2.0
#include "render/vars.hpp"

#include "document/go_number.hpp"
#include "document/schema_reader.hpp"
#include "document/written_scalar.hpp"
#include "render/field_match.hpp"
#include "render/field_path.hpp"
#include "render/var_expansion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view default_var_path = "metadata.name";

// types.Target, GVK: an apiVersion that is none is passed over.
void take_api_version(VersionedKind& kind, std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  if (slash == std::string_view::npos) {
    kind.version = api_version;
  } else if (api_version.find('/', slash + 1) == std::string_view::npos) {
    kind.group = api_version.substr(0, slash);
    kind.version = api_version.substr(slash + 1);
  }
}

Result<VarObject> read_object(const Value& value, const FieldReader& reader) {
  const Object fields = TRY(reader.fields(
      value, "objref", {"apiVersion", "group", "version", "kind", "name", "namespace"}));
  VarObject object;
  object.kind.group = TRY(reader.text_of(fields, "group"));
  object.kind.version = TRY(reader.text_of(fields, "version"));
  object.kind.kind = TRY(reader.text_of(fields, "kind"));
  object.name = TRY(reader.text_of(fields, "name"));
  object.namespace_name = TRY(reader.text_of(fields, "namespace"));
  const std::string api_version = TRY(reader.text_of(fields, "apiVersion"));
  if (!api_version.empty()) take_api_version(object.kind, api_version);
  return object;
}

bool is_read_by(const Draft& draft, const VarObject& object) {
  return any_id(draft, [&](const DraftId& id) {
    return id.kind == object.kind && id.name == object.name &&
           (object.namespace_name.empty() || object.namespace_name == id.namespace_name);
  });
}

// kyaml, GetFieldValue: what a var makes of a scalar. Lists and mappings can't be put into texts.
Result<std::optional<Value>> var_value(const Value& field) {
  if (field.is_array() || field.is_object()) return std::nullopt;
  const auto text = written_text(field);
  const ScalarType type = scalar_type(field);
  if (type == ScalarType::boolean && !field.spelling().is_untagged) {
    return Value(field.scalar_text() == "true");
  }
  if (type == ScalarType::real && !field.spelling().is_untagged) {
    Value real = Number{std::string(field.scalar_text())};
    real.set_spelling({.writing = Writing::real});
    return real;
  }
  if (!text) return fail(ErrorKind::invalid, "has an unusual spelling: write it in quotes");
  if (type != ScalarType::integer || field.spelling().is_untagged) return Value(*text);
  const auto integer = go_atoi(*text);
  if (!integer) return fail(ErrorKind::invalid, "is no integer of 64 bits");
  return Value(*integer);
}

// Finds the values of vars, and counts which were used.
class Values {
 public:
  [[nodiscard]] Result<void> find_all(std::vector<Draft>& drafts, const VarSet& vars) {
    std::map<std::string_view, Draft*> drafts_by_var;
    for (Draft& draft : drafts) {
      for (const std::string& name : draft.var_names) drafts_by_var.emplace(name, &draft);
    }
    for (const Var& var : vars.all()) {
      const auto found = drafts_by_var.find(var.name);
      if (found == drafts_by_var.end()) {
        return fail(ErrorKind::invalid,
                    fmt::format("no object is read by the var {}: its objref must name kind, "
                                "version and group of one of this kustomization",
                                var.name));
      }
      Draft& draft = *found->second;
      auto value = value_in(draft, var);
      if (!value) {
        return invalid_draft(draft, fmt::format("field {}, which the var {} reads, {}",
                                                var.field_path, var.name, value.error().message));
      }
      values_.emplace(var.name, *std::move(value));
    }
    return {};
  }

  [[nodiscard]] bool empty() const { return values_.empty(); }

  [[nodiscard]] Result<Value> expand(std::string_view text) {
    const auto lookup = [this](std::string_view name) -> const Value* {
      const auto found = values_.find(name);
      if (found == values_.end() || !found->second) return nullptr;
      used_.insert(found->first);
      return &*found->second;
    };
    Value expanded = TRY(expand_vars(text, lookup, text.size() + bytes_left_));
    const std::size_t size = expanded.scalar_text().size();
    bytes_left_ -= std::min(bytes_left_, size - std::min(size, text.size()));
    return expanded;
  }

  [[nodiscard]] std::vector<std::string> unused() const {
    std::vector<std::string> names;
    for (const auto& [name, value] : values_) {
      if (!used_.contains(name)) names.push_back(name);
    }
    return names;
  }

 private:
  static Result<std::optional<Value>> value_in(Draft& draft, const Var& var) {
    const FieldPath path = FieldPath::parse_with_indices(var.field_path);
    const Value* field = TRY(look_up(draft.object, path.steps()));
    if (field == nullptr) return fail(ErrorKind::invalid, "is not there");
    return var_value(*field);
  }

  std::map<std::string, std::optional<Value>, std::less<>> values_;
  std::set<std::string_view> used_;
  std::size_t bytes_left_ = 64UL * 1024 * 1024;  // that texts may grow by
};

bool is_text(const Value& value) {
  return value.spelling().is_untagged ||
         (value.is_string() && scalar_type(value) == ScalarType::string);
}

Result<void> expand_text(Value& value, Values& values) {
  Value expanded = TRY(values.expand(text_as_written(value)));
  expanded.set_line(value.line());
  value = std::move(expanded);
  return {};
}

// refvar.Filter, set.
Result<void> expand_field(Value& field, Values& values) {
  if (Array* items = field.as_array()) {
    for (Value& item : *items) {
      if (!is_text(item)) {
        return fail(ErrorKind::invalid,
                    fmt::format("the items must be strings, not {}", to_string(item.kind())));
      }
      TRY(expand_text(item, values));
    }
  } else if (Object* members = field.as_object()) {
    for (auto& [key, member] : *members) {
      if (is_text(member)) TRY(expand_text(member, values));
    }
  } else if (is_text(field)) {
    return expand_text(field, values);
  }
  return {};
}

}  // namespace

Result<Var> read_var(const Value& item, const FieldReader& reader) {
  const Object fields = TRY(reader.fields(item, "an item of vars", {"name", "objref", "fieldref"}));
  Var var;
  var.line = item.line();
  var.name = TRY(reader.text_of(fields, "name"));
  if (const Value* object = fields.find("objref")) var.object = TRY(read_object(*object, reader));
  if (const Value* field = fields.find("fieldref")) {
    const Object read = TRY(reader.fields(*field, "fieldref", {"fieldPath"}));
    var.field_path = TRY(reader.text_of(read, "fieldPath"));
  }
  if (var.field_path.empty()) var.field_path = default_var_path;
  return var;
}

Result<void> VarSet::add(const std::vector<Var>& more, const std::string& file) {
  for (const Var& var : more) {
    const auto place = std::ranges::lower_bound(vars_, var.name, {}, &Var::name);
    if (place != vars_.end() && place->name == var.name) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}the var {} is there already: rename one of them",
                              at_line(file, var.line), var.name));
    }
    vars_.insert(place, var);
  }
  return {};
}

Result<void> VarSet::merge(const VarSet& more, const std::string& file) {
  std::vector<Var> others = more.vars_;
  for (Var& var : others) var.line = 0;
  return add(others, file);
}

Result<void> match_vars(std::vector<Draft>& drafts, const std::vector<Var>& vars,
                        const std::string& file) {
  for (const Var& var : vars) {
    Draft* found = nullptr;
    for (Draft& draft : drafts) {
      if (!is_read_by(draft, var.object)) continue;
      if (found != nullptr) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}the var {} may read {} or {}: set the namespace in its objref",
                                at_line(file, var.line), var.name, to_string(found->id),
                                to_string(draft.id)));
      }
      found = &draft;
    }
    if (found != nullptr) found->var_names.push_back(var.name);
  }
  return {};
}

Result<std::vector<std::string>> resolve_vars(std::vector<Draft>& drafts, const VarSet& vars,
                                              const std::vector<FieldSpec>& fields) {
  Values values;
  TRY(values.find_all(drafts, vars));
  if (values.empty()) return std::vector<std::string>();
  const FieldVisitor expand = [&values](Value& field) { return expand_field(field, values); };
  for (Draft& draft : drafts) {
    for (const FieldSpec& spec : fields) {
      if (is_selected(spec, draft.id.kind)) {
        TRY(visit_fields(draft, spec, MadeField::nothing, expand));
      }
    }
    make_texts(draft, "annotations");
    read_id(draft);
  }
  return values.unused();
}

}  // namespace primocane
