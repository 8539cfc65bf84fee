#include "runpin/lanes/runbook.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/lanes/shown_text.h"
#include "runpin/registry/markdown.h"

namespace runpin {
namespace {

// The sentences that state a law, its own text first.
struct LawWordings {
  std::vector<std::string_view> wordings;
  std::string_view words;  // by which another sentence disputes it; "" when its lists are judged
};

const std::vector<LawWordings>& law_wordings() {
  static const std::vector<LawWordings> k_laws{
      {{"Never rerun by deleting append-only truth surfaces"},
       "rerun by deleting append only truth surfaces"},
      {{"Rerun from failed phase boundary", "Rerun from failed phase boundary only",
        "Rerun from failed phase boundary using run-scoped reset playbook only"},
       "rerun from failed phase boundary"},
      {{"Mandatory reset classes"}, ""}};
  return k_laws;
}
constexpr std::string_view k_classes_words = "mandatory reset classes";

// The items that name a class, in lower case: one that says anything more may permit anything.
struct ClassWordings {
  std::string_view name;
  std::vector<std::string_view> wordings;
};

const std::vector<ClassWordings>& class_wordings() {
  static const std::vector<ClassWordings> k_classes{
      {"service_runtime_reset",
       {"service/runtime reset", "service/runtime reset: restart/redeploy bounded lane only"}},
      {"checkpoint_reset",
       {"checkpoint reset", "checkpoint reset (only where policy exists)",
        "checkpoint reset: only where reset policy is explicitly defined"}},
      {"data_replay_reset",
       {"data replay reset", "data replay reset from committed replay basis",
        "data replay reset: rerun from committed replay basis, never from ad-hoc local inputs"}}};
  return k_classes;
}

// What is beyond these is a fault anyway, and need not be told in full.
constexpr std::size_t k_most_items = 20;
constexpr std::size_t k_most_disputing = 20;

constexpr std::string_view k_blanks = " \t\r\n";

std::string_view trimmed(std::string_view text, std::string_view also_at_end = "") {
  const auto first = text.find_first_not_of(k_blanks);
  if (first == std::string_view::npos) return {};
  text.remove_prefix(first);
  const auto last = text.find_last_not_of(std::string(k_blanks) + std::string(also_at_end));
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

std::string one_blank_each(std::string_view text) {
  std::string plain;
  for (const char c : trimmed(text)) {
    const bool blank = k_blanks.find(c) != std::string_view::npos;
    if (!blank || plain.back() != ' ') plain += blank ? ' ' : c;
  }
  return plain;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// " letters and digits in lower case with one blank around each word "
std::string words_of(std::string_view text) {
  std::string words = " ";
  for (const char c : lower(std::string(text))) {
    const bool counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (counts)
      words += c;
    else if (words.back() != ' ')
      words += ' ';
  }
  return words.back() == ' ' ? words : words + ' ';
}

// "6.2 Mandatory reset classes" -> "Mandatory reset classes"
std::string_view without_number(std::string_view heading) {
  const auto title = heading.find_first_not_of("0123456789.)");
  return title == std::string_view::npos || title == 0 || heading[title] != ' '
             ? heading
             : heading.substr(title + 1);
}

// True where the full stop behind `text` does not end the sentence.
bool ends_in_abbreviation(std::string_view text) {
  constexpr std::array<std::string_view, 6> k_abbreviations{"e.g", "i.e", "etc", "cf", "vs", "viz"};
  const std::string word = lower(std::string(text.substr(text.find_last_of(" (\"'") + 1)));
  return std::find(k_abbreviations.begin(), k_abbreviations.end(), word) != k_abbreviations.end();
}

// Their texts have one blank between words.
std::vector<RunbookSentence> sentences_of(const ProsePart& part) {
  std::vector<RunbookSentence> sentences;
  const std::string_view text = part.text;
  const auto add = [&](std::size_t begin, std::size_t end) {
    const auto first = text.find_first_not_of(k_blanks, begin);
    if (first < end)
      sentences.push_back({one_blank_each(text.substr(begin, end - begin)), part.line_of(first)});
  };
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '.' && text[at] != '!' && text[at] != '?') continue;
    const std::size_t next = std::min(text.find_first_not_of("\"')]", at + 1), text.size());
    const bool ends = next < text.size() && k_blanks.find(text[next]) != std::string_view::npos &&
                      !ends_in_abbreviation(text.substr(begin, at - begin));
    if (!ends) continue;
    add(begin, next);
    begin = next;
  }
  add(begin, text.size());
  return sentences;
}

bool is_one_of(const std::vector<std::string_view>& wordings, std::string_view text) {
  return std::find(wordings.begin(), wordings.end(), text) != wordings.end();
}

bool has_words_of_one(const std::vector<std::string_view>& wordings, const std::string& words) {
  return std::any_of(wordings.begin(), wordings.end(),
                     [&](std::string_view wording) { return words_of(wording) == words; });
}

void hold_against_laws(const ProsePart& part, const RunbookSentence& sentence,
                       std::vector<RunbookLaw>& laws) {
  const bool heading = part.kind == ProseKind::k_heading;
  const std::string_view text =
      heading ? without_number(sentence.text) : std::string_view(sentence.text);
  const std::string words = words_of(text);
  for (std::size_t i = 0; i < laws.size(); ++i) {
    const auto& [wordings, disputed_by] = law_wordings()[i];
    const std::string_view statement = trimmed(text, disputed_by.empty() ? ".!:" : ".!");
    if (!part.set_apart && is_one_of(wordings, statement)) {
      if (!laws[i].line) laws[i].line = sentence.line;
    } else if (!disputed_by.empty() && words.find(words_of(disputed_by)) != std::string::npos &&
               !has_words_of_one(wordings, words) && laws[i].disputing.size() < k_most_disputing) {
      laws[i].disputing.push_back({sentence.text, sentence.line});
    }
  }
}

using Parts = std::vector<ProsePart>;

// Adds the items of the list that begins at `at`; answers with where the list has ended. An item is
// all that it holds.
std::size_t read_items(const Parts& parts, std::size_t at, std::vector<ResetClassItem>& items) {
  int depth = 0;
  std::string text;
  bool plain = true;
  for (; at < parts.size(); ++at) {
    const ProsePart& part = parts[at];
    if (part.kind == ProseKind::k_end) {
      if (--depth == 0) return at + 1;
      if (depth > 1 || items.size() >= k_most_items) continue;
      const std::string item = lower(std::string(trimmed(one_blank_each(text), ".,;")));
      ResetClassItem read{one_blank_each(text), ""};
      for (const auto& [name, wordings] : class_wordings())
        if (plain && is_one_of(wordings, item)) read.name = name;
      items.push_back(std::move(read));
    } else if (part.kind == ProseKind::k_list || part.kind == ProseKind::k_item) {
      if (++depth > 2) continue;
      text.clear();
      plain = true;
    } else {
      text += (text.empty() ? "" : " ") + part.text;
      plain = plain && !part.set_apart && part.kind != ProseKind::k_other;
    }
  }
  return at;
}

// Reads the lists that follow part `i` where its last sentence announces the classes.
void read_classes(const Parts& parts, std::size_t i, const std::vector<RunbookSentence>& sentences,
                  std::vector<ResetClassList>& lists) {
  if (sentences.empty()) return;
  const std::string words = words_of(without_number(sentences.back().text));
  if (words.find(words_of(k_classes_words)) == std::string::npos) return;
  ResetClassList list{sentences.back().line, {}};
  std::size_t at = i + 1;
  while (at < parts.size() && parts[at].kind == ProseKind::k_list)
    at = read_items(parts, at, list.items);
  const bool in_item = i > 0 && parts[i - 1].kind == ProseKind::k_item;
  const bool owes_list = words == words_of(k_classes_words) && !in_item;
  if (owes_list || at > i + 1) lists.push_back(std::move(list));
}

std::optional<RunbookSentence> correlation_span(const Parts& parts) {
  for (const ProsePart& part : parts) {
    if (part.set_apart) continue;
    for (const ProseSpan& span : part.code) {
      const auto fields = split_list(span.text);
      if (fields.size() > 1 &&
          std::find(fields.begin(), fields.end(), "platform_run_id") != fields.end())
        return RunbookSentence{span.text, span.line};
    }
  }
  return {};
}

Json sentence_fact(const RunbookSentence& sentence) {
  return object({{"text", shown_text(sentence.text)}, {"line", sentence.line}});
}

Json laws_fact(const Runbook& runbook) {
  Json laws = Json::Array{};
  for (const RunbookLaw& law : runbook.laws) {
    Json disputing = Json::Array{};
    for (const RunbookSentence& sentence : law.disputing) disputing.push(sentence_fact(sentence));
    laws.push(object({{"text", law.text}, {"line", law.line}, {"disputing", disputing}}));
  }
  return laws;
}

Json classes_fact(const Runbook& runbook) {
  Json lists = Json::Array{};
  for (const ResetClassList& list : runbook.reset_classes) {
    Json classes = Json::Array{};
    for (const ResetClassItem& item : list.items)
      classes.push(item.name.empty() ? shown_text(item.text) : item.name);
    lists.push(object({{"line", list.line}, {"classes", classes}}));
  }
  return lists;
}

// The text, where it can be read as markdown.
Result<Bytes> read_runbook(World& world, const std::string& path) {
  Result<Bytes> bytes = world.documents().read(path);
  std::size_t bad = 0;
  if (bytes && !is_utf8(*bytes, &bad))
    return fail(ErrorKind::k_malformed, "the runbook is not UTF-8",
                where(path, position_at(*bytes, bad)), "save the file as UTF-8");
  if (bytes && bytes->size() > k_max_markdown_bytes)
    return fail(ErrorKind::k_malformed,
                fmt::format("the runbook is larger than {} MiB", k_max_markdown_bytes >> 20), path,
                "point inputs.runbook at the runbook");
  return bytes;
}

}  // namespace

Runbook parse_runbook(std::string_view markdown) {
  const Parts parts = markdown_prose(SourceText(markdown));
  Runbook runbook;
  for (const LawWordings& law : law_wordings())
    runbook.laws.push_back({std::string(law.wordings.front()), {}, {}});
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto sentences = sentences_of(parts[i]);
    for (const RunbookSentence& sentence : sentences)
      hold_against_laws(parts[i], sentence, runbook.laws);
    read_classes(parts, i, sentences, runbook.reset_classes);
  }
  runbook.correlation_span = correlation_span(parts);
  return runbook;
}

Json gather_runbook(World& world) {
  const std::string& path = world.workspace().runbook.value;
  const Result<Bytes> bytes = read_runbook(world, path);
  if (!bytes) return fact_of(bytes.error()).set("path", path);
  const Runbook runbook = parse_runbook(*bytes);
  const auto& span = runbook.correlation_span;
  Json value =
      object({{"laws", laws_fact(runbook)},
              {"reset_classes", classes_fact(runbook)},
              {"correlation_fields", span ? Json(split_list(shown_text(span->text))) : Json()},
              {"correlation_line", span ? Json(span->line) : Json()}});
  return fact_of(std::move(value)).set("path", path);
}

std::string place_in(std::string_view path, const Json& line) {
  return fmt::format("{}:{}", path, canonical(line));
}

}  // namespace runpin
