// SPDX-License-Identifier: Apache-2.0
// The questions of `primocane init`: which are asked, which answers will do, and what they make of
// the configuration.
#include "cli/init_questions.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>
#include <vector>

namespace primocane {

namespace {

const std::string secrets_folder = "/etc/primocane/credentials";

// The topics in their order, each answered as `answers` say, or in the simplest way.
std::vector<InitTopic> topics_with(InitAnswers answers) {
  std::vector<InitTopic> asked;
  InitAnswers given;
  while (const auto topic = next_topic(given)) {
    asked.push_back(*topic);
    given[*topic] = answers.contains(*topic) ? answers[*topic] : "x";
  }
  return asked;
}

Config read_back(const InitDraft& draft) {
  const std::string text = write_init_file(draft, "/etc/primocane/config.yaml");
  const Result<ConfigFile> file =
      read_config(text, "config.yaml", {.folder = "/etc/primocane", .credentials = {}});
  INFO(text);
  if (!file) FAIL(file.error().message);
  return file->config;
}

}  // namespace

TEST_CASE("a public repository over https needs few answers") {
  using enum InitTopic;
  CHECK(topics_with({{url, "https://git.example.org/home.git"}, {sign_in, "none"}}) ==
        std::vector{url, ca_file, sign_in, branch, path, kubeconfig});
}

TEST_CASE("each way to sign in has its own questions") {
  using enum InitTopic;
  const std::string https = "https://git.example.org/home.git";
  CHECK(topics_with({{url, https}, {sign_in, "token"}, {token_file, "/t"}}) ==
        std::vector{url, ca_file, sign_in, token_file, branch, path, kubeconfig});
  CHECK(topics_with({{url, https}, {sign_in, "token"}, {token_file, "type"}}) ==
        std::vector{url, ca_file, sign_in, token_file, token, branch, path, kubeconfig});
  CHECK(topics_with({{url, https}, {sign_in, "password"}, {password_file, "type"}}) ==
        std::vector{url, ca_file, sign_in, username, password_file, password, branch, path,
                    kubeconfig});
  CHECK(
      topics_with({{url, https}, {sign_in, "certificate"}}) ==
      std::vector{url, ca_file, sign_in, client_certificate, client_key, branch, path, kubeconfig});
  CHECK(topics_with({{url, "git@git.example.org:home.git"}}) ==
        std::vector{url, known_hosts, ssh_key, branch, path, kubeconfig});
}

TEST_CASE("only what is typed as a secret is not shown") {
  CHECK(question_about(InitTopic::token, {}, secrets_folder).echo == Echo::no);
  CHECK(question_about(InitTopic::password, {}, secrets_folder).echo == Echo::no);
  CHECK(question_about(InitTopic::token_file, {}, secrets_folder).echo == Echo::yes);
}

TEST_CASE("an earlier answer is what an empty line means, but a secret is never shown") {
  const InitAnswers earlier{{InitTopic::branch, "prod"}, {InitTopic::token, "hush"}};
  CHECK(question_about(InitTopic::branch, {}, secrets_folder).fallback == "main");
  CHECK(question_about(InitTopic::branch, earlier, secrets_folder).fallback == "prod");
  CHECK(question_about(InitTopic::token, earlier, secrets_folder).fallback.empty());
}

TEST_CASE("answers that will do are taken as the configuration would") {
  CHECK(read_answer(InitTopic::url, " https://git.example.org/home.git/ \n") ==
        "https://git.example.org/home.git");
  CHECK(read_answer(InitTopic::path, "./clusters//home/") == "clusters/home");
  CHECK(read_answer(InitTopic::path, ".") == ".");
  CHECK(read_answer(InitTopic::sign_in, "p") == "password");
  CHECK(read_answer(InitTopic::token_file, "type") == "type");
  CHECK(read_answer(InitTopic::ca_file, "none") == "none");
  CHECK(read_answer(InitTopic::token, "a b\n") == "a b");
}

TEST_CASE("answers that will not do are refused") {
  const auto [topic, line] = GENERATE(table<InitTopic, std::string>({
      {InitTopic::url, ""},
      {InitTopic::url, "git.example.org/home"},
      {InitTopic::url, "ftp://git.example.org/home"},
      {InitTopic::url, "https://me:hush@git.example.org/home"},
      {InitTopic::branch, "a..b"},
      {InitTopic::path, "../other"},
      {InitTopic::path, "/absolute"},
      {InitTopic::sign_in, "magic"},
      {InitTopic::ssh_key, "relative/key"},
      {InitTopic::kubeconfig, "kubeconfig"},
      {InitTopic::token, "  \n"},
  }));
  const Result<std::string> answer = read_answer(topic, line);
  INFO(line);
  REQUIRE(!answer);
  CHECK(answer.error().kind == ErrorKind::invalid);
  CHECK(answer.error().message.find("hush") == std::string::npos);
}

TEST_CASE("what is written reads back as what was answered") {
  const std::string branch = GENERATE("main", "true", "1.0", "null", "feature/x#1", "0x1f");
  const std::string path = GENERATE(".", "a: b", "on", "- x", "clusters/Küche \"zwei\"", "'");
  const InitDraft draft = make_draft({{InitTopic::url, "https://git.example.org/home.git"},
                                      {InitTopic::ca_file, "none"},
                                      {InitTopic::sign_in, "none"},
                                      {InitTopic::branch, branch},
                                      {InitTopic::path, path},
                                      {InitTopic::kubeconfig, "/k: #3"}},
                                     "", secrets_folder);
  const Config config = read_back(draft);
  CHECK(config.git.url == "https://git.example.org/home.git");
  CHECK(config.git.branch == branch);
  CHECK(config.path == RelativePath::parse(path));
  CHECK(config.kubeconfig == "/k: #3");
  CHECK(config.git.authentication == GitAuthentication{});
  CHECK(draft.secrets.empty());
}

TEST_CASE("a typed token goes into a file of its own, and not into the configuration") {
  const InitDraft draft = make_draft({{InitTopic::url, "https://git.example.org/home.git"},
                                      {InitTopic::sign_in, "token"},
                                      {InitTopic::token_file, "type"},
                                      {InitTopic::token, "hush"}},
                                     "", secrets_folder);
  CHECK(draft.secrets == std::vector<SecretFile>{{secrets_folder + "/git-token", "hush\n"}});
  CHECK(read_back(draft).git.authentication.token_file == secrets_folder + "/git-token");
  CHECK(write_init_file(draft, "x").find("hush") == std::string::npos);
}

TEST_CASE("a user with a password file, and a typed password") {
  const InitAnswers answers{{InitTopic::url, "https://git.example.org/home.git"},
                            {InitTopic::ca_file, "/ca.pem"},
                            {InitTopic::sign_in, "password"},
                            {InitTopic::username, "alice"},
                            {InitTopic::password_file, "/p"}};
  const Config config = read_back(make_draft(answers, "", secrets_folder));
  CHECK(config.git.ca_file == "/ca.pem");
  CHECK(config.git.authentication.username == "alice");
  CHECK(config.git.authentication.password_file == "/p");
  InitAnswers typed = answers;
  typed[InitTopic::password_file] = "type";
  typed[InitTopic::password] = "hush";
  const InitDraft draft = make_draft(typed, "", secrets_folder);
  CHECK(draft.secrets == std::vector<SecretFile>{{secrets_folder + "/git-password", "hush\n"}});
  CHECK(read_back(draft).git.authentication.password_file == secrets_folder + "/git-password");
}

TEST_CASE("confirmed host keys are kept beside the configuration") {
  const InitAnswers answers{{InitTopic::url, "git@git.example.org:home.git"},
                            {InitTopic::known_hosts, "scan"},
                            {InitTopic::ssh_key, "/key"}};
  const InitDraft draft = make_draft(answers, "host type key\n", secrets_folder);
  CHECK(draft.secrets ==
        std::vector<SecretFile>{{secrets_folder + "/known_hosts", "host type key\n"}});
  CHECK(read_back(draft).git.authentication.ssh_known_hosts == secrets_folder + "/known_hosts");
  CHECK(read_back(draft).git.authentication.ssh_key == "/key");
}

TEST_CASE("a file with age identities is asked for only where an option names one") {
  const InitAnswers answers{{InitTopic::url, "https://git.example.org/home.git"},
                            {InitTopic::age_key_file, "/etc/primocane/age.key"}};
  CHECK_FALSE(is_asked(InitTopic::age_key_file, {}));
  CHECK(option_of(InitTopic::age_key_file) == "--age-key-file");
  CHECK(read_back(make_draft(answers, "", secrets_folder)).age_key_file ==
        "/etc/primocane/age.key");
}

TEST_CASE("answers of another way to sign in leave nothing behind") {
  const InitDraft draft = make_draft({{InitTopic::url, "https://git.example.org/home.git"},
                                      {InitTopic::sign_in, "none"},
                                      {InitTopic::token_file, "type"},
                                      {InitTopic::token, "hush"}},
                                     "", secrets_folder);
  CHECK(draft.secrets.empty());
  CHECK(read_back(draft).git.authentication == GitAuthentication{});
}

TEST_CASE("a way to sign in follows from the options") {
  CHECK(complete_options({{InitTopic::token_file, "/t"}})->at(InitTopic::sign_in) == "token");
  CHECK(complete_options({{InitTopic::password_file, "/p"}})->at(InitTopic::sign_in) == "password");
  CHECK(!complete_options({{InitTopic::branch, "main"}})->contains(InitTopic::sign_in));
  CHECK(!complete_options({{InitTopic::token_file, "/t"}, {InitTopic::username, "alice"}}));
  CHECK(!complete_options({{InitTopic::url, "nowhere"}}));
}

TEST_CASE("fingerprints are those that ssh-keygen -l shows") {
  // ssh-keygen -lf says SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU of GitHub's key.
  const std::string key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  CHECK(fingerprints("# github.com:22 SSH-2.0-x\ngithub.com ssh-ed25519 " + key +
                     "\nodd line\nhost ssh-rsa n.o.k.e.y\n") ==
        std::vector<std::string>{"ssh-ed25519 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"});
  CHECK(fingerprints("").empty());
}

}  // namespace primocane
