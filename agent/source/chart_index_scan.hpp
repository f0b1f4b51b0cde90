// SPDX-License-Identifier: Apache-2.0
// How ChartIndexFilter goes through an index: one scan for YAML, one for JSON.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

enum class ChartIndexForm : std::uint8_t { yaml, json };

/// For each chart the value of its key in the index, as it is written there. In YAML it begins with
/// what stands behind the key's colon.
using ChartTexts = std::map<std::string, std::string>;

/// Of all texts together.
inline constexpr ByteCount chart_texts_max{16UL * 1024 * 1024};

/// What a scan keeps.
class KeptCharts {
 public:
  explicit KeptCharts(std::vector<std::string> wanted) : wanted_(std::move(wanted)) {}

  /// What follows is about `chart`. `invalid` if it had its turn.
  [[nodiscard]] Result<void> begin(const std::string& chart);
  void end() { current_ = nullptr; }
  [[nodiscard]] bool is_keeping() const { return current_ != nullptr; }
  /// Does nothing for a chart that is not wanted. `invalid` when it gets too much.
  [[nodiscard]] Result<void> keep(std::string_view text);
  [[nodiscard]] ChartTexts take() { return std::move(texts_); }

 private:
  std::vector<std::string> wanted_;
  ChartTexts texts_;
  std::string* current_ = nullptr;
  std::size_t size_ = 0;
};

/// Goes through one index.
class ChartIndexScan {
 public:
  virtual ~ChartIndexScan() = default;

  [[nodiscard]] virtual Result<void> add(std::string_view piece) = 0;
  [[nodiscard]] virtual Result<void> finish() = 0;
};

/// `kept` is borrowed and outlives the scan.
[[nodiscard]] std::unique_ptr<ChartIndexScan> scan_yaml_index(KeptCharts& kept);
[[nodiscard]] std::unique_ptr<ChartIndexScan> scan_json_index(KeptCharts& kept);

/// The error of what has no apiVersion, which every index has (Helm's ErrNoAPIVersion).
[[nodiscard]] std::unexpected<Error> no_chart_index();

}  // namespace primocane
