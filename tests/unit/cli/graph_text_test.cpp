// SPDX-License-Identifier: Apache-2.0
#include "cli/graph_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace primocane {
namespace {

const WallTime now = WallTime(std::chrono::hours(500'000));

std::vector<KustomizationStatus> graph() {
  KustomizationStatus root;
  root.name = {"flux-system", "flux-system"};
  root.path = "clusters/home";
  root.objects = 3;
  root.readiness = {.ready = Ready::yes,
                    .reason = "ReconciliationSucceeded",
                    .message = "Applied revision: main@sha1:0123456789abcdef",
                    .revision = "main@sha1:0123456789abcdef",
                    .since = now - std::chrono::minutes(5)};
  KustomizationStatus apps = root;
  apps.name = {"flux-system", "apps"};
  apps.container = "flux-system/flux-system";
  apps.source = "GitRepository/flux-system/home";
  apps.path = "apps";
  apps.objects = 1;
  apps.readiness = {
      .ready = Ready::no, .reason = "BuildFailed", .message = "apps/web.yaml:3: no\nnewline"};
  KustomizationStatus last = apps;
  last.name = {"flux-system", "last"};
  last.is_suspended = true;
  return {root, apps, last};
}

TEST_CASE("Kustomizations are listed as flux lists them") {
  CHECK(list_kustomizations(graph(), now) ==
        "NAMESPACE    NAME         REVISION            SUSPENDED  READY  AGE    MESSAGE\n"
        "flux-system  flux-system  main@sha1:01234567  False      True   5 min  "
        "Applied revision: main@sha1:0123456789abcdef\n"
        "flux-system  apps                             False      False         "
        "apps/web.yaml:3: no newline\n"
        "flux-system  last                             True       False         "
        "apps/web.yaml:3: no newline\n");
}

TEST_CASE("a pause is listed with its end") {
  std::vector<KustomizationStatus> all = graph();
  all.resize(1);
  all.front().is_suspended = true;
  all.front().suspended_until = "2026-11-30T08:00:00Z";
  CHECK(list_kustomizations(all, now).find(
            "True       True   5 min  suspended until 2026-11-30T08:00:00Z; Applied revision: ") !=
        std::string::npos);
}

std::vector<HelmReleaseStatus> releases() {
  HelmReleaseStatus web;
  web.namespace_name = "home";
  web.name = "web";
  web.container = "flux-system/apps";
  web.chart = "oci://ghcr.io/org/web";
  web.readiness = {.ready = Ready::yes,
                   .reason = "ReconciliationSucceeded",
                   .message = "revision 3 of release web is deployed",
                   .revision = "1.2.3",
                   .since = now - std::chrono::minutes(5)};
  HelmReleaseStatus db;
  db.namespace_name = "home";
  db.name = "db";
  db.container = "flux-system/flux-system";
  db.is_suspended = true;
  return {db, web};
}

TEST_CASE("HelmReleases are listed with the version of their chart") {
  CHECK(list_helm_releases(releases(), now) ==
        "NAMESPACE  NAME  REVISION  SUSPENDED  READY    AGE    MESSAGE\n"
        "home       db              True       Unknown\n"
        "home       web   1.2.3     False      True     5 min  "
        "revision 3 of release web is deployed\n");
}

TEST_CASE("the tree shows each Kustomization and HelmRelease below what contains it") {
  CHECK(draw_graph(graph(), releases()) ==
        "flux-system/flux-system  clusters/home  3 objects\n"
        "├── HelmRelease/home/db\n"
        "├── flux-system/apps  GitRepository/flux-system/home  apps  1 object\n"
        "│   └── HelmRelease/home/web  oci://ghcr.io/org/web  1.2.3\n"
        "└── flux-system/last  GitRepository/flux-system/home  apps  1 object\n");
}

}  // namespace
}  // namespace primocane
