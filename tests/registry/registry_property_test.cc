#include <gmock/gmock.h>

#include <random>

#include "tests/registry/registry_support.h"

namespace runpin {
namespace {

// Random registries, from a fixed seed.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }

  template <class T, std::size_t N>
  const T& one_of(const T (&choices)[N]) {
    return choices[below(N)];
  }

  std::string key(std::size_t number) {
    std::string key(1, static_cast<char>('A' + below(26)));
    for (std::size_t i = below(6); i > 0; --i) key += one_of({'A', 'Z', '0', '9', '_', 'Q'});
    return key + "_" + std::to_string(number);
  }

  std::string text() {
    std::string text;
    for (std::size_t i = below(8); i > 0; --i) {
      text += one_of({"a",      "Z",     "`",    "``",  "\"",
                      "\\",     " ",     "*",    "_",   "|",
                      "<b>",    "&amp;", "ü",    "世",  "\xF0\x9F\x8C\x8A",
                      "[x](y)", "/",     "{id}", " = ", "\t",
                      "#",      "~~"});
    }
    return text;
  }

  Json value(int depth) {
    switch (below(depth > 0 ? 7 : 5)) {
      case 0:
        return Json(static_cast<std::int64_t>(random_()) >> below(60));
      case 1:
        return Json(below(2) == 1);
      case 2:
        return Json(JsonNumber{one_of({"0.5", "-1e+16", "1e-07", "12.25"})});
      case 3:
      case 4:
        return Json("v" + text());
      case 5:
        return list(depth);
      default:
        return map(depth);
    }
  }

 private:
  Json list(int depth) {
    Json list(Json::Array{value(depth - 1)});
    for (std::size_t i = below(4); i > 0; --i) list.push(value(depth - 1));
    return list;
  }

  Json map(int depth) {
    Json map(Json::Object{{"k", value(depth - 1)}});
    for (std::size_t i = below(4); i > 0; --i) map.set(text(), value(depth - 1));
    return map;
  }

  std::mt19937_64 random_;
};

// A code span that holds `content`, whatever backticks are in it.
std::string code_span(const std::string& content) {
  std::string fence = "`";
  while (content.find(fence) != std::string::npos) fence += "`";
  const bool padded = content.front() == '`' || content.back() == '`' || fence.size() > 1;
  const std::string pad = padded ? " " : "";
  return fence + pad + content + pad + fence;
}

struct Line {
  std::string key;
  Json value;
  std::string note;
  Position key_position;
};

std::string render(Maker& maker, std::vector<Line>& lines) {
  const std::string ending = maker.one_of({"\n", "\r\n"});
  const std::string bullet = maker.one_of({"* ", "- ", "+  ", "*\t", "> * ", "1. ", "12)  "});
  std::string text = maker.below(4) == 0 ? "\xEF\xBB\xBF" : "";
  for (std::size_t i = 0, count = 1 + maker.below(12); i < count; ++i) {
    Line line{maker.key(i),
              maker.value(3),
              maker.one_of({"", "(made in lane C)", "-> note", "ü 世"}),
              {}};
    const std::string span = code_span(line.key + " = " + canonical(line.value));
    line.key_position = position_at(text, text.size() + bullet.size() + span.find(line.key));
    line.key_position = {line.key_position.line, 0};
    const std::size_t line_start = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
    line.key_position.column = text.size() - line_start + bullet.size() + span.find(line.key) + 1;
    text += bullet + span + (line.note.empty() ? "" : " " + line.note) + ending;
    lines.push_back(std::move(line));
  }
  return text;
}

TEST(RegistryProperty, ParseIsTheInverseOfRender) {
  std::size_t handles = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Maker maker(seed);
    std::vector<Line> lines;
    const std::string text = render(maker, lines);
    const Registry registry = parsed(text);
    ASSERT_THAT(told(registry), testing::IsEmpty()) << text;
    ASSERT_EQ(registry.all().size(), lines.size()) << text;
    for (const Line& line : lines) {
      const Handle handle = registry.get(line.key);
      ASSERT_EQ(value_of(registry, line.key), canonical(line.value)) << text;
      ASSERT_EQ(handle.pins.at(0).note, line.note) << text;
      ASSERT_EQ(handle.pins.at(0).key_position, line.key_position) << text;
    }
    handles += lines.size();
  }
  EXPECT_GT(handles, 10000u);
}

// Everything that a registry says, in one text.
std::string account_of(const Result<Registry>& registry) {
  if (!registry) return one_line(registry.error());
  std::string account;
  for (const Handle& handle : registry->all()) {
    account += handle.key + value_of(*registry, handle.key);
    for (const Pin& pin : handle.pins)
      account += where(pin.note, pin.key_position) + where("", pin.value_position);
  }
  for (const Finding& finding : registry->findings())
    account += finding.rule + finding.key + finding.message + where(finding.fix, finding.position);
  return account;
}

TEST(RegistryProperty, AnyBytesGiveTheSameAnswerTwiceWithEveryPositionWithinTheText) {
  constexpr std::string_view k_pieces[] = {
      "*",        "`",    "``", " = ", "=",    "\"",  "[",  "{",      "}",    "]",
      "\n",       "\r",   "\t", "> ",  "    ", "K_1", "k",  "TO_PIN", "<!--", "```\n",
      "\xC3\xBC", "\xFF", "\\", "|",   "#",    "1. ", "- ", "---\n"};
  std::size_t accepted = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    Maker maker(seed);
    std::vector<Line> lines;
    std::string text = render(maker, lines);
    for (std::size_t i = 1 + maker.below(8); i > 0; --i) {
      const std::size_t at = maker.below(text.size() + 1);
      const std::size_t cut = std::min(maker.below(4), text.size() - at);
      const bool raw = maker.below(4) == 0;
      const std::string piece = raw ? std::string(1, static_cast<char>(maker.below(256)))
                                    : std::string(maker.one_of(k_pieces));
      text.replace(at, cut, piece);
    }
    const auto registry = Registry::parse(text, "r.md");
    ASSERT_EQ(account_of(registry), account_of(Registry::parse(text, "r.md"))) << text;
    if (!registry) continue;
    ++accepted;
    const Position end = position_at(text, text.size());
    for (const Finding& finding : registry->findings()) {
      ASSERT_LE(finding.position, end) << text;
      ASSERT_NE(finding.fix, "") << text;
    }
    for (const Handle& handle : registry->all()) {
      ASSERT_FALSE(handle.pins.empty()) << text;
      for (const Pin& pin : handle.pins) {
        const std::size_t line_count = pin.key_position.line;
        std::size_t begin = 0;
        for (std::size_t line = 1; line < line_count; ++line) begin = text.find('\n', begin) + 1;
        ASSERT_EQ(text.substr(begin + pin.key_position.column - 1, pin.key.size()), pin.key)
            << text;
      }
    }
  }
  EXPECT_GT(accepted, 1000u);
}

}  // namespace
}  // namespace runpin
