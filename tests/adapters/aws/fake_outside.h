// Environment, files and programs as plain data.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runpin/adapters/aws/aws_outside.h"

namespace runpin::testing {

struct FakeOutside {
  std::map<std::string, std::string> variables{{"HOME", "/home/user"}};
  std::map<std::string, std::string> files;
  std::map<std::string, ErrorKind> broken_files;
  std::map<std::vector<std::string>, std::string> programs;  // what each prints

  // Refers to this.
  AwsOutside outside() {
    return {[this](const std::string& name) -> std::optional<std::string> {
              const auto found = variables.find(name);
              if (found == variables.end() || found->second.empty()) return {};
              return found->second;
            },
            [this](const std::string& path) -> Result<Bytes> {
              if (const auto broken = broken_files.find(path); broken != broken_files.end())
                return fail(broken->second, "it is broken", path);
              const auto found = files.find(path);
              if (found == files.end()) return fail(ErrorKind::k_not_found, "no such file", path);
              return found->second;
            },
            [this](const std::vector<std::string>& words) -> Result<Bytes> {
              const auto found = programs.find(words);
              if (found == programs.end())
                return fail(ErrorKind::k_not_found, words.at(0) + " is not installed");
              return found->second;
            }};
  }

  void config(std::string text) { files["/home/user/.aws/config"] = std::move(text); }
  void credentials(std::string text) { files["/home/user/.aws/credentials"] = std::move(text); }
};

}  // namespace runpin::testing
