// SPDX-License-Identifier: Apache-2.0
// The scan of an index in JSON: by brackets and strings. What is kept is read as JSON afterwards;
// the rest need not be good JSON.
#include "source/chart_index_scan.hpp"

#include <algorithm>
#include <cstddef>

namespace primocane {

namespace {

constexpr std::size_t json_depth_max = 100;
constexpr std::size_t index_key_max = 512;
constexpr std::size_t charts_depth = 2;  // in which charts are keys; the index itself is 1

class JsonIndexScan final : public ChartIndexScan {
 public:
  explicit JsonIndexScan(KeptCharts& kept) : kept_(kept) {}

  Result<void> add(std::string_view piece) override {
    // What belongs to a chart is kept in runs, because most of a string is plain.
    std::size_t kept_from = 0;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const bool was_keeping = kept_.is_keeping();
      if (is_in_string_) {
        take_string_byte(piece[i]);
        continue;
      }
      if (was_keeping && ends_chart(piece[i])) {
        TRY(kept_.keep(piece.substr(kept_from, i - kept_from)));
        kept_.end();
      }
      TRY(take_byte(piece[i]));
      if (!was_keeping && kept_.is_keeping()) kept_from = i + 1;
    }
    if (kept_.is_keeping()) return kept_.keep(piece.substr(kept_from));
    return {};
  }

  Result<void> finish() override {
    if (!has_ended_) return fail(ErrorKind::invalid, "is cut: its JSON does not end");
    if (!has_version_) return no_chart_index();
    return {};
  }

 private:
  [[nodiscard]] bool ends_chart(char byte) const {
    return depth_ == charts_depth && (byte == ',' || byte == '}');
  }

  void take_string_byte(char byte) {
    if (is_escaped_) {
      is_escaped_ = false;
    } else if (byte == '\\') {
      is_escaped_ = true;
    } else if (byte == '"') {
      is_in_string_ = false;
      return;
    }
    // A name with an escape in it is that of no chart that is asked for.
    if (is_key_ && key_.size() < index_key_max) key_ += byte;
  }

  Result<void> take_byte(char byte) {
    switch (byte) {
      case '"':
        if (has_ended_) return wrong();
        is_in_string_ = true;
        if (is_key_) key_.clear();
        return {};
      case '{':
      case '[':
        return open(byte);
      case '}':
      case ']':
        return close();
      case ':':
        return take_colon();
      case ',':
        is_key_ = depth_ == 1 || (depth_ == charts_depth && is_in_entries_);
        return {};
      default:
        return {};
    }
  }

  Result<void> open(char bracket) {
    if (has_ended_ || ++depth_ > json_depth_max) return wrong();
    if (depth_ == charts_depth && key_ == "entries") {
      if (bracket != '{' || is_key_) return wrong();
      is_in_entries_ = true;
    }
    is_key_ = depth_ == 1 || (depth_ == charts_depth && is_in_entries_);
    return {};
  }

  Result<void> close() {
    if (depth_ == 0) return wrong();
    if (depth_ == charts_depth) is_in_entries_ = false;
    --depth_;
    is_key_ = false;
    has_ended_ = depth_ == 0;
    return {};
  }

  Result<void> take_colon() {
    if (!is_key_) return {};
    is_key_ = false;
    if (depth_ == 1 && key_ == "apiVersion") has_version_ = true;
    if (depth_ == 1 && key_ == "entries") {
      if (has_entries_) return wrong();
      has_entries_ = true;
    }
    if (depth_ == charts_depth) return kept_.begin(key_);
    return {};
  }

  static std::unexpected<Error> wrong() {
    return fail(ErrorKind::invalid, "is no index of a Helm repository: its JSON is odd");
  }

  KeptCharts& kept_;
  std::size_t depth_ = 0;
  std::string key_;  // the last one of an index or of its entries
  bool is_in_string_ = false;
  bool is_escaped_ = false;
  bool is_key_ = false;  // the next string, or the one that is read, is a key
  bool is_in_entries_ = false;
  bool has_entries_ = false;
  bool has_version_ = false;
  bool has_ended_ = false;
};

}  // namespace

std::unique_ptr<ChartIndexScan> scan_json_index(KeptCharts& kept) {
  return std::make_unique<JsonIndexScan>(kept);
}

}  // namespace primocane
