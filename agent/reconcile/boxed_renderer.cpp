// SPDX-License-Identifier: Apache-2.0
#include "base/unique_fd.hpp"
#include "reconcile/renderer.hpp"
#include "render/remote_base.hpp"
#include "render/render_work.hpp"
#include "source/bundle_files.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace primocane {

namespace {

Error describe_end(const ChildExit& exit, const std::string& error_output) {
  return describe_box_end("the renderer", exit, error_output,
                          "the repository may exceed the limits of render.*");
}

Task<Result<void>> talk(ChildProcess& child, std::string request, ByteCount output_max,
                        std::function<Result<void>(std::string_view)> take) {
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

bool needs_more(const ChildExit& exit) {
  return exit.signal == 0 && exit.code == exit_needs_remotes;
}

std::unexpected<Error> too_many_rounds() {
  return fail(ErrorKind::invalid,
              fmt::format("what lies elsewhere names more there, more than {} times",
                          BoxedRenderer::rounds_max));
}

}  // namespace

Task<Result<BoxedRenderer::End>> BoxedRenderer::run(RenderRequest request, std::string root,
                                                    const RemoteGifts* gifts, Taker take) {
  BoxedSpec spec{.work = BoxedWork::render,
                 .root = std::move(root),
                 .root_is_writable = false,
                 .limits = limits_,
                 .files = {}};
  UniqueFd bundle;
  if (request.source == RenderSource::bundle) {
    CO_TRY(bundle, open_bundle(spec.root));
    spec.root.erase(spec.root.rfind('/'));
    spec.files.push_back(bundle.get());
  }
  for (const UniqueFd& file : gifts->files) spec.files.push_back(file.get());
  request.remotes = gifts->remotes;
  CO_TRY(const std::unique_ptr<ChildProcess> child, children_.start_boxed(std::move(spec)));
  Result<void> talked =
      co_await talk(*child, write_render_request(request), limits_.output, std::move(take));
  // The child is not waited for when it says too much.
  if (!talked && talked.error().kind == ErrorKind::invalid) {
    co_return std::unexpected(std::move(talked).error());
  }
  const ChildExit exit = co_await child->wait();
  co_return End{.talked = std::move(talked), .exit = exit, .errors = child->error_output()};
}

Task<Result<void>> BoxedRenderer::provide(std::vector<RemoteNeed> needs, RemoteGifts* gifts) {
  if (needs.empty()) co_return fail(ErrorKind::invalid, "the renderer's answer is odd: no needs");
  if (remotes_ == nullptr) {
    co_return fail(ErrorKind::invalid,
                   fmt::format("{}: nothing is fetched from elsewhere here: there is no folder to "
                               "keep it in (HOME and XDG_CACHE_HOME are not set)",
                               shown_remote(needs.front().text)));
  }
  co_return co_await remotes_->provide(std::move(needs), gifts);
}

Task<Result<Rendering>> BoxedRenderer::render(RenderRequest request, std::string root) {
  RemoteGifts gifts{.revision = request.commit ? request.commit->str() : std::string()};
  for (int round = 0; round < rounds_max; ++round) {
    RenderAnswerReader answer(request.objects_max);
    Taker take = [&answer](std::string_view piece) { return answer.add(piece); };
    CO_TRY(const End end, co_await run(request, root, &gifts, std::move(take)));
    if (needs_more(end.exit)) {
      CO_CHECK(co_await provide(answer.take_needs(), &gifts));
      continue;
    }
    // A child that was killed cannot finish its answer; how it ended says more than what is
    // missing.
    if (!end.exit.is_success()) co_return std::unexpected(describe_end(end.exit, end.errors));
    CO_CHECK(end.talked);
    auto objects = answer.finish();
    if (objects && remotes_ != nullptr) remotes_->keep(gifts);
    co_return objects;
  }
  co_return too_many_rounds();
}

Task<Result<std::string>> BoxedRenderer::render_text(RenderRequest request, std::string root) {
  request.output = RenderOutput::resources;
  RemoteGifts gifts{.revision = request.commit ? request.commit->str() : std::string()};
  for (int round = 0; round < rounds_max; ++round) {
    std::string text;
    Taker take = [&text](std::string_view piece) -> Result<void> {
      text += piece;
      return {};
    };
    CO_TRY(const End end, co_await run(request, root, &gifts, std::move(take)));
    if (needs_more(end.exit)) {
      CO_TRY(std::vector<RemoteNeed> needs, read_remote_needs(text));
      Result<void> provided = co_await provide(std::move(needs), &gifts);
      if (provided) continue;
      // `denied` is for bases outside of the root.
      co_return fail(ErrorKind::unavailable, std::move(provided).error().message);
    }
    if (end.exit.code == 1 && end.exit.signal == 0) {
      co_return fail(ErrorKind::invalid, end.errors);
    }
    if (end.exit.code == exit_leaves_tree && end.exit.signal == 0) {
      co_return fail(ErrorKind::denied, end.errors);
    }
    if (!end.exit.is_success()) co_return std::unexpected(describe_end(end.exit, end.errors));
    CO_CHECK(end.talked);
    if (remotes_ != nullptr) remotes_->keep(gifts);
    co_return text;
  }
  co_return too_many_rounds();
}

}  // namespace primocane
