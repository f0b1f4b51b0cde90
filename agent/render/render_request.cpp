// SPDX-License-Identifier: Apache-2.0
#include "render/render_request.hpp"

#include "base/wipe.hpp"
#include "document/json.hpp"
#include "document/plain_text.hpp"
#include "document/value.hpp"
#include "resource/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace primocane {

namespace {

// Between an object's description and its body on one line; JSON escapes it in both.
constexpr char separator = '\t';
constexpr std::size_t text_length_max = 8192;  // of a message or a path
constexpr std::array apply_words{ApplyWhen::always, ApplyWhen::absent, ApplyWhen::never};
constexpr std::string_view identities_key = "identities";
constexpr std::string_view ignored_key = "ignored";
constexpr std::string_view confidential_key = "confidential";
constexpr std::array prune_marks{PruneMark::unmarked, PruneMark::disabled, PruneMark::allowed};

Error odd_line(std::string_view what) {
  return {ErrorKind::invalid, fmt::format("the renderer's answer is odd: {}", what)};
}

// Names of files and keys of a repository stand in messages.
std::string shown(std::string_view text) { return plain_line(text.substr(0, text_length_max)); }

Value number(std::uint64_t value) { return Number{fmt::to_string(value)}; }

Result<std::uint64_t> number_at(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  if (value == nullptr || value->as_number() == nullptr) {
    return std::unexpected(odd_line(fmt::format("no number \"{}\"", key)));
  }
  const std::string& text = value->as_number()->text;
  std::uint64_t result = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::unexpected(odd_line(fmt::format("\"{}\" is no count", key)));
  }
  return result;
}

Result<std::uint32_t> small_number_at(const Value& object, std::string_view key) {
  const std::uint64_t value = TRY(number_at(object, key));
  if (value > UINT32_MAX) return std::unexpected(odd_line(fmt::format("\"{}\" is huge", key)));
  return static_cast<std::uint32_t>(value);
}

bool is_true(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && *value == Value(true);
}

// What Flux's objects are marked with; what is applied has no such mark.
constexpr std::string_view role_key = "role";
constexpr std::string_view followed_role = "followed";
constexpr std::string_view not_served_role = "notServed";

Result<ResourceId> read_id(const Value& header) {
  ResourceId id{.group = std::string(header.text_at("group")),
                .kind = std::string(header.text_at("kind")),
                .namespace_name = std::string(header.text_at("namespace")),
                .name = std::string(header.text_at("name"))};
  if (is_well_formed(id)) return id;
  return std::unexpected(odd_line("an object without a proper kind or name"));
}

Result<std::string> read_version(const Value& header) {
  std::string version(header.text_at("version"));
  if (is_api_name(version)) return version;
  return std::unexpected(odd_line("an object without a proper version"));
}

Result<Origin> read_origin(const Value& header) {
  Origin origin;
  origin.path = shown(header.text_at("path"));
  origin.document = TRY(small_number_at(header, "document"));
  origin.line = TRY(small_number_at(header, "line"));
  return origin;
}

// Fields of the object; in most there are none.
Result<std::vector<JsonPointer>> read_fields(const Value& header, std::string_view key,
                                             std::size_t count_max) {
  std::vector<JsonPointer> paths;
  const Value* const written = header.find(key);
  if (written == nullptr) return paths;
  const Array* const list = written->as_array();
  if (list == nullptr || list->size() > count_max) {
    return std::unexpected(odd_line(fmt::format("no list of {} fields", key)));
  }
  for (const Value& path : *list) {
    const std::string* const text = path.as_string();
    if (text == nullptr) return std::unexpected(odd_line(fmt::format("no {} field", key)));
    paths.push_back(TRY(JsonPointer::parse(*text)));
  }
  return paths;
}

Result<std::vector<JsonPointer>> read_ignored(const Value& header) {
  std::vector<JsonPointer> paths = TRY(read_fields(header, ignored_key, ignored_fields_max));
  // The whole object is no field of it.
  if (std::ranges::none_of(paths, &std::vector<std::string>::empty, &JsonPointer::tokens)) {
    return paths;
  }
  return std::unexpected(odd_line("no ignored field"));
}

Result<DesiredObject> read_desired(const Value& header, std::string_view body) {
  DesiredObject object;
  object.id = TRY(read_id(header));
  object.version = TRY(read_version(header));
  object.origin = TRY(read_origin(header));
  for (const PruneMark mark : prune_marks) {
    if (header.text_at("prune") == to_string(mark)) object.prune_mark = mark;
  }
  for (const ApplyWhen when : apply_words) {
    if (header.text_at("apply") == to_string(when)) object.apply_when = when;
  }
  for (const DriftMode mode : {DriftMode::correct, DriftMode::detect}) {
    if (header.text_at("drift") == to_string(mode)) object.drift = mode;
  }
  object.is_forced = is_true(header, "forced");
  object.is_merged = is_true(header, "merged");
  if (!body.starts_with('{') || !body.ends_with('}')) {
    return std::unexpected(odd_line("an object without body"));
  }
  object.ignored = TRY(read_ignored(header));
  object.confidential = TRY(read_fields(header, confidential_key, confidential_fields_max));
  object.body = body;
  object.hash = hash_of(object);
  return object;
}

