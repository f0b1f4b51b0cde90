// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_json.hpp"

#include "document/json.hpp"

#include <cstddef>
#include <utility>

namespace primocane {

namespace {

class SopsJsonWriter {
 public:
  void write(const Value& value) {
    if (const Object* members = value.as_object()) {
      begin('{');
      bool is_first = true;
      for (const auto& [key, member] : *members) {
        start_item(std::exchange(is_first, false));
        out_ += write_go_json(key, JsonLayout::compact);
        out_ += ": ";
        write(member);
      }
      end('}', members->empty());
    } else if (const Array* items = value.as_array()) {
      begin('[');
      bool is_first = true;
      for (const Value& item : *items) {
        start_item(std::exchange(is_first, false));
        write(item);
      }
      end(']', items->empty());
    } else {
      out_ += write_go_json(value, JsonLayout::compact);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void begin(char bracket) {
    out_ += bracket;
    ++depth_;
  }

  void start_item(bool is_first) {
    if (!is_first) out_ += ',';
    start_line();
  }

  void end(char bracket, bool is_empty) {
    --depth_;
    if (!is_empty) start_line();
    out_ += bracket;
  }

  void start_line() {
    out_ += '\n';
    out_.append(depth_, '\t');
  }

  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

Result<std::string> write_sops_json(SopsBranch branch, std::string_view name) {
  SopsNode root(SopsKind::mapping, Object());
  root.items = std::move(branch);
  const Result<Value> value = value_of_sops(std::move(root));
  if (!value) return std::unexpected(with_context(name, value.error()));
  SopsJsonWriter writer;
  writer.write(*value);
  return writer.take() + '\n';
}

}  // namespace primocane
