// SPDX-License-Identifier: Apache-2.0
#include "document/yaml_reader.hpp"

#include "document/document_builder.hpp"
#include "document/go_number.hpp"
#include "document/written_scalar.hpp"
#include "document/yaml_source.hpp"
#include "document/yaml_text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>
#include <yaml-cpp/source.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace primocane {

namespace {

// Gives the text to the scanner piece by piece, and stops when it takes too much of it without
// reporting anything: the scanner keeps the tokens of a whole flow collection ("[...") in memory,
// some 100 bytes each, before the first event.
class TextSource final : public YAML::Source {
 public:
  TextSource(std::string_view text, std::size_t tokens_max)
      : rest_(text), tokens_max_(tokens_max) {}

  void reported() { tokens_ = 0; }
  [[nodiscard]] bool is_overdrawn() const { return is_overdrawn_; }

  std::size_t Read(char* buffer, std::size_t count) override {
    if (tokens_ > tokens_max_) is_overdrawn_ = true;
    if (is_overdrawn_) return 0;
    const std::string_view piece = rest_.substr(0, count);
    rest_.remove_prefix(piece.size());
    tokens_ += static_cast<std::size_t>(std::ranges::count_if(piece, is_indicator));
    std::ranges::copy(piece, buffer);
    return piece.size();
  }

 private:
  // Characters that begin or end a token in a flow collection.
  static bool is_indicator(char letter) {
    static constexpr auto table = [] {
      std::array<bool, 256> indicators{};
      for (const char sign : std::string_view("[]{},:?&*!\"'")) {
        indicators[static_cast<unsigned char>(sign)] = true;
      }
      return indicators;
    }();
    return table[static_cast<unsigned char>(letter)];
  }

  std::string_view rest_;
  std::size_t tokens_ = 0;
  std::size_t tokens_max_;
  bool is_overdrawn_ = false;
};

// Ends the parse of yaml-cpp, which knows no other way; caught in this file.
struct Stopped {
  Error error;
};

void set_form(Value& value, ScalarForm form, bool is_quoted) {
  Spelling spelling = value.spelling();
  spelling.set_forms(form, ScalarForm::plain);
  spelling.is_quoted = is_quoted;
  value.set_spelling(spelling);
}

// Passes yaml-cpp's events on to a DocumentBuilder.
class EventReader final : public YAML::EventHandler {
 public:
  EventReader(std::string_view text, TextSource& source, DocumentBuilder& builder, GoYaml version)
      : text_(text), source_(source), builder_(builder), version_(version) {}

  std::vector<Document> take_documents() { return std::move(documents_); }
  // The line of the last event, for errors without a place of their own.
  [[nodiscard]] std::uint32_t line() const { return line_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    document_line_ = arrive(mark);
    // Without it yaml-cpp begins a document wherever the last one cannot go on.
    if (!std::exchange(is_first_document_, false) && !source_text(mark).starts_with("---")) {
      stop(document_line_, "this does not continue what is above it; a \"---\" line is missing?");
    }
    check(builder_.begin_document(document_line_));
  }