Result<Resource> read_followed(const Value& header, std::string_view body) {
  Origin origin = TRY(read_origin(header));
  Value object = TRY(read_json(body, origin.path));
  Resource resource = TRY(Resource::make(std::move(object), std::move(origin)));
  resource.confidential = TRY(read_fields(header, confidential_key, confidential_fields_max));
  return resource;
}

Object write_header(const ResourceId& id, std::string_view version, const Origin& origin) {
  return Object{{"group", id.group},
                {"kind", id.kind},
                {"namespace", id.namespace_name},
                {"name", id.name},
                {"version", version},
                {"path", origin.path},
                {"document", number(origin.document)},
                {"line", number(origin.line)}};
}

Value write_fields(const std::vector<JsonPointer>& paths) {
  Array written;
  for (const JsonPointer& path : paths) written.emplace_back(path.str());
  return written;
}

void append_confidential(Object& header, const ConfidentialFields& fields) {
  if (!fields.empty()) header.append(std::string(confidential_key), write_fields(fields));
}

std::string write_line(const Value& header, std::string_view body) {
  std::string line = write_json(header);
  line += separator;
  line += body;
  line += '\n';
  return line;
}

// What the request decrypts with; the text does not stay.
Result<std::shared_ptr<const Identities>> take_identities(Value& request) {
  Value* const text = request.is_object() ? request.as_object()->find(identities_key) : nullptr;
  if (text == nullptr || !text->is_string()) return nullptr;
  auto identities = std::make_shared<Identities>();
  const Result<void> added = identities->add(text->scalar_text(), identities_key);
  wipe(*text->as_string());
  if (!added) return std::unexpected(added.error());
  return identities;
}

Error read_error(const Value& end) {
  return {error_kind_of(end.text_at("kind")).value_or(ErrorKind::invalid),
          shown(end.text_at("error"))};
}

std::string_view word_of(RenderSource source) {
  switch (source) {
    case RenderSource::commit:
      return "commit";
    case RenderSource::folder:
      return "folder";
    case RenderSource::bundle:
      return "bundle";
  }
  return "folder";
}

RenderSource source_of(std::string_view word) {
  for (const RenderSource source : {RenderSource::commit, RenderSource::bundle}) {
    if (word == word_of(source)) return source;
  }
  return RenderSource::folder;
}

}  // namespace

std::string write_render_request(const RenderRequest& request) {
  Object object{
      {"source", word_of(request.source)},
      {"output", request.output == RenderOutput::desired ? "desired" : "resources"},
      {"path", request.path.str()},
      {"namespace", request.name.namespace_name},
      {"name", request.name.name},
      {"bytes", number(request.limits.bytes.count())},
      {"depth", number(request.limits.depth)},
      {"nodes", number(request.limits.nodes)},
      {"documents", number(request.limits.documents)},
      {"scalar", number(request.limits.scalar.count())},
      {"objects", number(request.objects_max)},
      {"remotes", write_given_remotes(request.remotes)},
      {"rootOnly", request.load_restrictor == LoadRestrictor::root_only},
      {"unsorted", request.reorder == Reorder::none},
      {"keepsEncrypted", request.encrypted == Encrypted::kept},
  };
  if (request.commit) object.append("commit", request.commit->str());
  if (request.build) object.append("build", write_build_settings(*request.build));
  if (request.shape) object.append("shape", write_tree_shape(*request.shape));
  if (!request.identities) return write_json(object);
  object.append(std::string(identities_key), request.identities->text());
  std::string line = write_json(object);
  wipe(*object.find(identities_key)->as_string());
  return line;
}

