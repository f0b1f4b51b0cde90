// SPDX-License-Identifier: Apache-2.0
// Whatever bytes are taken for a file of SOPS in any of its formats, they are decrypted, and then
// into each format or not, or refused as an error of the input. The first byte tells the format.
#include "secrets/sops_file.hpp"

#include "document/yaml_reader.hpp"
#include "fuzz/require.hpp"
#include "secrets/sops_dotenv.hpp"
#include "secrets/sops_ini.hpp"
#include "secrets/sops_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

using namespace primocane;

namespace {

constexpr std::array formats{SopsFormat::binary, SopsFormat::dotenv, SopsFormat::ini,
                             SopsFormat::json, SopsFormat::yaml};
// That of kustomize-controller's fixtures, for whom the files of the corpus are.
constexpr std::string_view fixture_key =
    "AGE-SECRET-KEY-1RH87A5Z54ZGUR9S0AS3R6WHFSEFNPLYMAKF5Z2CEU7R06VRJ0A3Q7242AM";

const Identities& fixture_identities() {
  static const Identities identities = [] {
    Identities read;
    require(read.add(fixture_key, "key").has_value());
    return read;
  }();
  return identities;
}

void check_error(const Error& error) {
  require(error.kind == ErrorKind::invalid || error.kind == ErrorKind::denied);
  require(error.message.find("file") != std::string::npos);
}

void check_file(std::string_view content, SopsFormat from) {
  for (const SopsFormat to : formats) {
    const auto plain =
        decrypt_file(content, {.from = from, .to = to}, fixture_identities(), "file");
    if (!plain) check_error(plain.error());
  }
}

// What is read is written, and read again as the same.
void check_ini(std::string_view content) {
  const auto sections = read_sops_ini(content, "file");
  if (!sections) return check_error(sections.error());
  require(write_sops_ini({*sections}, "file").has_value());
}

void check_dotenv(std::string_view content) {
  const auto read = read_sops_dotenv(content, "file");
  if (!read) return check_error(read.error());
  const auto written = write_sops_dotenv(read->branch, "file");
  require(written.has_value());
  const auto again = read_sops_dotenv(*written, "file");
  require(again.has_value());
  require(write_sops_dotenv(again->branch, "file") == *written);
}

// What is written is YAML, with as many documents.
void check_yaml(std::string_view content) {
  const auto file = read_sops_file(SopsFormat::yaml, content, "file", {});
  if (!file) return check_error(file.error());
  const auto written = write_sops_file(SopsFormat::yaml, file->branches, "file");
  if (!written) return check_error(written.error());
}

void check_documents(std::string_view content) {
  auto read = read_yaml(content, "file");
  if (!read) return;
  std::vector<Value> documents;
  for (Document& document : *read) documents.push_back(std::move(document.value));
  const auto checked = check_macs(std::move(documents), fixture_identities(), "file");
  if (!checked) check_error(checked.error());
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view content(reinterpret_cast<const char*>(data + 1), size - 1);
  check_file(content, formats[data[0] % formats.size()]);
  check_ini(content);
  check_dotenv(content);
  check_yaml(content);
  check_documents(content);
  return 0;
}
