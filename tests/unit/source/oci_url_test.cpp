// SPDX-License-Identifier: Apache-2.0
// Specification of where an OCI artifact may be.
#include "source/oci_url.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace primocane;

namespace {

std::string place(std::string_view text) {
  const Result<OciUrl> url = OciUrl::parse(text);
  if (!url) {
    CHECK(url.error().kind == ErrorKind::invalid);
    return "error: " + url.error().message;
  }
  return url->registry() + " " + url->repository();
}

}  // namespace

TEST_CASE("an OCI URL names a registry and a repository") {
  CHECK(place("oci://ghcr.io/org/app") == "ghcr.io org/app");
  CHECK(place("oci://ghcr.io/org/app/") == "ghcr.io org/app");
  CHECK(place("oci://registry:5000/app") == "registry:5000 app");
  CHECK(place("oci://10.0.0.1/app") == "10.0.0.1 app");
  CHECK(place("oci://localhost/app") == "localhost app");
  CHECK(place("oci://[fd00::1]:5000/app") == "[fd00::1]:5000 app");
}

TEST_CASE("an OCI URL without a registry is Docker's") {
  CHECK(place("oci://org/app") == "index.docker.io org/app");
  CHECK(place("oci://app") == "index.docker.io library/app");
  CHECK(place("oci://docker.io/org/app") == "index.docker.io org/app");
  CHECK(place("oci://docker.io/app") == "index.docker.io library/app");
}

TEST_CASE("what is no OCI URL is refused") {
  for (const char* text :
       {"", "oci://", "https://ghcr.io/a", "oci://ghcr.io", "oci://ghcr.io/", "oci://ghcr.io/A",
        "oci://ghcr.io/a//b", "oci://ghcr.io/../b", "oci://ghcr.io/a/./b", "oci://ghcr.io:0/a",
        "oci://ghcr.io:x/a", "oci://ghcr.io:70000/a", "oci://[::1/a", "oci://-a.b/c",
        "oci://[::1]x5/a", R"(oci://[::1]\5/a)", "oci://gh cr.io/a", "oci://ghcr.io/a?b",
        "oci://ghcr.io/a\r\nX: y"}) {
    INFO(text);
    CHECK(place(text).starts_with("error: is no oci://REGISTRY/REPOSITORY: "));
  }
  CHECK(place("oci://ghcr.io/a:v1")
            .ends_with("remove \":v1\": tags and digests are set in spec.ref"));
  CHECK(place("oci://name:hush@ghcr.io/a").find("hush") == std::string::npos);
}

TEST_CASE("a registry in a private network is near") {
  for (const char* near : {"localhost", "localhost:5000", "127.0.0.1", "10.1.2.3:5000", "nas.local",
                           "172.16.0.1", "172.31.0.1", "192.168.1.1", "[::1]:5000"}) {
    INFO(near);
    CHECK(OciUrl::parse("oci://" + std::string(near) + "/a")->is_near());
  }
  for (const char* far : {"ghcr.io", "11.0.0.1", "172.32.0.1", "192.169.1.1",
                          "10.0.0.1.example.org", "10.0.0", "[fd00::1]"}) {
    INFO(far);
    CHECK_FALSE(OciUrl::parse("oci://" + std::string(far) + "/a")->is_near());
  }
}

TEST_CASE("a chart's repository lies below that of the charts") {
  const OciUrl charts = OciUrl::parse("oci://ghcr.io/org/charts/").value();
  CHECK(charts.below("podinfo")->str() == "oci://ghcr.io/org/charts/podinfo");
  CHECK_FALSE(charts.below("../podinfo"));
  CHECK_FALSE(charts.below("podinfo:1"));
}

TEST_CASE("digests and tags are taken as registries take them") {
  CHECK(OciDigest::of("").str() ==
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(OciDigest::parse(OciDigest::of("x").str())->hex().size() == 64);
  for (const char* text : {"", "sha256:", "sha512:00", "sha256:ABC"}) {
    CHECK_FALSE(OciDigest::parse(text));
  }
  CHECK(is_oci_tag("v1.0_2-rc"));
  for (const char* text : {"", ".a", "-a", "a/b", "a+b", "a b"}) CHECK_FALSE(is_oci_tag(text));
  CHECK_FALSE(is_oci_tag(std::string(129, 'a')));
}
