#include "runpin/cli/typed_commands.h"

#include <gtest/gtest.h>

#include "runpin/cli/wrapped.h"

namespace runpin::cli {
namespace {

TEST(TypedCommands, CarryTheWorkspace) {
  const std::pair<const char*, const char*> k_texts[] = {
      {"mend it, then runpin resume", "mend it, then runpin -w w resume"},
      {"runpin run: never in place", "runpin -w w run: never in place"},
      {"`runpin registry get KEY`", "`runpin -w w registry get KEY`"},
      {"runpin reset record --class C, then runpin resume",
       "runpin -w w reset record --class C, then runpin -w w resume"},
      {"runpin probe-store", "runpin -w w probe-store"},
      {"runpin verify RUN", "runpin -w w verify RUN"},
      {"runpin init DIR", "runpin init DIR"},
      {"runpin -w w run", "runpin -w w run"},
      {"runpin digest FILE", "runpin digest FILE"},
      {"runpin runs well", "runpin runs well"},
      {"build/release/runpin run", "build/release/runpin run"},
      {"a defect of runpin, then", "a defect of runpin, then"},
      {"runpin ", "runpin "},
      {"", ""}};
  for (const auto& [text, typed] : k_texts) EXPECT_EQ(in_workspace(text, "w"), typed);
  EXPECT_EQ(in_workspace("runpin run", "it's"), "runpin -w 'it'\\''s' run");
}

TEST(Wrapped, KeepsEightyColumnsAndEveryWord) {
  const std::string word(30, 'x');
  const std::string text = word + " " + word + " " + word + " y";
  EXPECT_EQ(wrapped("  fix  ", text), "  fix  " + word + " " + word + "\n       " + word + " y");
  EXPECT_EQ(wrapped("", "short"), "short");
  EXPECT_EQ(wrapped("a ", ""), "a ");
  EXPECT_EQ(wrapped("a ", std::string(100, 'x')), "a " + std::string(100, 'x'));
  EXPECT_EQ(wrapped("", std::string(79, 'x') + " y"), std::string(79, 'x') + "\ny");
  EXPECT_EQ(wrapped("", std::string(78, 'x') + " y"), std::string(78, 'x') + " y");
  const std::string command = "runpin reset record --class C --scope S";
  EXPECT_EQ(wrapped("fix ", std::string(50, 'x') + " " + command + ", then runpin resume"),
            "fix " + std::string(50, 'x') + "\n    " + command + ", then runpin resume");
  EXPECT_EQ(wrapped("", "runpin " + std::string(60, 'a') + " " + std::string(60, 'b')),
            "runpin " + std::string(60, 'a') + "\n" + std::string(60, 'b'));
  std::string umlauts;
  for (int i = 0; i < 80; ++i) umlauts += i == 40 ? " " : "\u00fc";
  EXPECT_EQ(wrapped("", umlauts), umlauts);
}

}  // namespace
}  // namespace runpin::cli