  void OnDocumentEnd() override {
    Value value = builder_.end_document();
    if (!value.is_null()) {
      documents_.push_back(
          {.value = std::move(value), .has_properties = has_properties_, .line = document_line_});
    }
    has_properties_ = false;
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::uint32_t key_line = line_;
    NodeStart start{.line = arrive(mark), .anchor = anchor};
    note_properties({}, anchor);
    const std::string_view word = null_word(source_text(mark));
    const bool is_written = !word.empty();
    if (!is_written && builder_.expects_key()) stop(start.line, "a key is missing before \":\"");
    if (!is_written && flow_depth_ > 0 && !builder_.expects_value()) {
      stop(start.line, "an item is missing before \",\"");
    }
    // At the end of a document yaml-cpp takes a line without a colon for a key.
    if (flow_depth_ == 0 && builder_.expects_value() && mark.pos == key_position_) {
      stop(start.line, "a \":\" is missing after the key");
    }
    // To go-yaml the colon in "[fd00::]" is part of the scalar, to yaml-cpp it ends a key.
    if (flow_depth_ > 0 && is_plain_key_ && source_before(mark).ends_with(':')) {
      stop(start.line, "a scalar that ends in \":\" must be quoted here");
    }
    // A value that is left out has the mark of what comes next; its key is where people look.
    if (!is_written && builder_.expects_value()) start.line = key_line;
    // kustomize prints objects and reads them again, and its printer writes '' there.
    const bool is_text = !is_written && flow_depth_ > 0 && version_ == GoYaml::v3;
    Value value = is_text ? Value("") : Value();
    value.set_spelling(is_text ? Spelling{.writing = Writing::nothing}
                               : spelling_of(TypedScalar{}, word));
    check(builder_.scalar(std::move(value), start));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    has_properties_ = true;
    check(builder_.alias({.line = arrive(mark), .anchor = anchor}));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& yaml_cpp_tag, YAML::anchor_t anchor,
                const std::string& text) override {
    // At the very end of a text yaml-cpp takes "!" for "!!".
    const std::string_view tag =
        yaml_cpp_tag == "tag:yaml.org,2002:" ? std::string_view("!") : yaml_cpp_tag;
    const NodeStart start{.line = arrive(mark), .anchor = anchor};
    const std::string_view source = source_text(mark);
    const bool left_out = text.empty() && is_left_out(source, flow_depth_ > 0 ? -1 : column());
    const ScalarForm form = tag == "?" || left_out ? ScalarForm::plain : scalar_form(source);
    if (flow_depth_ > 0 && form == ScalarForm::plain && text.starts_with(':')) {
      stop(start.line, "a scalar that begins with \":\" must be quoted here");
    }
    if (builder_.expects_key()) {
      key_position_ = mark.pos;
      is_plain_key_ = form == ScalarForm::plain;
      if (is_plain_key_ && text == "<<") {
        has_properties_ = true;
        check(builder_.merge_key(start.line));
        return;
      }
    }
    // Of an object kustomize prints '' there, as where nothing is written at all.
    const bool is_text = left_out && tag == "!" && flow_depth_ > 0 && version_ == GoYaml::v3;
    Result<Value> value = is_text ? Value("") : scalar_value(form, tag, text, source);
    if (!value) stop(start.line, value.error().message);
    // A scalar with a tag keeps its type, whatever replaces it.
    set_form(*value, form, form != ScalarForm::plain && tag == "!");
    note_properties(tag, anchor);
    check(builder_.scalar(std::move(*value), start));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    begin_collection(mark, style);
    note_properties(tag, anchor);
    check(
        builder_.begin_array({.line = arrive(mark), .anchor = anchor, .is_flow = flow_depth_ > 0}));
  }

