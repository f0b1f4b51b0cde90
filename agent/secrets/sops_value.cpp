// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_value.hpp"

#include "base/base64.hpp"
#include "base/wipe.hpp"
#include "document/go_number.hpp"
#include "secrets/primitives.hpp"
#include "secrets/sops_tree.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace primocane {

namespace {

std::unexpected<Error> bad_value(std::string_view what) {
  return fail(ErrorKind::invalid, std::string(what));
}

// Takes what stands before the last `word` from the end of `text`: the expression of aes/cipher.go
// is greedy, and of base64 none of its words can be a part.
std::optional<std::string_view> take_behind(std::string_view& text, std::string_view word) {
  const std::size_t position = text.rfind(word);
  if (position == std::string_view::npos) return std::nullopt;
  const std::string_view behind = text.substr(position + word.size());
  text = text.substr(0, position);
  if (behind.empty()) return std::nullopt;
  return behind;
}

// strconv.ParseBool.
std::optional<bool> go_bool(std::string_view text) {
  constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "TRUE", "true", "True"};
  constexpr std::array<std::string_view, 6> no{"0", "f", "F", "FALSE", "false", "False"};
  if (std::ranges::find(yes, text) != yes.end()) return true;
  if (std::ranges::find(no, text) != no.end()) return false;
  return std::nullopt;
}

Value time_value(std::string text) {
  Value value = std::move(text);
  Spelling spelling;
  spelling.writing = Writing::time;
  value.set_spelling(spelling);
  return value;
}

Result<Value> typed(std::string text, std::string_view type) {
  if (type == "str" || type == "bytes" || type == "comment") return Value(std::move(text));
  if (type == "time") return time_value(std::move(text));
  std::optional<Value> value;
  if (type == "int") {
    if (auto integer = go_integer(text, 10)) value = Value(Number{*std::move(integer)});
  } else if (type == "float") {
    if (const auto number = go_float(text)) value = real_number(*number);
  } else if (type == "bool") {
    if (const auto boolean = go_bool(text)) value = Value(*boolean);
  } else {
    return bad_value("has a type that SOPS does not know");
  }
  wipe(text);
  if (!value) return bad_value("is decrypted to something that is not of its type");
  return *std::move(value);
}

}  // namespace

std::optional<SealedValue> read_sealed_value(std::string_view text) {
  constexpr std::string_view begin = "ENC[AES256_GCM,data:";
  const std::size_t end = text.rfind(']');  // whatever follows
  if (!text.starts_with(begin) || end == std::string_view::npos) return std::nullopt;
  text = text.substr(begin.size(), end - begin.size());
  const auto type = take_behind(text, ",type:");
  if (!type) return std::nullopt;
  const auto tag = take_behind(text, ",tag:");
  if (!tag) return std::nullopt;
  const auto nonce = take_behind(text, ",iv:");
  if (!nonce || text.empty()) return std::nullopt;
  Result<std::string> data_bytes = from_base64(text);
  Result<std::string> nonce_bytes = from_base64(*nonce);
  Result<std::string> tag_bytes = from_base64(*tag);
  if (!data_bytes || !nonce_bytes || !tag_bytes) return std::nullopt;
  return SealedValue{.data = *std::move(data_bytes),
                     .nonce = *std::move(nonce_bytes),
                     .tag = *std::move(tag_bytes),
                     .type = std::string(*type)};
}

Result<OpenedValue> open_value(std::string_view text, const SecretBytes& key,
                               std::string_view place) {
  if (text.empty()) return OpenedValue{.value = Value("")};
  const std::optional<SealedValue> sealed = read_sealed_value(text);
  if (!sealed) return bad_value("is no encrypted value (ENC[AES256_GCM,...])");
  std::optional<std::string> opened = open_aes256_gcm(
      key.bytes(), as_bytes(sealed->nonce), place, as_bytes(sealed->data), as_bytes(sealed->tag));
  if (!opened) return bad_value("was changed, or moved from another place or file");
  Value value = TRY(typed(*std::move(opened), sealed->type));
  return OpenedValue{.value = std::move(value), .is_comment = sealed->type == "comment"};
}

}  // namespace primocane
