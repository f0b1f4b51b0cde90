// SPDX-License-Identifier: Apache-2.0
#include "cli/status_snapshot.hpp"

#include "document/json.hpp"

#include <utility>

namespace primocane {

Result<void> StatusSnapshot::update(const Status& status) {
  Status news = status;
  news.last_pass_at.reset();
  news.source_seen_at.reset();
  if (written_ == news) return {};
  TRY(write_(write_json_pretty(write_status(status))));
  written_ = std::move(news);
  return {};
}

}  // namespace primocane
