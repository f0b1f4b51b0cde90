// SPDX-License-Identifier: Apache-2.0
#include "source/pack_work.hpp"

#include "base/base64.hpp"
#include "document/json.hpp"
#include "document/value.hpp"
#include "source/json_fields.hpp"
#include "source/printable.hpp"

#include <utility>

namespace primocane {

namespace {

constexpr std::size_t look_for_max = 16;

Value written(const IndexPack& request) {
  Array look_for;
  for (const CommitId& commit : request.look_for) look_for.emplace_back(commit.str());
  return Object{{"work", "index"},
                {"tip", request.tip.str()},
                {"lookFor", std::move(look_for)},
                {"packMax", to_value(request.pack_max.count())},
                {"objectsMax", to_value(request.objects_max)}};
}

Value written(const CheckCommit& request) {
  return Object{{"work", "check"},
                {"commit", request.commit.str()},
                {"content", request.depth == CheckDepth::content},
                {"blobMax", to_value(request.blob_max.count())}};
}

Value written(const BundleCommit& request) { return write_bundle_work(request); }
Value written(const BundlePart& request) { return write_bundle_work(request); }
Value written(const ComposeCommit& request) { return write_bundle_work(request); }
Value written(const ListSubmodules& request) { return write_bundle_work(request); }

Value written(const ReadSigned& request) {
  return Object{{"work", "signed"}, {"object", request.object.str()}, {"isTag", request.is_tag}};
}

Result<PackRequest> read_signed_request(const Value& line) {
  CommitId object = TRY(commit_at(line, "object"));
  const bool is_tag = TRY(bool_at(line, "isTag"));
  return ReadSigned{.object = std::move(object), .is_tag = is_tag};
}

Result<PackRequest> read_index(const Value& line) {
  CommitId tip = TRY(commit_at(line, "tip"));
  const ByteCount pack_max(TRY(number_at(line, "packMax")));
  const std::uint64_t objects_max = TRY(number_at(line, "objectsMax"));
  IndexPack request{
      .tip = std::move(tip), .look_for = {}, .pack_max = pack_max, .objects_max = objects_max};
  for (const Value& commit : *TRY(array_at(line, "lookFor", look_for_max))) {
    if (!commit.is_string()) return odd_field("lookFor");
    request.look_for.push_back(TRY(CommitId::parse(*commit.as_string())));
  }
  return request;
}

Result<PackRequest> read_check(const Value& line) {
  CommitId commit = TRY(commit_at(line, "commit"));
  const bool reads_content = TRY(bool_at(line, "content"));
  const ByteCount blob_max(TRY(number_at(line, "blobMax")));
  return CheckCommit{.commit = std::move(commit),
                     .depth = reads_content ? CheckDepth::content : CheckDepth::presence,
                     .blob_max = blob_max};
}

Value written(const IndexedPack& answer) {
  Array distances;
  for (const std::optional<std::uint64_t>& distance : answer.distances) {
    distances.push_back(distance ? to_value(*distance) : Value());
  }
  return Object{{"pack", answer.name},
                {"objects", to_value(answer.objects)},
                {"packSize", to_value(answer.pack_size.count())},
                {"indexSize", to_value(answer.index_size.count())},
                {"distances", std::move(distances)},
                {"isCut", answer.is_cut},
                {"committedAt", to_value(answer.committed_at)}};
}

Value written(const CompleteCommit& answer) {
  return Object{{"committedAt", to_value(answer.committed_at)}};
}

Value written(const IncompleteCommit& answer) { return Object{{"incomplete", answer.reason}}; }

// In base64: neither need be UTF-8.
Value written(const SignedContent& answer) {
  return Object{{"payload", to_base64(answer.payload)}, {"signature", to_base64(answer.signature)}};
}

Value written(const SubmoduleList& answer) { return write_bundle_work(answer); }

Value written(const Error& error) {
  return Object{{"error", std::string(to_string(error.kind))}, {"message", error.message}};
}

Result<PackAnswer> read_indexed(const Value& line) {
  // One by one: GCC 12 leaks the members before one whose TRY returns in the middle of braces.
  IndexedPack answer;
  answer.name = TRY(commit_at(line, "pack")).str();
  answer.objects = TRY(number_at(line, "objects"));
  answer.pack_size = ByteCount(TRY(number_at(line, "packSize")));
  answer.index_size = ByteCount(TRY(number_at(line, "indexSize")));
  answer.is_cut = TRY(bool_at(line, "isCut"));
  answer.committed_at = TRY(time_at(line, "committedAt"));
  for (const Value& distance : *TRY(array_at(line, "distances", look_for_max))) {
    if (distance.is_null()) {
      answer.distances.emplace_back(std::nullopt);
    } else {
      answer.distances.emplace_back(TRY(read_number(distance, "distances")));
    }
  }
  return answer;
}

Result<PackAnswer> read_signed_content(const Value& line) {
  std::string payload = TRY(from_base64(line.text_at("payload")));
  std::string signature = TRY(from_base64(line.text_at("signature")));
  if (payload.size() + signature.size() > signed_object_max) return odd_field("payload");
  return SignedContent{.payload = std::move(payload), .signature = std::move(signature)};
}

Result<PackAnswer> read_error(const Value& line) {
  const std::optional<ErrorKind> kind = error_kind_of(line.text_at("error"));
  if (kind) return Error{*kind, printable(line.text_at("message"), 500)};
  return odd_field("error");
}

}  // namespace

std::string write_pack_request(const PackRequest& request) {
  return write_json(std::visit([](const auto& one) { return written(one); }, request));
}

Result<PackRequest> read_pack_request(std::string_view line) {
  const Value value = TRY(read_json(line, "request"));
  if (value.text_at("work") == "index") return read_index(value);
  if (value.text_at("work") == "check") return read_check(value);
  if (value.text_at("work") == "bundle") return read_bundle_commit(value);
  if (value.text_at("work") == "part") return read_bundle_part(value);
  if (value.text_at("work") == "compose") return read_compose_commit(value);
  if (value.text_at("work") == "submodules") return read_list_submodules(value);
  if (value.text_at("work") == "signed") return read_signed_request(value);
  return odd_field("work");
}

std::string write_pack_answer(const PackAnswer& answer) {
  return write_json(std::visit([](const auto& one) { return written(one); }, answer));
}

Result<PackAnswer> read_pack_answer(std::string_view line) {
  const Value value = TRY(read_json(line, "answer"));
  if (value.find("pack") != nullptr) return read_indexed(value);
  if (value.find("incomplete") != nullptr) {
    return IncompleteCommit{printable(value.text_at("incomplete"), 500)};
  }
  if (value.find("payload") != nullptr) return read_signed_content(value);
  if (value.find("submodules") != nullptr) return read_submodule_list(value);
  if (value.find("error") != nullptr) return read_error(value);
  const WallTime committed_at = TRY(time_at(value, "committedAt"));
  return CompleteCommit{committed_at};
}

}  // namespace primocane
