// SPDX-License-Identifier: Apache-2.0
// The conversation of `primocane init`, with a person and a world that are written down.
#include "cli/init_conversation.hpp"

#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace primocane {

namespace {

const std::string https = "https://git.example.org/home.git";
// github.com's, as published.
const std::string host_key =
    "h ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n";

// Types `lines` one after the other, then leaves.
class Person final : public InitTerminal {
 public:
  explicit Person(std::deque<std::string> lines) : lines_(std::move(lines)) {}

  Result<std::string> ask(const InitQuestion& question) override {
    asked.push_back(question);
    if (lines_.empty()) return fail(ErrorKind::cancelled, "left");
    std::string line = lines_.front();
    lines_.pop_front();
    return line + "\n";
  }
  void tell(std::string_view text) override { told += std::string(text) + "\n"; }

  [[nodiscard]] bool has_said_all() const { return lines_.empty(); }
  [[nodiscard]] bool was_told(std::string_view text) const {
    return told.find(text) != std::string::npos;
  }

  std::vector<InitQuestion> asked;
  std::string told;

 private:
  std::deque<std::string> lines_;
};

// A world with one repository; `wants` says who may see it.
class World final : public InitChecks {
 public:
  Result<std::string> server(const InitDraft& draft) override {
    ++servers_asked;
    const GitSettings& git = draft.file.config.git;
    if (is_down) return fail(ErrorKind::unavailable, "connection refused");
    if (git.url != url) return fail(ErrorKind::unavailable, "no such host");
    for (const SecretFile& secret : draft.secrets) {
      if (secret.content == wanted_secret + "\n") return "it shows the repository";
    }
    if (git.authentication.ssh_key == wanted_key) return "it shows the repository";
    return fail(ErrorKind::denied, "it does not accept our credentials");
  }
  Result<std::string> branch(const InitDraft& draft) override {
    if (draft.file.config.git.branch == "main") return "it is there";
    return fail(ErrorKind::invalid, "there is no such branch");
  }
  Result<std::string> folder(const InitDraft& draft) override {
    age_key_file_of_folder = draft.file.config.age_key_file;
    if (draft.file.config.path.str() == "clusters/home") return "it renders";
    return fail(ErrorKind::invalid, "there is no such folder");
  }
  Result<std::string> file(InitTopic /*topic*/, const std::string& path) override {
    if (path != "/missing") return "";
    return fail(ErrorKind::unavailable, path + ": no such file");
  }
  Result<std::string> host_keys(const GitUrl& /*url*/) override { return host_key; }

  std::string url = https;
  std::string wanted_secret;
  std::string wanted_key;  // "" as of whoever has none
  bool is_down = false;
  int servers_asked = 0;
  std::string age_key_file_of_folder;  // "" until the folder is rendered
};

Result<InitDraft> run(Person& person, World& world, InitSetup setup = {}) {
  setup.credentials_folder = "/c";
  return converse(std::move(setup), person, world);
}

}  // namespace

TEST_CASE("a public repository takes six answers, most of them an empty line") {
  World world;
  Person person({https, "", "", "", "clusters/home", ""});
  const Result<InitDraft> draft = run(person, world);
  REQUIRE(draft);
  CHECK(person.has_said_all());
  CHECK(draft->file.config.git.url == https);
  CHECK(draft->file.config.path.str() == "clusters/home");
  CHECK(draft->file.config.kubeconfig == "/etc/rancher/k3s/k3s.yaml");
  CHECK(draft->secrets.empty());
  CHECK(world.servers_asked == 1);
}

TEST_CASE("a server that wants credentials makes a password the proposal") {
  World world;
  world.wanted_key = "nobody has it";
  world.wanted_secret = "hush";
  Person person({https, "", "", "alice", "", "hush", "", "clusters/home", ""});
  const Result<InitDraft> draft = run(person, world);
  REQUIRE(draft);
  CHECK(draft->file.config.git.authentication.username == "alice");
  CHECK(draft->secrets == std::vector<SecretFile>{{"/c/git-password", "hush\n"}});
  CHECK(!person.was_told("hush"));
}

TEST_CASE("a wrong token is asked for again, and not kept") {
  World world;
  world.wanted_key = "nobody has it";
  world.wanted_secret = "right";
  Person person({https, "", "token", "", "wrong", "no", "", "", "right", "", "clusters/home", ""});
  const Result<InitDraft> draft = run(person, world);
  REQUIRE(draft);
  CHECK(person.was_told("wrong: it does not accept our credentials"));
  CHECK(draft->secrets == std::vector<SecretFile>{{"/c/git-token", "right\n"}});
  for (const InitQuestion& question : person.asked) CHECK(question.fallback != "wrong");
}

TEST_CASE("a wrong branch and a wrong folder are asked for again, alone") {
  World world;
  Person person({https, "", "", "mian", "", "main", "clusters/hom", "no", "clusters/home", ""});
  const Result<InitDraft> draft = run(person, world);
  REQUIRE(draft);
  CHECK(person.has_said_all());
  CHECK(person.was_told("there is no such branch"));
  CHECK(person.was_told("there is no such folder"));
  CHECK(draft->file.config.git.branch == "main");
}

TEST_CASE("a line that is no URL is refused without a question") {
  World world;
  Person person({"git.example.org", https, "", "", "", "clusters/home", ""});
  CHECK(run(person, world));
  CHECK(person.has_said_all());
  CHECK(person.was_told("wrong: is no URL"));
}

TEST_CASE("a URL that everybody can listen to is taken with a warning") {
  World world;
  world.url = "http://git.example.org/home.git";
  Person person({world.url, "", "", "", "clusters/home", ""});
  CHECK(run(person, world));
  CHECK(person.was_told("warning: git.url is http"));
}

