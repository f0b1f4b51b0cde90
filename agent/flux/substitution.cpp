// SPDX-License-Identifier: Apache-2.0
#include "flux/substitution.hpp"

#include "document/difference.hpp"
#include "document/key_order.hpp"
#include "document/letters.hpp"
#include "document/plain_text.hpp"
#include "document/yaml_reader.hpp"
#include "document/yaml_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::string_view substitute_key = "kustomize.toolkit.fluxcd.io/substitute";
constexpr std::size_t shown_length_max = 200;  // of a name or a field

bool is_disabled(const Value& object) {
  return object.text_at("metadata", "labels", substitute_key) == "disabled" ||
         object.text_at("metadata", "annotations", substitute_key) == "disabled";
}

bool has_dollar(const Value& value) {
  if (const std::string* text = value.as_string(); text != nullptr) return text->contains('$');
  if (const Array* items = value.as_array(); items != nullptr) {
    return std::ranges::any_of(*items, has_dollar);
  }
  const Object* members = value.as_object();
  return members != nullptr && std::ranges::any_of(*members, [](const Object::Member& member) {
           return member.first.contains('$') || has_dollar(member.second);
         });
}

// kustomize_varsub.go, varsubRegex.
bool is_variable_name(std::string_view name) {
  const auto is_of_name = [](char letter) { return is_letter_or_digit(letter) || letter == '_'; };
  return !name.empty() && !is_digit(name.front()) && std::ranges::all_of(name, is_of_name);
}

Result<void> check_names(const Variables& variables) {
  for (const auto& [name, value] : variables) {
    if (is_variable_name(name)) continue;
    return fail(
        ErrorKind::invalid,
        fmt::format("\"{}\" is no name of a variable: letters, digits and \"_\" are allowed, "
                    "and no digit comes first",
                    plain_line(std::string_view(name).substr(0, shown_length_max))));
  }
  return {};
}

// The lines of the text in between say nothing to anybody.
void forget_lines(Value& value) {
  value.set_line(0);
  if (Array* const items = value.as_array(); items != nullptr) {
    std::ranges::for_each(*items, forget_lines);
  } else if (Object* const members = value.as_object(); members != nullptr) {
    for (auto& [key, member] : *members) forget_lines(member);
  }
}

// Without the reader's words, which may quote a value.
std::unexpected<Error> no_mapping() {
  return fail(ErrorKind::invalid,
              "the values of the variables make of it what YAML cannot read as a mapping: put the "
              "expression into quotes, or change the value");
}

Result<Value> with_values(Value object, const Variables& variables, const DocumentLimits& limits) {
  const std::string written = write_yaml(in_printed_order(std::move(object)));
  const std::string text = TRY(expand_variables(written, variables, limits.bytes));
  auto documents = read_yaml(text, "substituted", limits, GoYaml::v2);
  if (!documents || documents->size() != 1) return no_mapping();
  Value& value = documents->front().value;
  if (!value.is_object()) return no_mapping();
  forget_lines(value);
  return std::move(value);
}

// Looks for the first field of an object that fails alone.
class FaultSearch {
 public:
  FaultSearch(const Variables& variables, const DocumentLimits& limits)
      : variables_(variables), limits_(limits) {}

  /// Its path: "spec.containers[0].image".
  std::optional<std::string> find(const Value& value, const std::string& path) {
    if (const Array* items = value.as_array(); items != nullptr) {
      for (std::size_t i = 0; i < items->size(); ++i) {
        if (auto found = find((*items)[i], fmt::format("{}[{}]", path, i))) return found;
      }
      return std::nullopt;
    }
    if (const Object* members = value.as_object(); members != nullptr) {
      for (const auto& [key, member] : *members) {
        std::string inner = path.empty() ? key : fmt::format("{}.{}", path, key);
        if (key.contains('$') && fails(Object{{key, Value()}})) return inner;
        if (auto found = find(member, inner)) return found;
      }
      return std::nullopt;
    }
    const bool is_at_fault = has_dollar(value) && fails(Object{{"field", value}});
    return is_at_fault ? std::optional(path) : std::nullopt;
  }

 private:
  bool fails(Object object) {
    return !with_values(std::move(object), variables_, limits_).has_value();
  }

  const Variables& variables_;
  const DocumentLimits& limits_;
};

Error with_field(Error error, const Value& object, const Variables& variables,
                 const DocumentLimits& limits) {
  const auto field = FaultSearch(variables, limits).find(object, {});
  if (!field) return error;
  return with_context(plain_line(std::string_view(*field).substr(0, shown_length_max)),
                      std::move(error));
}

ConfidentialFields everything() { return ConfidentialFields(1); }

ConfidentialFields fields_that_differ(const Value& a, const Value& b) {
  ConfidentialFields fields;
  for (Difference& each : difference(a, b)) fields.push_back(std::move(each.path));
  return fields.size() > confidential_fields_max ? everything() : fields;
}

}  // namespace

Substitution::Substitution(Variables variables, SubstituteStrategy strategy)
    : Substitution(std::move(variables), strategy, {}) {}

Substitution::Substitution(Variables variables, SubstituteStrategy strategy,
                           const std::set<std::string>& confidential)
    : variables_(std::move(variables)), strategy_(strategy) {
  for (auto& [name, value] : variables_) std::erase(value, '\n');
  for (const std::string& name : confidential) {
    if (!variables_.contains(name)) continue;
    if (others_.empty()) others_ = variables_;
    // Another one at both ends, and of another length.
    others_.insert_or_assign(name, fmt::format("x{}x", variables_.at(name)));
  }
}

Result<ConfidentialFields> Substitution::apply(Value& object, const DocumentLimits& limits) const {
  ConfidentialFields confidential;
  if (!is_wanted() || is_disabled(object)) return confidential;
  TRY(check_names(variables_));
  if (!has_dollar(object)) return confidential;
  Result<Value> substituted = with_values(object, variables_, limits);
  if (!substituted) {
    return std::unexpected(with_field(std::move(substituted).error(), object, variables_, limits));
  }
  if (!others_.empty()) {
    const Result<Value> other = with_values(std::move(object), others_, limits);
    confidential = other ? fields_that_differ(*other, *substituted) : everything();
  }
  object = std::move(*substituted);
  return confidential;
}

}  // namespace primocane
