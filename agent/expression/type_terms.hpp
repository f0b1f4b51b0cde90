// SPDX-License-Identifier: Apache-2.0
// The types that the parts of an expression have before it is evaluated, and which of them may
// stand for which (cel-go checker/types.go).
#pragma once

#include "expression/value.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

/// A type among those of a TypeTerms.
using TypeId = std::uint32_t;

/// A type, or a variable that stands for one that is not known yet.
struct TypeTerm {
  CelKind kind = CelKind::any;  ///< `any` for what may be of any type
  bool is_variable = false;
  TypeId first = 0;   ///< what a list, an optional or a type is of; a map's keys
  TypeId second = 0;  ///< a map's values
};

/// All types of one expression, and what its variables stand for. What is done with types is
/// counted: a short expression can have a type of any size.
class TypeTerms {
 public:
  TypeTerms();

  [[nodiscard]] TypeId basic(CelKind kind) const { return static_cast<TypeId>(kind); }
  [[nodiscard]] TypeId variable();
  [[nodiscard]] TypeId compound(CelKind kind, TypeId first, TypeId second = 0);
  /// The type that a signature's letters name (functions.hpp), with `parameters` for A and B.
  [[nodiscard]] TypeId named(std::string_view letters, const std::array<TypeId, 2>& parameters);
  [[nodiscard]] const TypeTerm& term(TypeId type) const { return terms_[type]; }

  /// Whether each of `from` may be given where the one of `to` is expected. If so, variables stand
  /// for what makes it so from now on.
  [[nodiscard]] bool assign(std::span<const TypeId> from, std::span<const TypeId> to);
  [[nodiscard]] bool assign(TypeId from, TypeId to) {
    return assign(std::span(&from, 1), std::span(&to, 1));
  }

  /// `type` with what its variables stand for in their place.
  [[nodiscard]] TypeId resolved(TypeId type) { return replaced(type, Free::stays); }
  /// The same at the end of all: a variable that stands for nothing is dyn.
  [[nodiscard]] TypeId settled(TypeId type) { return replaced(type, Free::is_any); }
  /// The more general of two types that may stand for each other.
  [[nodiscard]] TypeId more_general(TypeId left, TypeId right);
  [[nodiscard]] bool is_same(TypeId left, TypeId right);
  /// "map(string, dyn)", for messages; variables are dyn.
  [[nodiscard]] std::string text(TypeId type);

  /// Whether more was asked than may be: then no answer counts.
  [[nodiscard]] bool is_exhausted() const { return work_ > work_max; }

 private:
  static constexpr std::size_t work_max = 200'000;

  enum class Free : std::uint8_t { stays, is_any };

  struct Substitution {
    bool is_valid = false;
    bool was_bound = false;
  };

  [[nodiscard]] TypeId replaced(TypeId type, Free free);
  [[nodiscard]] bool may_stand_for(TypeId from, TypeId to);
  [[nodiscard]] bool parts_may_stand_for(const TypeTerm& from, const TypeTerm& to);
  [[nodiscard]] Substitution substitute(TypeId type, TypeId variable);
  [[nodiscard]] bool is_less_specific(TypeId left, TypeId right);
  [[nodiscard]] bool occurs_in(TypeId variable, TypeId type);
  void append_text(TypeId type, std::string& text);
  void bind(TypeId variable, TypeId type);
  bool works() { return ++work_ <= work_max; }

  std::vector<TypeTerm> terms_;
  std::vector<TypeId> bound_;                       // by variable; itself while it is free
  std::vector<std::pair<TypeId, TypeId>> changes_;  // what a variable stood for before
  std::size_t work_ = 0;
};

}  // namespace primocane
