// SPDX-License-Identifier: Apache-2.0
#include "source/fetch_request.hpp"

#include "source/pkt_line.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

constexpr std::string_view commits_only_filter = "filter tree:0\n";

// Our end of the history is declared shallow, so that the server does not take for granted that we
// have what lies before it.
std::string limits(const FetchRequest& request, const GitCapabilities& server) {
  std::string lines;
  if (server.has_shallow) {
    if (request.have) lines += pkt_line(fmt::format("shallow {}\n", request.have->str()));
    lines += pkt_line(fmt::format("deepen {}\n", request.depth));
  }
  if (request.content == FetchContent::commits_only) lines += pkt_line(commits_only_filter);
  return lines;
}

std::string haves(const FetchRequest& request, const GitCapabilities& server) {
  // Without "shallow" a "have" would claim its whole history.
  if (!request.have || !server.has_shallow) return {};
  return pkt_line(fmt::format("have {}\n", request.have->str()));
}

const CommitId& wanted(const FetchRequest& request) {
  return request.tag ? *request.tag : request.want;
}

std::string v2_message(const FetchRequest& request, const GitCapabilities& server) {
  std::string message = pkt_line("command=fetch\n");
  message += pkt_delimiter;
  message += pkt_line("no-progress\n");
  message += pkt_line("ofs-delta\n");
  message += limits(request, server);
  message += pkt_line(fmt::format("want {}\n", wanted(request).str()));
  message += haves(request, server);
  message += pkt_line("done\n");
  message += pkt_flush;
  return message;
}

std::string v0_message(const FetchRequest& request, const GitCapabilities& server) {
  std::string words = "side-band-64k ofs-delta no-progress";
  if (request.content == FetchContent::commits_only) words += " filter";
  std::string message = pkt_line(fmt::format("want {} {}\n", wanted(request).str(), words));
  message += limits(request, server);
  message += pkt_flush;
  message += haves(request, server);
  message += pkt_line("done\n");
  return message;
}

}  // namespace

Result<std::string> fetch_message(const FetchRequest& request, const GitCapabilities& server) {
  if (!server.has_side_band) {
    return fail(ErrorKind::invalid, "the Git server is too old: it lacks side-band-64k");
  }
  if (request.content == FetchContent::commits_only && !server.has_filter) {
    return fail(ErrorKind::invalid, "the Git server can't send commits alone: it lacks filter");
  }
  return server.dialect == GitDialect::v2 ? v2_message(request, server)
                                          : v0_message(request, server);
}

}  // namespace primocane