  void OnSequenceEnd() override { end_collection(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    begin_collection(mark, style);
    note_properties(tag, anchor);
    check(builder_.begin_object(
        {.line = arrive(mark), .anchor = anchor, .is_flow = flow_depth_ > 0}));
  }

  void OnMapEnd() override { end_collection(); }

 private:
  static void check(Result<void> result) {
    if (!result) throw Stopped{std::move(result).error()};
  }

  std::uint32_t arrive(const YAML::Mark& mark) {
    source_.reported();
    line_ = static_cast<std::uint32_t>(mark.line + 1);
    return line_;
  }

  [[noreturn]] void stop(std::uint32_t line, std::string_view what) const {
    throw Stopped{builder_.fail_at(line, what).error()};
  }

  // The tags "?" and "!" are yaml-cpp's for what has none.
  void note_properties(std::string_view tag, YAML::anchor_t anchor) {
    has_properties_ = has_properties_ || anchor != 0 || (!tag.empty() && tag != "?" && tag != "!");
  }

  Result<Value> scalar_value(ScalarForm form, std::string_view tag, const std::string& text,
                             std::string_view source) const {
    // yaml-cpp's text is go-yaml's as well.
    if (form == ScalarForm::plain && tag == "?") return plain_value(text);
    std::string own_text = TRY(scalar_text(form, text, source));
    if (tag != "?" && tag != "!") return tagged_scalar(tag, own_text, version_);
    // v2 takes "! 12" for a string.
    const bool is_plain = form == ScalarForm::plain && version_ == GoYaml::v3;
    return is_plain ? plain_value(own_text) : Value(std::move(own_text));
  }

  // yaml-cpp's text where it is go-yaml's as well, else our own reading of the source.
  Result<std::string> scalar_text(ScalarForm form, const std::string& text,
                                  std::string_view source) const {
    switch (form) {
      case ScalarForm::plain:
      case ScalarForm::literal:
        return text;
      case ScalarForm::single_quoted:
      case ScalarForm::double_quoted:
        if (auto value = quoted_scalar(source)) return *std::move(value);
        return fail(ErrorKind::invalid, "a closing quote is missing");
      case ScalarForm::folded:
        return folded_scalar(source, column(), version_);
    }
    return text;
  }

  Result<Value> plain_value(const std::string& text) const {
    TypedScalar scalar = TRY(type_plain_scalar(text, version_));
    // kustomize prints objects and reads them again, and its printer must quote a colon there.
    if (scalar.type == ScalarType::timestamp && flow_depth_ > 0 && version_ == GoYaml::v3 &&
        text.find(':') != std::string::npos) {
      return Value(text);
    }
    if (!builder_.expects_key()) return std::move(scalar.value);
    if (version_ == GoYaml::v2) return key_text(std::move(scalar.value));
    if (scalar.type == ScalarType::timestamp) {
      return fail(ErrorKind::invalid, "a key that reads as a date must be quoted");
    }
    return std::move(scalar.value);
  }

  // What sigs.k8s.io/yaml makes of a key (convertToJSONableObject).
  static Value key_text(Value key) {
    if (const bool* boolean = key.as_bool()) return *boolean ? "true" : "false";
    if (const Number* number = key.as_number()) return go_yaml_number(number->text);
    return key;
  }

  // That of the innermost collection in block style.
  [[nodiscard]] int column() const { return block_columns_.empty() ? -1 : block_columns_.back(); }

  // Once in flow style, everything inside is.
  void begin_collection(const YAML::Mark& mark, YAML::EmitterStyle::value style) {
    if (flow_depth_ > 0 || style == YAML::EmitterStyle::Flow) {
      ++flow_depth_;
    } else {
      block_columns_.push_back(block_column(source_text(mark), mark.column));
    }
  }

  void end_collection() {
    if (flow_depth_ > 0) {
      --flow_depth_;
    } else {
      block_columns_.pop_back();
    }
    check(builder_.end_collection());
  }

  // The text from a node on. yaml-cpp counts positions in bytes.
  [[nodiscard]] std::string_view source_text(const YAML::Mark& mark) const {
    const auto position = static_cast<std::size_t>(std::max(mark.pos, 0));
    return text_.substr(std::min(position, text_.size()));
  }

  [[nodiscard]] std::string_view source_before(const YAML::Mark& mark) const {
    return text_.substr(0, static_cast<std::size_t>(std::max(mark.pos, 0)));
  }

  std::string_view text_;
  TextSource& source_;
  DocumentBuilder& builder_;
  GoYaml version_;
  std::vector<Document> documents_;
  std::uint32_t document_line_ = 1;
  bool has_properties_ = false;
  bool is_first_document_ = true;
  std::uint32_t line_ = 0;
  std::size_t flow_depth_ = 0;
  std::vector<int> block_columns_;  // of the open collections in block style
  int key_position_ = -1;           // where the last key is in the text
  bool is_plain_key_ = false;       // whether that one is not quoted
};

// yaml-cpp puts what it stumbled over behind a colon, and that may be a part of a password.
std::string_view without_content(std::string_view message) {
  if (message.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR)) {
    return "an alias (*name) of an anchor that is not defined; quote a text that begins with *";
  }
  return message.substr(0, message.find(": "));
}

Result<std::vector<Document>> parse(std::string_view text, std::string_view name,
                                    const DocumentLimits& limits, GoYaml version) {
  // A token takes some 250 bytes, a value 50.
  TextSource source(text, limits.nodes / 2);
  // Of the two libraries v2 is used without looking for duplicates (sigs.k8s.io/yaml, YAMLToJSON).
  DocumentBuilder builder(
      name, limits, version == GoYaml::v2 ? DuplicateKeys::last_counts : DuplicateKeys::refused);
  EventReader reader(text, source, builder, version);
  const auto failure = [&](int line, std::string_view what) {
    if (source.is_overdrawn()) what = "a flow collection ([...] or {...}) has too many items";
    return builder.fail_at(static_cast<std::uint32_t>(std::max(line, 0)), what);
  };
  const auto last_line = [&] { return static_cast<int>(reader.line()); };
  try {
    YAML::Parser parser(source);
    while (parser.HandleNextDocument(reader)) {
    }
    if (source.is_overdrawn()) return failure(last_line(), {});
    return reader.take_documents();
  } catch (const Stopped& stopped) {
    if (source.is_overdrawn()) return failure(last_line(), {});
    return std::unexpected(stopped.error);
  } catch (const YAML::DeepRecursion& error) {
    return failure(error.mark.line + 1, "nested too deeply");
  } catch (const YAML::Exception& error) {
    return failure(error.mark.is_null() ? last_line() : error.mark.line + 1,
                   without_content(error.msg));
  } catch (const std::exception& error) {
    // What the standard library throws inside yaml-cpp.
    return failure(last_line(), error.what());
  }
}

}  // namespace

Result<std::vector<Document>> read_yaml(std::string_view text, std::string_view name,
                                        const DocumentLimits& limits, GoYaml version) {
  // First of all, since the text may be far bigger than it should be.
  TRY(check_size(text, name, limits));
  if (has_unix_line_ends(text)) {
    TRY(check_yaml_text(text, name));
    return parse(text, name, limits, version);
  }
  const std::string lines = with_unix_line_ends(text);
  TRY(check_yaml_text(lines, name));
  return parse(lines, name, limits, version);
}

}  // namespace primocane
