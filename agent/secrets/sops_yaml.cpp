// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_yaml.hpp"

#include "document/go_number.hpp"
#include "document/plain_scalar.hpp"
#include "document/plain_text.hpp"
#include "document/utf8.hpp"
#include "document/yaml_node_writer.hpp"
#include "document/yaml_scalar_style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t step = 4;
constexpr std::size_t dash = 2;

// Where a level begins that is inside of one at `indent` (yaml_emitter_increase_indent).
std::size_t inner_indent(std::size_t indent) { return (indent + step) / step * step; }

// The form that go-yaml's encoder asks for (encode.go, stringv).
ScalarForm wanted_form(std::string_view text) {
  if (text.find('\n') != std::string_view::npos) return ScalarForm::literal;
  if (text.empty() || text == "<<" || !is_string_when_plain(text)) {
    return ScalarForm::double_quoted;
  }
  return ScalarForm::plain;
}

bool is_comment(const SopsItem& item) { return item.node.kind == SopsKind::comment; }

bool has_members(const std::vector<SopsItem>& items) {
  return !std::ranges::all_of(items, is_comment);
}

// Whether a node is written on the line of its key: a scalar, or a mapping or list without members.
bool is_leaf(const SopsNode& node) {
  return node.kind == SopsKind::scalar || !has_members(node.items);
}

// The comments that stand before an item: above it, and behind it on its line.
struct Remarks {
  std::vector<std::string_view> above;
  std::vector<std::string_view> behind;

  void add(const SopsNode& comment) {
    (comment.is_inline ? behind : above).push_back(comment.value.scalar_text());
  }
};

// Those in front of the first member of `items`, which stand above all of it: in front of the dash
// if it is an item itself.
std::vector<std::string_view> leading_comments(const std::vector<SopsItem>& items) {
  std::vector<std::string_view> texts;
  for (const SopsItem& item : items) {
    if (!is_comment(item)) break;
    if (!item.node.is_inline) texts.push_back(item.node.value.scalar_text());
  }
  return texts;
}

enum class Leading : std::uint8_t { written, above_dash };

class SopsYamlWriter {
 public:
  explicit SopsYamlWriter(std::string_view name) : name_(name) {}

  Result<void> document(const SopsBranch& branch) {
    if (!out_.empty()) out_ += "---\n";
    if (!has_members(branch)) {
      out_ += "{}\n";
      return {};
    }
    TRY(collection(SopsKind::mapping, branch, 0, Leading::written));
    out_ += '\n';
    return {};
  }

  std::string take() { return std::move(out_); }

 private:
  // Begins behind the indentation of its first line, and ends without a line break.
  Result<void> collection(SopsKind kind, const std::vector<SopsItem>& items, std::size_t indent,
                          Leading leading) {
    Remarks remarks;
    bool is_first = true;
    for (const SopsItem& item : items) {
      if (is_comment(item)) {
        if (!is_first || leading == Leading::written || item.node.is_inline) {
          remarks.add(item.node);
        }
        continue;
      }
      if (kind == SopsKind::list && !is_leaf(item.node)) {
        for (const std::string_view text : leading_comments(item.node.items)) {
          remarks.above.push_back(text);
        }
      }
      if (!is_first) start_line(indent);
      is_first = false;
      for (const std::string_view text : remarks.above) {
        comment(text);
        start_line(indent);
      }
      TRY(kind == SopsKind::list ? list_item(item, indent, remarks)
                                 : member(item, indent, remarks));
      remarks = {};
    }
    for (const auto& texts : {remarks.above, remarks.behind}) {
      for (const std::string_view text : texts) {
        start_line(indent);
        comment(text);
      }
    }
    return {};
  }

  Result<void> member(const SopsItem& item, std::size_t indent, const Remarks& remarks) {
    const std::size_t inner = inner_indent(indent);
    TRY(write_key(item.key));
    if (is_leaf(item.node)) {
      out_ += ' ';
      return leaf(item.node, inner, item.key, remarks);
    }
    start_line(inner);
    return collection(item.node.kind, item.node.items, inner, Leading::written);
  }

  Result<void> list_item(const SopsItem& item, std::size_t indent, const Remarks& remarks) {
    out_ += "- ";
    if (is_leaf(item.node)) return leaf(item.node, indent + dash, "an item", remarks);
    return collection(item.node.kind, item.node.items, indent + dash, Leading::above_dash);
  }

  Result<void> write_key(std::string_view key) {
    if (!is_simple_key(key) || !is_utf8(key)) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: a key has more than 128 letters or one line", name_));
    }
    const ScalarForm form = printed_form(key, wanted_form(key), ScalarPlace::block_key);
    out_ += yaml_scalar_text(key, form, 0, step);
    out_ += ':';
    return {};
  }

  Result<void> leaf(const SopsNode& node, std::size_t indent, std::string_view what,
                    const Remarks& remarks) {
    const std::size_t begin = out_.size();
    TRY(leaf_text(node, indent, what));
    std::string comments;
    for (const std::string_view text : remarks.behind) {
      comments.append(comments.empty() ? " #" : "\n#").append(text);
    }
    // Behind the first line of a block scalar, and at the end of any other.
    out_.insert(std::min(out_.find('\n', begin), out_.size()), comments);
    return {};
  }

  Result<void> leaf_text(const SopsNode& node, std::size_t indent, std::string_view what) {
    if (node.kind != SopsKind::scalar) {
      out_ += node.kind == SopsKind::list ? "[]" : "{}";
      return {};
    }
    const Value& value = node.value;
    if (value.is_null()) {
      out_ += "null";
    } else if (const bool* boolean = value.as_bool()) {
      out_ += *boolean ? "true" : "false";
    } else if (is_real(value)) {
      out_ += go_general_float(go_float(value.scalar_text()).value_or(0));
    } else if (!value.is_string() || value.spelling().writing != Writing::as_json) {
      out_ += value.scalar_text();  // an integer or a time
    } else {
      return text(value.scalar_text(), indent, what);
    }
    return {};
  }

  Result<void> text(std::string_view text, std::size_t indent, std::string_view what) {
    if (!is_utf8(text)) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: {} is decrypted to bytes that are no UTF-8 text", name_,
                              plain_line(what)));
    }
    if (text == "<<") {
      out_ += "!!merge <<";
      return {};
    }
    const ScalarForm form = printed_form(text, wanted_form(text), ScalarPlace::block);
    out_ += yaml_scalar_text(text, form, indent, step);
    return {};
  }

  void comment(std::string_view text) { out_.append("#").append(text); }

  void start_line(std::size_t indent) {
    out_ += '\n';
    out_.append(indent, ' ');
  }

  std::string_view name_;
  std::string out_;
};

}  // namespace

Result<std::string> write_sops_yaml(const std::vector<SopsBranch>& branches,
                                    std::string_view name) {
  SopsYamlWriter writer(name);
  for (const SopsBranch& branch : branches) TRY(writer.document(branch));
  return writer.take();
}

}  // namespace primocane
