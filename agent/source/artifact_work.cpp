// SPDX-License-Identifier: Apache-2.0
#include "source/artifact_work.hpp"

#include "base/child_process.hpp"
#include "base/os_error.hpp"
#include "base/read_to_end.hpp"
#include "base/take_until.hpp"
#include "document/json.hpp"
#include "document/value.hpp"
#include "source/chart_entries.hpp"
#include "source/json_fields.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace primocane {

namespace {

constexpr ByteCount artifact_input_max{chart_texts_max.count() + 64UL * 1024};

Value artifact_request(const UnpackLayer& request) {
  return Object{{"work", "unpack"},
                {"refuseSymlinks", request.symlinks == LayerSymlinks::refuse},
                {"fileMax", to_value(request.limits.file_max.count())},
                {"unpackedMax", to_value(request.limits.unpacked_max.count())}};
}

Value artifact_request(const ReadChartEntries& request) {
  return Object{
      {"work", "chart"}, {"chart", request.chart}, {"json", request.form == ChartIndexForm::json}};
}

Result<ArtifactRequest> read_unpack(const Value& line) {
  UnpackLayer request;
  const bool refuses = TRY(bool_at(line, "refuseSymlinks"));
  request.symlinks = refuses ? LayerSymlinks::refuse : LayerSymlinks::ignore;
  request.limits.file_max = ByteCount(TRY(number_at(line, "fileMax")));
  request.limits.unpacked_max = ByteCount(TRY(number_at(line, "unpackedMax")));
  return request;
}

Result<void> print_piece(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::unexpected(os_error("the pipe of the answer", errno));
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

// A pipe takes large pieces as quickly as small ones, and a bundle comes in small ones.
class Printer {
 public:
  Result<void> add(std::string_view piece) {
    constexpr std::size_t gathered_max = 64UL * 1024;
    if (gathered_.size() + piece.size() > gathered_max) TRY(flush());
    if (piece.size() > gathered_max) return print_piece(piece);
    gathered_ += piece;
    return {};
  }
  Result<void> flush() {
    TRY(print_piece(gathered_));
    gathered_.clear();
    return {};
  }

 private:
  std::string gathered_;
};

Result<std::size_t> read_layer(std::span<char> to) {
  while (true) {
    const ssize_t count = ::read(first_boxed_file, to.data(), to.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error("the stored layer", errno));
    return static_cast<std::size_t>(count);
  }
}

Result<void> do_work(const UnpackLayer& request, std::string_view /*rest*/) {
  Printer printer;
  const BundleSink sink = [&printer](std::string_view piece) { return printer.add(piece); };
  TRY(unpack_layer(read_layer, request.symlinks, request.limits, sink));
  return printer.flush();
}

Result<void> do_work(const ReadChartEntries& request, std::string_view rest) {
  const auto entries = TRY(read_chart_entries(request.form, request.chart, rest));
  return print_piece(write_chart_entries(entries));
}

Result<void> do_what_is_asked() {
  const std::string input = TRY(read_to_end(STDIN_FILENO, "the request", artifact_input_max));
  std::string_view rest = input;
  const ArtifactRequest request = TRY(read_artifact_request(take_until(rest, '\n')));
  if (const auto* unpack = std::get_if<UnpackLayer>(&request)) return do_work(*unpack, rest);
  return do_work(std::get<ReadChartEntries>(request), rest);
}

}  // namespace

std::string write_artifact_request(const ArtifactRequest& request) {
  return write_json(std::visit([](const auto& one) { return artifact_request(one); }, request));
}

Result<ArtifactRequest> read_artifact_request(std::string_view line) {
  const Value value = TRY(read_json(line, "request"));
  if (value.text_at("work") == "unpack") return read_unpack(value);
  if (value.text_at("work") != "chart") return odd_field("work");
  const bool is_json = TRY(bool_at(value, "json"));
  return ReadChartEntries{.form = is_json ? ChartIndexForm::json : ChartIndexForm::yaml,
                          .chart = std::string(value.text_at("chart"))};
}

int run_artifact_work() {
  // A file over the box's limit shall be an error that can be told, not a signal.
  std::signal(SIGXFSZ, SIG_IGN);
  const Result<void> done = do_what_is_asked();
  if (done) return EXIT_SUCCESS;
  std::fprintf(stderr, "%s", done.error().message.c_str());
  return done.error().kind == ErrorKind::invalid ? exit_wrong_artifact : EXIT_FAILURE;
}

}  // namespace primocane
