#include "runpin/adapters/aws/curl_library.h"

#include <dlfcn.h>

#include <optional>

namespace runpin {
namespace {

// Null when `library` has no such function.
template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::optional<CurlLibrary> load() {
  void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  CurlLibrary curl{};
  const bool complete = library && find(library, "curl_global_init", curl.global_init) &&
                        find(library, "curl_easy_init", curl.init) &&
                        find(library, "curl_easy_cleanup", curl.cleanup) &&
                        find(library, "curl_easy_reset", curl.reset) &&
                        find(library, "curl_easy_setopt", curl.setopt) &&
                        find(library, "curl_easy_getinfo", curl.getinfo) &&
                        find(library, "curl_easy_perform", curl.perform) &&
                        find(library, "curl_easy_strerror", curl.strerror) &&
                        find(library, "curl_easy_nextheader", curl.nextheader) &&
                        find(library, "curl_slist_append", curl.slist_append) &&
                        find(library, "curl_slist_free_all", curl.slist_free_all);
  if (!complete || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return {};
  return curl;
}

}  // namespace

const CurlLibrary* CurlLibrary::get() {
  static const std::optional<CurlLibrary> k_library = load();
  return k_library ? &*k_library : nullptr;
}

}  // namespace runpin
