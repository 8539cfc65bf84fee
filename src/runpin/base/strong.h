// Strings that must not be mixed up get a type each. A Strong<> is made only by naming its type.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace runpin {

template <class Tag>
class Strong {
 public:
  Strong() = default;
  explicit Strong(std::string text) : text_(std::move(text)) {}
  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Strong&) const = default;

 private:
  std::string text_;
};

// An object's name in the evidence store: UTF-8, 1 to 1,024 bytes, no leading '/'.
using ObjectKey = Strong<struct ObjectKeyTag>;
// 64 lowercase hex digits.
using Sha256 = Strong<struct Sha256Tag>;
// One execution of one lane: "m3a_20260223T174307Z", "m3a_20260223T174307Z_01".
using ExecutionId = Strong<struct ExecutionIdTag>;
// The run: "platform_20260223T174307Z", or with a collision suffix "_01" to "_20".
using PlatformRunId = Strong<struct PlatformRunIdTag>;
// The part that all execution ids of one `run` or `resume` share: "20260223T174307Z",
// "20260223T174307Z_01".
using Stamp = Strong<struct StampTag>;

}  // namespace runpin

template <class Tag>
struct std::hash<runpin::Strong<Tag>> {
  std::size_t operator()(const runpin::Strong<Tag>& value) const noexcept {
    return std::hash<std::string>{}(value.str());
  }
};
