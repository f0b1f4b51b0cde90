// SPDX-License-Identifier: Apache-2.0
#include "render/render_work.hpp"

#include "base/child_process.hpp"
#include "base/wipe.hpp"
#include "document/key_order.hpp"
#include "document/yaml_writer.hpp"
#include "render/given_remotes.hpp"
#include "render/kustomize.hpp"
#include "render/remote_exchange.hpp"
#include "render/remote_trees.hpp"
#include "render/render_desired.hpp"
#include "render/render_request.hpp"
#include "render/request_shape.hpp"
#include "source/bundle_tree.hpp"
#include "source/commit_tree.hpp"
#include "source/folder_tree.hpp"
#include "source/linked_tree.hpp"
#include "source/source_tree.hpp"
#include "source/tree_shape.hpp"

#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// The box's root is what is to be read. Not "/": with Landlock alone that is still the real one.
constexpr const char* box_root = ".";
// Of RenderOutput::resources: what is wrong stands on standard error.
constexpr int failed = 1;

Result<std::unique_ptr<StoredTree>> open_stored(const RenderRequest& request) {
  switch (request.source) {
    case RenderSource::commit:
      return open_stored_commit(box_root, *request.commit);
    case RenderSource::folder:
      return open_stored_folder(box_root);
    case RenderSource::bundle:
      // A damaged one fails this rendering; the source fetches it anew.
      return open_stored_bundle(UniqueFd(first_boxed_file), [] {});
  }
  return fail(ErrorKind::invalid, "no such source");
}

Result<std::unique_ptr<SourceTree>> open_tree(const RenderRequest& request) {
  std::optional<TreeShape> shape = request.shape;
  // A bundle is opened once: its descriptor goes with it.
  if (request.source != RenderSource::bundle) {
    shape = request_shape(*follow_links(TRY(open_stored(request))), request);
  }
  std::unique_ptr<StoredTree> stored = TRY(open_stored(request));
  if (shape) stored = TRY(shape_tree(std::move(stored), *shape));
  return follow_links(std::move(stored));
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

Result<std::uint64_t> print_desired(const RenderRequest& request, RemoteTrees& remotes) {
  const std::unique_ptr<SourceTree> tree = TRY(open_tree(request));
  return render_desired(*tree, remotes, request,
                        [](const RenderedObject& object) { print(write_render_object(object)); });
}

Result<void> print_resources(const RenderRequest& request, RemoteTrees& remotes) {
  const std::unique_ptr<SourceTree> tree = TRY(open_tree(request));
  std::vector<Draft> drafts = TRY(build_request(*tree, remotes, request));
  bool is_first = true;
  for (Draft& draft : drafts) {
    if (!std::exchange(is_first, false)) print("---\n");
    print(write_yaml(in_printed_order(std::move(draft.object))));
  }
  return {};
}

// What lies outside of a repository is wrong in it.
Error as_invalid(Error error) {
  if (error.kind == ErrorKind::denied) error.kind = ErrorKind::invalid;
  return error;
}

int say_needs(const GivenRemotes& remotes) {
  print(write_remote_needs(remotes.needs()));
  return exit_needs_remotes;
}

int answer(const RenderRequest& request) {
  const int first_remote = first_boxed_file + (request.source == RenderSource::bundle ? 1 : 0);
  GivenRemotes remotes(request.remotes, first_remote, request.limits.bytes);
  switch (request.output) {
    case RenderOutput::desired: {
      const Result<std::uint64_t> count = print_desired(request, remotes);
      if (!remotes.is_complete()) return say_needs(remotes);
      print(count ? write_render_end(*count) : write_render_error(as_invalid(count.error())));
      return 0;
    }
    case RenderOutput::resources: {
      const Result<void> printed = print_resources(request, remotes);
      if (!remotes.is_complete()) return say_needs(remotes);
      if (printed) return 0;
      std::fprintf(stderr, "%s\n", printed.error().message.c_str());
      return printed.error().kind == ErrorKind::denied ? exit_leaves_tree : failed;
    }
  }
  return failed;
}

}  // namespace

int run_render_work() {
  std::string line;
  std::getline(std::cin, line);
  const Result<RenderRequest> request = read_render_request(line);
  wipe(line);
  if (!request) {
    std::fprintf(stderr, "%s\n", request.error().message.c_str());
    return failed;
  }
  const int code = answer(*request);
  return std::fflush(stdout) == 0 ? code : failed;
}

}  // namespace primocane
