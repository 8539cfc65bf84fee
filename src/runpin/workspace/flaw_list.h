// Every flaw of one runpin.toml, of which one is told.
#pragma once

#include <string>
#include <vector>

#include "runpin/workspace/toml_document.h"

namespace runpin {

class FlawList {
 public:
  // REQUIRES: `document` outlives this.
  explicit FlawList(const TomlDocument& document) : document_(document) {}

  // A table or key that nobody knows: it is told before all others, since it often is why another
  // one is missing.
  void add_unknown(const toml::key& key, std::string message, std::string fix);
  void add(const toml::source_region& at, std::string message, std::string fix);

  bool empty() const { return flaws_.empty(); }
  // The first unknown name, else the first flaw of the file. REQUIRES: not empty().
  const Error& first() const;

 private:
  struct Flaw {
    bool is_known_name;
    Position position;
    Error error;
  };
  void add(bool is_known_name, const toml::source_region& at, std::string message, std::string fix);

  const TomlDocument& document_;
  std::vector<Flaw> flaws_;
};

}  // namespace runpin
