// SPDX-License-Identifier: Apache-2.0
#include "report/drift_log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t drift_records_max = 500;
constexpr std::size_t drift_text_max = std::size_t{192} * 1024;

std::size_t text_of(const DriftRecord& record) {
  return record.event.size() + record.object.size() + record.kustomization.size() +
         record.reason.size() + record.manager.size() + record.fields.size();
}

}  // namespace

void DriftLog::note(const Event& event, WallTime now) {
  if (!is_drift(event.kind)) return;
  records_.push_back(drift_record_of(event, now));
  text_ += text_of(records_.back());
  while (records_.size() > drift_records_max || text_ > drift_text_max) drop_oldest();
}

void DriftLog::drop_oldest() {
  text_ -= text_of(records_.front());
  records_.pop_front();
  has_dropped_ = true;
  if (!records_.empty()) from_ = records_.front().time;
}

DriftLog::Excerpt DriftLog::since(std::optional<WallTime> since) const {
  Excerpt excerpt{.records = {}, .from = from_, .is_cut = since ? *since < from_ : has_dropped_};
  std::ranges::copy_if(
      records_, std::back_inserter(excerpt.records),
      [&since](const DriftRecord& record) { return !since || record.time >= *since; });
  return excerpt;
}

std::vector<DriftRecord> DriftLog::about(std::string_view object) const {
  std::vector<DriftRecord> found;
  std::ranges::copy_if(records_, std::back_inserter(found),
                       [object](const DriftRecord& record) { return record.object == object; });
  return found;
}

DriftSink::DriftSink(DriftLog& log, const Clock& clock, std::unique_ptr<EventSink> sink)
    : log_(log), clock_(clock), sink_(std::move(sink)) {}

void DriftSink::emit(const Event& event) {
  log_.note(event, clock_.wall_now());
  sink_->emit(event);
}

}  // namespace primocane
