// SPDX-License-Identifier: Apache-2.0
#include "support/git_fixture.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view environment =
    "GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C ";

std::string shell_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

// Runs a piece of shell; writes `input` to it or returns what it prints, as popen has one pipe.
std::string run(const std::string& command, const std::string_view* input) {
  std::FILE* pipe = ::popen((std::string(environment) + command).c_str(), input ? "w" : "r");
  if (pipe == nullptr) throw std::runtime_error("no shell for " + command);
  std::string output;
  if (input != nullptr) {
    std::fwrite(input->data(), 1, input->size(), pipe);
  } else {
    std::string piece(4096, '\0');
    while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), pipe)) {
      output.append(piece, 0, count);
    }
  }
  if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  return output;
}

std::string data_block(std::string_view bytes) {
  return fmt::format("data {}\n{}\n", bytes.size(), bytes);
}

std::string commit_header(const CommitOptions& options) {
  return fmt::format("commit refs/heads/{}\ncommitter Test <test@example.org> {} +0000\n{}",
                     options.branch, options.time, data_block(options.message));
}

}  // namespace

GitFixture::GitFixture(std::string path) : path_(std::move(path)) {
  run("git init --quiet --bare --initial-branch=main " + shell_quoted(path_), nullptr);
}

std::string GitFixture::git(const std::string& arguments) const {
  return run("git -C " + shell_quoted(path_) + " " + arguments, nullptr);
}

void GitFixture::fast_import(std::string_view stream) const {
  run("git -C " + shell_quoted(path_) + " fast-import --quiet --force --done >/dev/null", &stream);
}

std::optional<CommitId> GitFixture::tip(const std::string& branch) const {
  const std::string found =
      git("for-each-ref --format='%(objectname)' " + shell_quoted("refs/heads/" + branch));
  if (found.empty()) return std::nullopt;
  return CommitId::parse(found.substr(0, found.find('\n'))).value();
}

CommitId GitFixture::commit(const TreeContent& content, const CommitOptions& options) {
  std::vector<CommitId> parents;
  if (options.parents) {
    parents = *options.parents;
  } else if (const std::optional<CommitId> last = tip(options.branch)) {
    parents.push_back(*last);
  }
  std::string stream;
  if (parents.empty()) stream += fmt::format("reset refs/heads/{}\n", options.branch);
  stream += commit_header(options);
  for (std::size_t i = 0; i < parents.size(); ++i) {
    stream += fmt::format("{} {}\n", i == 0 ? "from" : "merge", parents[i].str());
  }
  stream += "deleteall\n";
  for (const auto& [path, text] : content.files) {
    stream += fmt::format("M 100644 inline {}\n{}", path, data_block(text));
  }
  for (const auto& [path, target] : content.links) {
    stream += fmt::format("M 120000 inline {}\n{}", path, data_block(target));
  }
  for (const auto& [path, id] : content.submodules) {
    stream += fmt::format("M 160000 {} {}\n", id, path);
  }
  fast_import(stream + "done\n");
  return tip(options.branch).value();
}

CommitId GitFixture::commit_many(std::uint64_t count, const std::string& branch) {
  CommitOptions options;
  options.branch = branch;
  std::string stream;
  const std::optional<CommitId> last = tip(branch);
  for (std::uint64_t i = 0; i < count; ++i) {
    options.time += 1;
    options.message = fmt::format("change {}", i);
    stream += commit_header(options);
    if (i == 0 && last) stream += fmt::format("from {}\n", last->str());
    stream +=
        fmt::format("M 100644 inline counter.yaml\n{}", data_block(fmt::format("at: {}\n", i)));
  }
  fast_import(stream + "done\n");
  return tip(branch).value();
}

void GitFixture::add_refs(std::uint64_t count, const CommitId& commit) {
  std::string stream;
  for (std::uint64_t i = 1; i <= count; ++i) {
    stream += fmt::format("reset refs/pull/{}/head\nfrom {}\n\n", i, commit.str());
  }
  fast_import(stream + "done\n");
  git("pack-refs --all");
}

}  // namespace primocane
