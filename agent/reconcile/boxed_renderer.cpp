// SPDX-License-Identifier: Apache-2.0
#include "reconcile/renderer.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace primocane {

namespace {

Error describe_end(const ChildExit& exit, const std::string& error_output) {
  return describe_box_end("the renderer", exit, error_output,
                          "the repository may exceed the limits of render.*");
}

// Takes the child's output piece by piece; an error ends the reading.
using Taker = std::function<Result<void>(std::string_view)>;

Task<Result<void>> talk(ChildProcess& child, std::string request, ByteCount output_max,
                        Taker take) {
  request += '\n';
  const Result<void> asked = co_await child.write(std::move(request));
  // Also when not all was written: a child that waits for the rest ends by it.
  child.close_input();
  CO_CHECK(asked);
  std::uint64_t received = 0;
  for (;;) {
    CO_TRY(const std::string piece, co_await child.read());
    if (piece.empty()) co_return Result<void>();
    received += piece.size();
    if (received > output_max.count()) {
      co_return fail(ErrorKind::invalid,
                     fmt::format("the rendering is larger than {} (render.outputSize)",
                                 to_string(output_max)));
    }
    CO_CHECK(take(piece));
  }
}

}  // namespace

Task<Result<std::vector<DesiredObject>>> BoxedRenderer::render(RenderRequest request,
                                                               std::string root) {
  RenderAnswerReader answer(request.objects_max);
  CO_TRY(const std::unique_ptr<ChildProcess> child,
         children_.start_boxed({.work = BoxedWork::render,
                                .root = std::move(root),
                                .root_is_writable = false,
                                .limits = limits_}));
  Taker take = [&answer](std::string_view piece) { return answer.add(piece); };
  Result<void> talked =
      co_await talk(*child, write_render_request(request), limits_.output, std::move(take));
  // A child that was killed cannot finish its answer; how it ended says more than what is missing.
  if (!talked && talked.error().kind == ErrorKind::invalid) {
    co_return std::unexpected(std::move(talked).error());
  }
  const ChildExit exit = co_await child->wait();
  if (!exit.is_success()) co_return std::unexpected(describe_end(exit, child->error_output()));
  CO_CHECK(talked);
  co_return answer.finish();
}

Task<Result<std::string>> BoxedRenderer::render_text(RenderRequest request, std::string root) {
  request.output = RenderOutput::resources;
  std::string text;
  CO_TRY(const std::unique_ptr<ChildProcess> child,
         children_.start_boxed({.work = BoxedWork::render,
                                .root = std::move(root),
                                .root_is_writable = false,
                                .limits = limits_}));
  Taker take = [&text](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  };
  Result<void> talked =
      co_await talk(*child, write_render_request(request), limits_.output, std::move(take));
  const ChildExit exit = co_await child->wait();
  if (exit.code == 1 && exit.signal == 0) {
    co_return fail(ErrorKind::invalid, child->error_output());
  }
  if (!exit.is_success()) co_return std::unexpected(describe_end(exit, child->error_output()));
  CO_CHECK(talked);
  co_return text;
}

}  // namespace primocane
