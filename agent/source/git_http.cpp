// SPDX-License-Identifier: Apache-2.0
#include "source/git_http.hpp"

#include "source/http_status.hpp"
#include "source/pkt_line.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr int redirects_max = 5;
constexpr std::size_t compress_from = 1024;  // as git does
constexpr std::string_view greeting_path = "/info/refs?service=git-upload-pack";
constexpr std::string_view message_path = "/git-upload-pack";

bool is_redirect(int status) { return status >= 300 && status < 400 && status != 304; }

}  // namespace

/// One exchange: the client pushes, the reader pulls, and a gate between them holds the server back
/// while more than a few pieces wait. What happens inside the client's callbacks is told to the
/// reader in the next turn of the loop, because the reader may end the exchange.
class GitHttp::Stream final : public GitStream {
 public:
  explicit Stream(GitHttp* transport) : transport_(*transport) {}

  void start(HttpRequest request) {
    BodySink sink = [this](std::string_view piece) -> Result<void> {
      pieces_ += piece;
      was_answered_ = true;
      if (pieces_.size() >= pieces_max) gate_.close();
      wake_reader();
      return {};
    };
    transfer_ = Job::start<Result<HttpResponse>>(
        transport_.client_->send(std::move(request), std::move(sink), &gate_),
        [this](Result<HttpResponse> response) {
          response_ = std::move(response);
          wake_reader();
        });
  }

  /// Waits for the first piece or the end.
  Task<void> wait() {
    while (pieces_.empty() && !response_) {
      Completion<bool> woken;
      reader_ = &woken;
      co_await woken;
    }
  }

  Task<Result<std::string>> read() override {
    co_await wait();
    if (!pieces_.empty()) {
      std::string pieces = std::exchange(pieces_, {});
      if (!response_) gate_.open();
      co_return pieces;
    }
    if (!*response_) co_return std::unexpected(response_->error());
    was_answered_ = true;
    const HttpResponse& response = **response_;
    transport_.bytes_on_wire_ +=
        std::exchange(bytes_counted_, true) ? 0 : response.bytes_received + response.bytes_sent;
    if (const std::optional<Error> error =
            git_http_error(response, transport_.settings_.credential_names)) {
      // It may have moved on, or back.
      transport_.url_ = transport_.configured_url_;
      co_return std::unexpected(*error);
    }
    co_return std::string();
  }

  bool was_answered() const override { return was_answered_; }

  /// Where the server sent us instead of answering, if it did.
  [[nodiscard]] std::optional<std::string> redirect() const {
    if (!response_ || !*response_ || !is_redirect((*response_)->status)) return std::nullopt;
    return (*response_)->redirect_url;
  }

 private:
  static constexpr std::size_t pieces_max = 256UL * 1024;

  void wake_reader() {
    if (reader_ == nullptr) return;
    transport_.loop_.post([this, alive = std::weak_ptr<bool>(alive_)] {
      if (alive.expired() || reader_ == nullptr) return;
      std::exchange(reader_, nullptr)->complete(true);
    });
  }

  GitHttp& transport_;
  BodyGate gate_;
  std::string pieces_;
  std::optional<Result<HttpResponse>> response_;
  bool was_answered_ = false;
  bool bytes_counted_ = false;
  Completion<bool>* reader_ = nullptr;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Job transfer_;  // last, so that it ends before what it uses
};

GitHttp::GitHttp(EventLoop& loop, GitUrl url, GitSettings settings, FindGitAccess find_access)
    : loop_(loop),
      configured_url_(std::move(url)),
      url_(configured_url_),
      settings_(std::move(settings)),
      find_access_(std::move(find_access)) {}

GitHttp::~GitHttp() = default;

Task<Result<std::unique_ptr<GitStream>>> GitHttp::greet() {
  for (int redirects = 0; redirects <= redirects_max; ++redirects) {
    CO_TRY(HttpRequest greeting, request());
    greeting.url = url_.str() + std::string(greeting_path);
    auto stream = std::make_unique<Stream>(this);
    stream->start(std::move(greeting));
    co_await stream->wait();
    const std::optional<std::string> target = stream->redirect();
    if (!target) {
      std::unique_ptr<GitStream> answered = std::move(stream);
      co_return answered;
    }
    CO_TRY(url_, followed_redirect(url_, *target, greeting_path));
  }
  co_return fail(ErrorKind::denied,
                 fmt::format("{} redirects more than {} times", url_.str(), redirects_max));
}

Task<Result<std::unique_ptr<GitStream>>> GitHttp::ask(std::string message) {
  CO_TRY(HttpRequest post, request());
  post.method = "POST";
  post.url = url_.str() + std::string(message_path);
  post.headers.emplace_back("Content-Type: application/x-git-upload-pack-request");
  post.headers.emplace_back("Accept: application/x-git-upload-pack-result");
  post.compress_body = message.size() > compress_from;
  post.body = std::move(message);
  auto stream = std::make_unique<Stream>(this);
  stream->start(std::move(post));
  std::unique_ptr<GitStream> answer = std::move(stream);
  co_return answer;
}

Task<void> GitHttp::leave() { co_return; }

Result<HttpRequest> GitHttp::request() {
  GitAccess access = TRY(find_access_());
  renew_client(std::move(access.tls));
  HttpRequest request;
  request.headers = {"Git-Protocol: version=2", "User-Agent: git/2.0 (primocane)"};
  request.bearer_token = std::move(access.bearer_token);
  request.username = std::move(access.username);
  request.password = std::move(access.password);
  request.proxy = std::move(access.proxy);
  request.connect_timeout = settings_.connect_timeout;
  request.timeout = settings_.fetch_timeout;
  request.stall_timeout = settings_.stall_timeout;
  // The framing of the bands adds less than a thousandth.
  constexpr std::uint64_t refs_allowance = 256ULL * 1024 * 1024;
  const std::uint64_t pack_max = settings_.pack_max.count();
  request.response_max = ByteCount(pack_max + pack_max / 1000 + refs_allowance);
  return request;
}

void GitHttp::renew_client(TlsSettings tls) {
  if (client_ && tls == tls_) return;
  tls_ = tls;
  client_ = std::make_unique<HttpClient>(loop_, std::move(tls), HttpVersion::http1);
}

}  // namespace primocane
