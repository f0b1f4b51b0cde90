// SPDX-License-Identifier: Apache-2.0
// libcurl's handles, each wrapped once.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <utility>

namespace primocane {

template <auto release>
struct CurlDeleter {
  template <typename T>
  void operator()(T* handle) const {
    release(handle);
  }
};

using CurlEasy = std::unique_ptr<CURL, CurlDeleter<curl_easy_cleanup>>;
using CurlMultiHandle = std::unique_ptr<CURLM, CurlDeleter<curl_multi_cleanup>>;
using CurlUrl = std::unique_ptr<CURLU, CurlDeleter<curl_url_cleanup>>;
using CurlText = std::unique_ptr<char, CurlDeleter<curl_free>>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter<curl_slist_free_all>>;

/// Keeps libcurl initialised for as long as it lives. libcurl counts.
class CurlLibrary {
 public:
  CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
  ~CurlLibrary() { curl_global_cleanup(); }
};

}  // namespace primocane
