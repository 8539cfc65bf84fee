// libcurl, loaded when the first request goes out: it brings thirty libraries with it, whose
// loading takes longer than a whole run on the embedded store may take to start.
#pragma once

#include <curl/curl.h>

namespace runpin {

struct CurlLibrary {
  decltype(&curl_global_init) global_init;
  decltype(&curl_easy_init) init;
  decltype(&curl_easy_cleanup) cleanup;
  decltype(&curl_easy_reset) reset;
  decltype(&curl_easy_setopt) setopt;
  decltype(&curl_easy_getinfo) getinfo;
  decltype(&curl_easy_perform) perform;
  decltype(&curl_easy_strerror) strerror;
  decltype(&curl_easy_nextheader) nextheader;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;

  // Loaded and initialised once, for as long as the process lives; null when that fails. Safe to
  // call from several threads.
  static const CurlLibrary* get();
};

}  // namespace runpin
