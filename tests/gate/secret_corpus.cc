#include "tests/gate/secret_corpus.h"

#include <functional>

#include "tests/gate/secret_makers.h"

namespace runpin {
namespace {

std::string hex_escape(unsigned char byte, std::string_view before, bool is_four_digits) {
  std::string text(before);
  if (is_four_digits) text += "00";
  return text + k_hex[byte >> 4] + k_hex[byte & 15];
}

std::string json_escaped(std::string_view text, bool with_slashes = false) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '"' || c == '\\' || (with_slashes && c == '/')) {
      escaped += '\\';
      escaped += c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string every_byte_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += hex_escape(static_cast<unsigned char>(c), "\\u", true);
  return escaped;
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (k_base64url.find(c) != std::string_view::npos || c == '.' || c == '~')
      encoded += c;
    else
      encoded += hex_escape(static_cast<unsigned char>(c), "%", false);
  }
  return encoded;
}

struct Context {
  std::string name;
  std::function<std::string(const std::string&)> embed;
};

std::vector<Context> contexts() {
  using Text = const std::string&;
  return {
      {"alone", [](Text text) { return text; }},
      {"json string",
       [](Text text) { return "{\"a\": 1, \"note\": \"" + json_escaped(text) + "\"}\n"; }},
      {"json string, slashes escaped",
       [](Text text) { return "[\"" + json_escaped(text, true) + "\"]"; }},
      {"json string, every byte escaped",
       [](Text text) { return "{\"note\":\"" + every_byte_escaped(json_escaped(text)) + "\"}"; }},
      {"json in a json string",
       [](Text text) {
         return "{\"input\":\"" + json_escaped("{\"note\":\"" + json_escaped(text) + "\"}") + "\"}";
       }},
      {"json key", [](Text text) { return "{\"" + json_escaped(text) + "\": true}"; }},
      {"environment line", [](Text text) { return "A=1\nVALUE=" + text + "\nB=2\n"; }},
      {"markdown code span",
       [](Text text) { return "* `HANDLE = \"" + text + "\"` (materialized in M2.B)\n"; }},
      {"query of a URL",
       [](Text text) { return "https://example.net/x?next=" + percent_encoded(text) + "&y=1"; }},
      {"prose",
       [](Text text) {
         return "The run of 2026-02-23 used (" + text + "), as noted, for the store.\n";
       }},
      {"end of a sentence", [](Text text) { return "Rotate " + text + "."; }},
      {"end of a CRLF line", [](Text text) { return "first\r\nx: " + text + "\r\nlast\r\n"; }},
      {"yaml", [](Text text) { return "store:\n  note: '" + text + "'\n"; }},
      {"between bytes that are no UTF-8",
       [](Text text) { return "\xff\xfe " + text + " \xc0\x80"; }},
      {"base64",
       [](Text text) { return "{\"blob\": \"" + base64_of("x: " + text + "\n") + "\"}"; }},
  };
}

}  // namespace

std::string base64_of(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      text += at + i > bytes.size() ? '=' : k_base64[group >> (18 - 6 * i) & 63];
  }
  return text;
}

std::string base64url_of(std::string_view bytes) {
  std::string text = base64_of(bytes);
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text.substr(0, text.find('='));
}

std::vector<SecretSample> make_secrets(std::uint32_t seed, int per_rule) {
  CorpusRandom random(seed);
  const std::vector<Context> places = contexts();
  std::vector<SecretSample> samples;
  for (const RuleMaker& maker : secret_makers()) {
    for (int i = 0; i < per_rule; ++i) {
      const Context& place = places[static_cast<std::size_t>(i) % places.size()];
      const Made made = maker.make(random);
      samples.push_back({maker.rule, place.name, place.embed(made.text), made.secret});
    }
  }
  return samples;
}

}  // namespace runpin
