// SPDX-License-Identifier: Apache-2.0
// Specification of KindView.
#include "reconcile/kind_view.hpp"

#include "resource/resource_version.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

using namespace primocane;

namespace {

const GroupKind map_kind{"", "ConfigMap"};

ResourceId map_of(std::string_view name) { return {"", "ConfigMap", "home", std::string(name)}; }

Value object_at(std::string_view name, int version) {
  return yaml_value(
      fmt::format("metadata: {{name: {}, namespace: home, uid: u-{}, resourceVersion: '{}'}}", name,
                  name, version));
}

// The resourceVersion that `view` knows of the object, or "".
std::string version_in(const KindView& view, std::string_view name) {
  const LiveObject* live = view.find(map_of(name));
  return live == nullptr ? std::string() : live->resource_version;
}

KindView synchronised() {
  KindView view(map_kind);
  view.begin_anew(KindView::Trust::known);
  CHECK(view.take_present(object_at("a", 9)).value() == map_of("a"));
  CHECK(view.take_present(object_at("b", 12)).value() == map_of("b"));
  CHECK(view.complete("15").empty());
  return view;
}

}  // namespace

TEST_CASE("versions are compared as numbers") {
  CHECK(is_older_version("9", "10"));
  CHECK_FALSE(is_older_version("10", "9"));
  CHECK_FALSE(is_older_version("10", "10"));
  CHECK_FALSE(is_older_version("", "10"));
  CHECK_FALSE(is_older_version("a1", "b2"));
}

TEST_CASE("a view follows what it is told") {
  KindView view = synchronised();
  CHECK(view.take_present(object_at("a", 16)).value() == map_of("a"));
  CHECK(version_in(view, "a") == "16");
  CHECK(view.take_gone(object_at("b", 12), "17").value() == map_of("b"));
  CHECK(view.find(map_of("b")) == nullptr);
  CHECK_FALSE(view.take_gone(object_at("never", 1), "18").value());
}

TEST_CASE("an answer to a write is newer than the events that were on their way") {
  KindView view = synchronised();
  view.note(read_live_object(object_at("a", 30), map_kind).value());
  CHECK_FALSE(view.take_present(object_at("a", 20)).value());
  CHECK(version_in(view, "a") == "30");
  CHECK_FALSE(view.take_gone(object_at("a", 9), "29").value());
  CHECK(version_in(view, "a") == "30");
  CHECK(view.take_gone(object_at("a", 30), "31").value() == map_of("a"));
  view.note(read_live_object(object_at("c", 32), map_kind).value());
  CHECK(version_in(view, "c") == "32");
}

TEST_CASE("an answer that comes after the end of what it wrote does not bring it back") {
  KindView view = synchronised();
  CHECK(view.take_present(object_at("a", 40)).value() == map_of("a"));
  view.note(read_live_object(object_at("gone", 30), map_kind).value());
  CHECK(view.find(map_of("gone")) == nullptr);
}

TEST_CASE("what was written while a watch begins anew is not overwritten by what it tells") {
  KindView view = synchronised();
  view.begin_anew(KindView::Trust::none);
  view.note(read_live_object(object_at("a", 200), map_kind).value());
  CHECK_FALSE(view.take_present(object_at("a", 150)).value());
  CHECK(version_in(view, "a") == "200");
}

TEST_CASE("a watch that begins anew shows what has gone meanwhile") {
  KindView view = synchronised();
  view.note(read_live_object(object_at("new", 40), map_kind).value());
  view.begin_anew(KindView::Trust::known);
  CHECK(view.take_present(object_at("a", 9)).value() == map_of("a"));
  // The server looked before "new" was written.
  CHECK(view.complete("35") == std::vector<ResourceId>{map_of("b")});
  CHECK(view.size() == 2);
}

TEST_CASE("an older state of an object does not make it vanish when the watch begins anew") {
  KindView view = synchronised();
  view.note(read_live_object(object_at("a", 30), map_kind).value());
  view.begin_anew(KindView::Trust::known);
  CHECK_FALSE(view.take_present(object_at("a", 9)).value());
  CHECK(view.take_present(object_at("b", 12)).value() == map_of("b"));
  CHECK(view.complete("50").empty());
  CHECK(version_in(view, "a") == "30");
}

TEST_CASE("a server from a backup is believed though its versions are smaller") {
  KindView view = synchronised();
  view.begin_anew(KindView::Trust::none);
  CHECK(view.take_present(object_at("a", 3)).value() == map_of("a"));
  CHECK(view.complete("4") == std::vector<ResourceId>{map_of("b")});
  CHECK(version_in(view, "a") == "3");
  CHECK_FALSE(view.take_present(object_at("a", 2)).value());
}

TEST_CASE("an object without a name or uid is an error") {
  KindView view(map_kind);
  CHECK_FALSE(view.take_present(yaml_value("metadata: {namespace: home}")));
  CHECK_FALSE(view.take_gone(yaml_value("{}"), "3"));
}