Result<RenderRequest> read_render_request(std::string_view line) {
  Value object = TRY(read_json(line, "request"));
  RenderRequest request;
  request.source = source_of(object.text_at("source"));
  request.output =
      object.text_at("output") == "desired" ? RenderOutput::desired : RenderOutput::resources;
  if (request.source == RenderSource::commit) {
    request.commit = TRY(CommitId::parse(object.text_at("commit")));
  }
  request.path = TRY(RelativePath::parse(object.text_at("path")));
  request.name = {.namespace_name = std::string(object.text_at("namespace")),
                  .name = std::string(object.text_at("name"))};
  request.limits.bytes = ByteCount(TRY(number_at(object, "bytes")));
  request.limits.depth = TRY(number_at(object, "depth"));
  request.limits.nodes = TRY(number_at(object, "nodes"));
  request.limits.documents = TRY(number_at(object, "documents"));
  request.limits.scalar = ByteCount(TRY(number_at(object, "scalar")));
  request.objects_max = TRY(number_at(object, "objects"));
  const Value* remotes = object.find("remotes");
  request.remotes = TRY(read_given_remotes(remotes != nullptr ? *remotes : Value()));
  request.load_restrictor =
      is_true(object, "rootOnly") ? LoadRestrictor::root_only : LoadRestrictor::none;
  request.identities = TRY(take_identities(object));
  request.encrypted = is_true(object, "keepsEncrypted") ? Encrypted::kept : Encrypted::refused;
  request.reorder = is_true(object, "unsorted") ? Reorder::none : Reorder::legacy;
  if (const Value* const build = object.find("build"); build != nullptr) {
    request.build = TRY(read_build_settings(*build));
  }
  if (const Value* const shape = object.find("shape"); shape != nullptr) {
    request.shape = TRY(read_tree_shape(*shape));
  }
  return request;
}

Result<void> RenderAnswerReader::add(std::string_view bytes) {
  const std::size_t unsearched = partial_line_.size();
  partial_line_ += bytes;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = partial_line_.find('\n', std::max(begin, unsearched));
    if (end == std::string::npos) break;
    TRY(add_line(std::string_view(partial_line_).substr(begin, end - begin)));
    begin = end + 1;
  }
  partial_line_.erase(0, begin);
  return {};
}

Result<void> RenderAnswerReader::add_line(std::string_view line) {
  if (end_) return std::unexpected(odd_line("something follows its end"));
  const std::size_t split = line.find(separator);
  const Value header = TRY(read_json(line.substr(0, split), "answer"));
  if (split == std::string_view::npos) {
    if (header.find("needs") != nullptr) {
      needs_ = TRY(read_remote_needs(line));
      end_ = std::unexpected(odd_line("it is none, but says what it needs"));
      return {};
    }
    if (header.find("error") != nullptr) {
      end_ = Result<std::uint64_t>(std::unexpected(read_error(header)));
      return {};
    }
    end_ = TRY(number_at(header, "objects"));
    return {};
  }
  if (objects_ >= objects_max_) {
    return fail(
        ErrorKind::invalid,
        fmt::format("the rendering has more than {} objects (render.objects)", objects_max_));
  }
  ++objects_;
  const std::string_view body = line.substr(split + 1);
  const std::string_view role = header.text_at(role_key);
  if (role == followed_role) {
    rendering_.flux_objects.push_back(TRY(read_followed(header, body)));
  } else if (role == not_served_role) {
    rendering_.not_served.push_back(TRY(read_id(header)));
  } else {
    rendering_.objects.push_back(TRY(read_desired(header, body)));
  }
  return {};
}

Result<Rendering> RenderAnswerReader::finish() {
  if (!end_) return std::unexpected(odd_line("it has no end"));
  if (!*end_) return std::unexpected(std::move(end_)->error());
  if (**end_ != objects_ || !partial_line_.empty()) {
    return std::unexpected(odd_line("it is not complete"));
  }
  return std::move(rendering_);
}

std::string write_render_object(const RenderedObject& object) {
  if (const auto* desired = std::get_if<DesiredObject>(&object)) {
    Object header = write_header(desired->id, desired->version, desired->origin);
    header.append("prune", to_string(desired->prune_mark));
    header.append("apply", to_string(desired->apply_when));
    header.append("forced", desired->is_forced);
    header.append("merged", desired->is_merged);
    if (desired->drift) header.append("drift", to_string(*desired->drift));
    if (!desired->ignored.empty()) {
      header.append(std::string(ignored_key), write_fields(desired->ignored));
    }
    append_confidential(header, desired->confidential);
    return write_line(std::move(header), desired->body);
  }
  if (const auto* followed = std::get_if<Resource>(&object)) {
    Object header = write_header(followed->id, followed->version, followed->origin);
    header.append(std::string(role_key), followed_role);
    append_confidential(header, followed->confidential);
    return write_line(std::move(header), write_json(followed->object));
  }
  Object header = write_header(std::get<ResourceId>(object), {}, Origin{});
  header.append(std::string(role_key), not_served_role);
  return write_line(std::move(header), {});
}

std::string write_render_end(std::uint64_t objects) {
  return write_json(Object{{"objects", number(objects)}}) + '\n';
}

std::string write_render_error(const Error& error) {
  // A message may hold a name that is not UTF-8, which JSON can't.
  return write_json(Object{{"error", plain_text(error.message)}, {"kind", to_string(error.kind)}}) +
         '\n';
}

}  // namespace primocane
