// SPDX-License-Identifier: Apache-2.0
#include "expression/type_terms.hpp"

namespace primocane {

namespace {

constexpr std::size_t text_max = 200;

bool has_parts(CelKind kind) {
  return kind == CelKind::list || kind == CelKind::map || kind == CelKind::optional ||
         kind == CelKind::type;
}

CelKind kind_of_letter(char letter) {
  switch (letter) {
    case 'b':
      return CelKind::boolean;
    case 'i':
      return CelKind::integer;
    case 'u':
      return CelKind::unsigned_integer;
    case 'd':
      return CelKind::real;
    case 's':
      return CelKind::text;
    case 'y':
      return CelKind::bytes;
    case 't':
      return CelKind::timestamp;
    case 'r':
      return CelKind::duration;
    case 'L':
      return CelKind::list;
    case 'M':
      return CelKind::map;
    case 'O':
      return CelKind::optional;
    case 'T':
      return CelKind::type;
    default:
      return CelKind::any;
  }
}

// Which types null may stand for: cel-go keeps these from before it had wrappers.
bool is_nullable(CelKind kind) {
  return kind == CelKind::null || kind == CelKind::optional || kind == CelKind::timestamp ||
         kind == CelKind::duration;
}

}  // namespace

// The basic types lie at the places that their kinds number.
TypeTerms::TypeTerms() {
  const TypeId any = basic(CelKind::any);
  for (TypeId id = 0; id <= any; ++id) {
    terms_.push_back({.kind = static_cast<CelKind>(id), .first = any, .second = any});
    bound_.push_back(id);
  }
}

TypeId TypeTerms::variable() {
  const auto id = static_cast<TypeId>(terms_.size());
  terms_.push_back({.is_variable = true});
  bound_.push_back(id);
  return id;
}

TypeId TypeTerms::compound(CelKind kind, TypeId first, TypeId second) {
  const auto id = static_cast<TypeId>(terms_.size());
  terms_.push_back({.kind = kind, .first = first, .second = second});
  bound_.push_back(id);
  return id;
}

TypeId TypeTerms::named(std::string_view letters, const std::array<TypeId, 2>& parameters) {
  const char letter = letters.front();
  if (letter == 'A' || letter == 'B') return parameters.at(letter == 'A' ? 0 : 1);
  const CelKind kind = kind_of_letter(letter);
  if (!has_parts(kind)) return basic(kind);
  letters.remove_prefix(1);
  if (kind != CelKind::map) return compound(kind, named(letters, parameters));
  // A map's keys are a parameter in all signatures.
  return compound(kind, named(letters.substr(0, 1), parameters),
                  named(letters.substr(1), parameters));
}

void TypeTerms::bind(TypeId variable, TypeId type) {
  changes_.emplace_back(variable, bound_[variable]);
  bound_[variable] = type;
}

bool TypeTerms::assign(std::span<const TypeId> from, std::span<const TypeId> to) {
  if (from.size() != to.size()) return false;
  changes_.clear();
  for (std::size_t index = 0; index < from.size(); ++index) {
    if (may_stand_for(from[index], to[index])) continue;
    for (; !changes_.empty(); changes_.pop_back()) {
      bound_[changes_.back().first] = changes_.back().second;
    }
    return false;
  }
  return true;
}

bool TypeTerms::is_same(TypeId left, TypeId right) {
  if (left == right) return true;
  if (!works()) return false;
  const TypeTerm one = terms_[left];
  const TypeTerm other = terms_[right];
  if (one.is_variable || other.is_variable || one.kind != other.kind) return false;
  if (!has_parts(one.kind)) return true;
  return is_same(one.first, other.first) &&
         (one.kind != CelKind::map || is_same(one.second, other.second));
}

bool TypeTerms::may_stand_for(TypeId from, TypeId to) {
  if (!works()) return false;
  const TypeTerm one = terms_[from];
  const TypeTerm other = terms_[to];
  if (other.is_variable) {
    const Substitution tried = substitute(from, to);
    if (tried.is_valid) return true;
    if (tried.was_bound) return false;
  }
  if (one.is_variable) return substitute(to, from).is_valid;
  if (one.kind == CelKind::any || other.kind == CelKind::any) return true;
  if (one.kind == CelKind::null) return is_nullable(other.kind);
  if (other.kind == CelKind::null) return is_nullable(one.kind);
  return parts_may_stand_for(one, other);
}

// Two types of types may always stand for each other.
bool TypeTerms::parts_may_stand_for(const TypeTerm& from, const TypeTerm& to) {
  if (from.kind != to.kind) return false;
  if (!has_parts(from.kind) || from.kind == CelKind::type) return true;
  if (!may_stand_for(from.first, to.first)) return false;
  return from.kind != CelKind::map || may_stand_for(from.second, to.second);
}

TypeTerms::Substitution TypeTerms::substitute(TypeId type, TypeId variable) {
  if (type == variable) return {.is_valid = true, .was_bound = true};
  const TypeId bound = bound_[variable];
  if (bound != variable) {
    if (is_same(type, bound)) return {.is_valid = true, .was_bound = true};
    if (!may_stand_for(type, bound)) return {.is_valid = false, .was_bound = true};
    const TypeId general = more_general(type, bound);
    if (!occurs_in(variable, general)) bind(variable, general);
    return {.is_valid = true, .was_bound = true};
  }
  if (occurs_in(variable, type)) return {};
  bind(variable, type);
  return {.is_valid = true, .was_bound = false};
}

bool TypeTerms::occurs_in(TypeId variable, TypeId type) {
  if (!works()) return true;
  if (variable == type) return true;
  const TypeTerm term = terms_[type];
  if (term.is_variable) return bound_[type] != type && occurs_in(variable, bound_[type]);
  if (!has_parts(term.kind)) return false;
  return occurs_in(variable, term.first) ||
         (term.kind == CelKind::map && occurs_in(variable, term.second));
}

bool TypeTerms::is_less_specific(TypeId left, TypeId right) {
  if (!works()) return false;
  const TypeTerm one = terms_[left];
  const TypeTerm other = terms_[right];
  if (one.is_variable || one.kind == CelKind::any) return true;
  if (other.is_variable || other.kind == CelKind::any || one.kind != other.kind) return false;
  if (!has_parts(one.kind) || one.kind == CelKind::type) return true;
  return is_less_specific(one.first, other.first) &&
         (one.kind != CelKind::map || is_less_specific(one.second, other.second));
}

TypeId TypeTerms::more_general(TypeId left, TypeId right) {
  return is_less_specific(left, right) ? left : right;
}

TypeId TypeTerms::replaced(TypeId type, Free free) {
  if (!works()) return basic(CelKind::any);
  const TypeTerm term = terms_[type];
  if (term.is_variable) {
    if (bound_[type] != type) return replaced(bound_[type], free);
    return free == Free::stays ? type : basic(CelKind::any);
  }
  if (!has_parts(term.kind)) return type;
  const TypeId first = replaced(term.first, free);
  const TypeId second = term.kind == CelKind::map ? replaced(term.second, free) : term.second;
  if (first == term.first && second == term.second) return type;
  return compound(term.kind, first, second);
}

std::string TypeTerms::text(TypeId type) {
  std::string text;
  append_text(type, text);
  return text;
}

void TypeTerms::append_text(TypeId type, std::string& text) {
  const TypeTerm term = terms_[resolved(type)];
  text += to_string(term.is_variable ? CelKind::any : term.kind);
  if (term.is_variable || !has_parts(term.kind) || text.size() > text_max) return;
  text += '(';
  append_text(term.first, text);
  if (term.kind == CelKind::map) {
    text += ", ";
    append_text(term.second, text);
  }
  text += ')';
}

}  // namespace primocane
