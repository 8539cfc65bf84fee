#include "runpin/adapters/focus/csv.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "tests/adapters/temp_dir.h"

namespace runpin {
namespace {

using Table = std::vector<std::vector<std::string>>;

// The rows, or the error.
Result<Table> read(std::string_view text) {
  CsvReader reader(text, "t.csv");
  Table table;
  CsvRow row;
  while (true) {
    const auto more = reader.next(row);
    if (!more) return tl::unexpected(more.error());
    if (!*more) return table;
    table.emplace_back();
    for (const CsvCell& cell : row) table.back().push_back(cell.text);
  }
}

std::string in_quotes(const std::string& cell) {
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

TEST(Csv, ReadsWhatRfc4180Allows) {
  const std::pair<std::string, Table> rows[] = {
      {"", {}},
      {"a", {{"a"}}},
      {"a\n", {{"a"}}},
      {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
      {",", {{"", ""}}},
      {"a,\n,b\n", {{"a", ""}, {"", "b"}}},
      {"long,\"quoted\",c\n\"d\"\n,e\n", {{"long", "quoted", "c"}, {"d"}, {"", "e"}}},
      {"\"a\",\"\"\n", {{"a", ""}}},
      {"\"a\"\"b\",\"c,d\",\"e\r\nf\"\n", {{"a\"b", "c,d", "e\r\nf"}}},
      {"\"\"\"\"\n", {{"\""}}},
      {"a\n\nb\n", {{"a"}, {""}, {"b"}}},
      {" a , b \n", {{" a ", " b "}}},
      {"\xef\xbb\xbf\"a\",b\n", {{"a", "b"}}},
  };
  for (const auto& [text, table] : rows) {
    const auto got = read(text);
    ASSERT_TRUE(got) << text << ": " << one_line(got.error());
    EXPECT_EQ(*got, table) << text;
  }
}

TEST(Csv, RefusesTheRestWithItsPosition) {
  const struct {
    std::string text, where, message;
  } rows[] = {
      {"a,b\nc,\"d", "t.csv:2:3", "the cell's quote is never closed"},
      {"\"a\n\n\n", "t.csv:1:1", "the cell's quote is never closed"},
      {"a,b\"c\"\n", "t.csv:1:4", "a quote within a cell that does not begin with one"},
      {"a\n\"b\nc\" ,d\n", "t.csv:3:3", "expected a comma or the line's end behind the quote"},
      {"a\rb\n", "t.csv:1:2", "a carriage return without a line feed"},
      {"a\n\"b\"\r", "t.csv:2:4", "a carriage return without a line feed"},
  };
  for (const auto& row : rows) {
    const auto got = read(row.text);
    ASSERT_FALSE(got) << row.text;
    EXPECT_EQ(got.error().kind, ErrorKind::k_malformed);
    EXPECT_EQ(got.error().where, row.where) << row.text;
    EXPECT_EQ(got.error().message, row.message);
  }
}

TEST(Csv, KnowsWhereEveryCellStands) {
  CsvReader reader(
      "\xef\xbb\xbf"
      "a,\"b\nb\",c\r\n,\"d\"\n",
      "t.csv");
  CsvRow row;
  std::vector<Position> places;
  while (reader.next(row).value())
    for (const CsvCell& cell : row) places.push_back(cell.position);
  EXPECT_EQ(places, (std::vector<Position>{{1, 1}, {1, 3}, {2, 4}, {3, 1}, {3, 2}}));
}

std::string random_text(std::mt19937& random, std::size_t max_length) {
  constexpr std::string_view k_pieces[] = {",", "\"", "\"\"", "\r\n",     "\n",   "\r",
                                           "a", "b",  " ",    "\xc3\xa4", "\",\""};
  std::string text;
  for (auto length = random() % (max_length + 1); length > 0; --length)
    text += k_pieces[random() % std::size(k_pieces)];
  return text;
}

TEST(Csv, ReadsBackEveryTableThatIsRendered) {
  std::mt19937 random(4180);
  for (int i = 0; i < 20'000; ++i) {
    Table table(random() % 5);
    const std::size_t width = 1 + random() % 4;
    const std::string line_end = random() % 2 ? "\n" : "\r\n";
    std::string text = random() % 8 ? "" : "\xef\xbb\xbf";
    for (auto& row : table) {
      for (std::size_t c = 0; c < width; ++c) {
        row.push_back(random_text(random, 6));
        const bool plain = row.back().find_first_of(",\"\r\n") == std::string::npos;
        text += (c > 0 ? "," : "") + (plain && random() % 2 ? row.back() : in_quotes(row.back()));
      }
      text += line_end;
    }
    ASSERT_EQ(read(text).value(), table) << text;
  }
}

// Python's reader takes more than RFC 4180 does; what both take, they take alike. An empty line is
// an empty row there.
TEST(Csv, AgreesWithPython) {
  std::mt19937 random(1180);
  Json texts;
  std::vector<std::string> accepted;
  for (int i = 0; i < 30'000; ++i) {
    const std::string text = random_text(random, 14);
    if (!read(text)) continue;
    accepted.push_back(text);
    texts.push(text);
  }
  ASSERT_GT(accepted.size(), 5000u);
  const testing::TempDir dir;
  testing::write_file(dir.path() / "texts.json", canonical(texts));
  testing::write_file(dir.path() / "peer.py", R"(
import csv, io, json, sys
with open(sys.argv[1], encoding="utf-8") as f:
    texts = json.load(f)
def rows(text):
    return [row or [""] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
with open(sys.argv[2], "w", encoding="utf-8") as f:
    json.dump([rows(text) for text in texts], f)
)");
  const std::string command = "python3 '" + (dir.path() / "peer.py").string() + "' '" +
                              (dir.path() / "texts.json").string() + "' '" +
                              (dir.path() / "rows.json").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const Json rows = read_json(testing::read_file(dir.path() / "rows.json"), "rows.json").value();
  ASSERT_EQ(rows.items().size(), accepted.size());
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    Table python;
    for (const Json& row : rows.items()[i].items()) python.push_back(row.strings().value());
    ASSERT_EQ(read(accepted[i]).value(), python) << accepted[i];
  }
}

}  // namespace
}  // namespace runpin