TEST_CASE("a server that is down: the URL is asked for again, with the former one as the default") {
  World world;
  world.is_down = true;
  Person person({https, "", "no"});
  CHECK(!run(person, world));
  CHECK(person.asked.back().fallback == https);
}

TEST_CASE("who keeps a server that is down is not asked about it again") {
  World world;
  world.is_down = true;
  Person person({https, "", "yes", "", "any-branch", "any/folder", ""});
  const Result<InitDraft> draft = run(person, world);
  REQUIRE(draft);
  CHECK(world.servers_asked == 1);
  CHECK(draft->file.config.git.branch == "any-branch");
}

TEST_CASE("host keys that the server shows are taken only after a yes") {
  World world;
  world.url = "git@git.example.org:home.git";
  world.wanted_key = "/key";
  Person person({world.url, "", "", "scan", "yes", "/key", "", "clusters/home", ""});
  const Result<InitDraft> draft = run(person, world);
  REQUIRE(draft);
  CHECK(person.has_said_all());
  CHECK(person.was_told("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"));
  CHECK(draft->secrets == std::vector<SecretFile>{{"/c/known_hosts", host_key}});
}

TEST_CASE("host keys that can't be had are not kept nevertheless") {
  World world;
  const std::string url = "git@git.example.org:home.git";
  Person person({url, "scan", "/known_hosts", "/key", "", "clusters/home", ""});
  const Result<InitDraft> draft = run(person, world, {.network = Network::no});
  REQUIRE(draft);
  CHECK(person.has_said_all());
  CHECK(person.was_told("wrong: this needs the network"));
  CHECK(draft->file.config.git.authentication.ssh_known_hosts == "/known_hosts");
  CHECK(draft->secrets.empty());
}

TEST_CASE("a wrong SSH key is asked for again without showing the host keys anew") {
  World world;
  world.url = "git@git.example.org:home.git";
  world.wanted_key = "/right";
  Person person({world.url, "", "yes", "/wrong", "no", "/right", "", "clusters/home", ""});
  const Result<InitDraft> draft = run(person, world);
  REQUIRE(draft);
  CHECK(person.has_said_all());
  CHECK(draft->file.config.git.authentication.ssh_key == "/right");
  CHECK(draft->secrets.size() == 1);
}

TEST_CASE("a file that is not there is said at once") {
  World world;
  Person person({https, "/missing", "no", "none", "", "", "clusters/home", ""});
  const Result<InitDraft> draft = run(person, world);
  REQUIRE(draft);
  CHECK(draft->file.config.git.ca_file.empty());
}

TEST_CASE("who leaves gets nothing, at each question") {
  const std::vector<std::string> lines{https, "", "", "mian", "no", "main", "clusters/home", ""};
  for (std::size_t count = 0; count < lines.size(); ++count) {
    World world;
    Person person({lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(count)});
    const Result<InitDraft> draft = run(person, world);
    REQUIRE(!draft);
    CHECK(draft.error().kind == ErrorKind::cancelled);
  }
}

TEST_CASE("an option answers its question, and a wrong one is asked for") {
  World world;
  Person person({"", "", "no", "main", "clusters/home", ""});
  const Result<InitDraft> draft =
      run(person, world, {.options = {{InitTopic::url, https}, {InitTopic::branch, "mian"}}});
  REQUIRE(draft);
  CHECK(person.has_said_all());
  CHECK(draft->file.config.git.branch == "main");
}

TEST_CASE("a file with age identities is known before the folder is rendered") {
  World world;
  Person person({"no", "/age.key", https, "", "", "", "clusters/home", ""});
  const Result<InitDraft> draft =
      run(person, world, {.options = {{InitTopic::age_key_file, "/missing"}}});
  REQUIRE(draft);
  CHECK(person.has_said_all());
  CHECK(world.age_key_file_of_folder == "/age.key");
  CHECK(draft->file.config.age_key_file == "/age.key");
}

TEST_CASE("without questions the first wrong answer ends it, with defaults for the rest") {
  World world;
  Person nobody({});
  InitSetup setup{.options = {{InitTopic::url, https}, {InitTopic::path, "clusters/home"}},
                  .credentials_folder = {},
                  .asking = Asking::no};
  CHECK(run(nobody, world, setup));
  setup.options[InitTopic::path] = "elsewhere";
  const Result<InitDraft> refused = run(nobody, world, setup);
  REQUIRE(!refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
  CHECK(nobody.asked.empty());
}

TEST_CASE("offline no server is asked") {
  World world;
  world.is_down = true;
  Person person({https, "", "", "any-branch", "any/folder", ""});
  CHECK(run(person, world, {.network = Network::no}));
  CHECK(world.servers_asked == 0);
  CHECK(person.was_told("--offline"));
}

TEST_CASE("an option of the other protocol is refused") {
  World world;
  Person person({});
  const Result<InitDraft> draft =
      run(person, world, {.options = {{InitTopic::url, https}, {InitTopic::ssh_key, "/key"}}});
  REQUIRE(!draft);
  CHECK(draft.error().kind == ErrorKind::invalid);
  CHECK(draft.error().message.find("--ssh-key") != std::string::npos);
}

TEST_CASE("what must be given when nobody is asked") {
  const auto missing = [](InitAnswers options) {
    return missing_option({.options = std::move(options), .credentials_folder = "/c"});
  };
  CHECK(missing({}) == "--url");
  CHECK(missing({{InitTopic::url, https}}) == std::nullopt);
  CHECK(missing({{InitTopic::url, "git@h:home.git"}}) == "--ssh-known-hosts");
  CHECK(missing({{InitTopic::url, https},
                 {InitTopic::sign_in, "password"},
                 {InitTopic::username, "alice"}}) == "--password-file");
}

}  // namespace primocane
