#include "runpin/cli/output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace runpin::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What an Output wrote to each stream.
struct Written {
  std::string out;
  std::string err;
};

std::string content_of(std::FILE* file) {
  std::string content;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) content += static_cast<char>(c);
  return content;
}

template <class Write>
Written written(OutputOptions options, Write write) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::tmpfile(), std::fclose);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> err(std::tmpfile(), std::fclose);
  Output output(out.get(), err.get(), options);
  write(output);
  EXPECT_TRUE(output.finish());
  return {content_of(out.get()), content_of(err.get())};
}

void say_everything(Output& output) {
  output.line("result");
  output.document(object({{"a", 1}}));
  output.progress("progress");
  output.detail("detail");
  output.notice("notice");
}

TEST(Output, KeepsResultsAndProgressApart) {
  const auto plain = written({}, say_everything);
  EXPECT_EQ(plain.out, "result\n");
  EXPECT_EQ(plain.err, "progress\nnotice\n");
}

TEST(Output, WithJsonHasOneDocumentOnStdoutAndNothingElse) {
  const auto json = written({.json = true}, say_everything);
  EXPECT_EQ(json.out, "{\n  \"a\": 1\n}\n");
  EXPECT_EQ(json.err, "notice\n");
}

TEST(Output, QuietDropsProgressAndVerboseAddsDetail) {
  EXPECT_EQ(written({.quiet = true}, say_everything).err, "notice\n");
  EXPECT_EQ(written({.verbosity = 1}, say_everything).err, "progress\ndetail\nnotice\n");
}

TEST(Output, ErrorsAreOneLineAndCannotDriveATerminal) {
  const auto shown = written({}, [](Output& output) {
    EXPECT_EQ(output.error({ErrorKind::k_config, "two\nlines \x1b[2J", "a.md:1:2", "mend it"}), 2);
  });
  EXPECT_EQ(shown.out, "");
  EXPECT_EQ(shown.err, "runpin: a.md:1:2: two lines  [2J (mend it)\n");
}

TEST(Output, ErrorsAreADocumentWithJson) {
  const auto shown = written({.json = true}, [](Output& output) {
    EXPECT_EQ(output.error({ErrorKind::k_io, "disk", "here", ""}), 1);
  });
  EXPECT_EQ(
      shown.out,
      "{\n  \"error\": {\n    \"fix\": \"\",\n    \"kind\": \"io\",\n    \"message\": \"disk\",\n"
      "    \"where\": \"here\"\n  },\n  \"exit_code\": 1\n}\n");
}

// Put together here, so that no scanner of sources takes it for a real one.
const std::string k_secret = std::string("AKIA") + "QY7D3RHXW2" + "LTNB5M";

TEST(Output, WithholdsSecretsFromEveryLineAndDocument) {
  const auto say = [](Output& output) {
    output.line("result " + k_secret);
    output.progress("progress " + k_secret);
    output.detail("detail " + k_secret);
    output.notice("notice " + k_secret);
    output.document(object({{k_secret, array({k_secret, "kept"})}, {"b", object({{"c", 1}})}}));
    output.error(
        {ErrorKind::k_config, "message " + k_secret, k_secret + ":1:1", "fix " + k_secret});
  };
  for (const bool json : {false, true}) {
    const auto shown = written({.json = json, .verbosity = 1}, say);
    EXPECT_THAT(shown.out + shown.err, Not(HasSubstr(k_secret)));
    EXPECT_THAT(shown.out + shown.err, HasSubstr("[withheld: aws-access-key-id]"));
  }
  const auto document = written({.json = true}, [](Output& output) {
    output.document(object({{"a", array({k_secret, "kept"})}, {"b", 1}}));
  });
  EXPECT_EQ(document.out,
            "{\n  \"a\": [\n    \"[withheld: aws-access-key-id]\",\n    \"kept\"\n  ],\n"
            "  \"b\": 1\n}\n");
}

TEST(Output, ColoursOnlyWhereAskedTo) {
  const auto paint = [](Output& output) { output.line(output.paint(Style::k_bad, "x")); };
  EXPECT_EQ(written({}, paint).out, "x\n");
  EXPECT_EQ(written({.color_stdout = true}, paint).out, "\x1b[31mx\x1b[0m\n");
  EXPECT_EQ(written({.color_stderr = true}, paint).out, "x\n");
}

}  // namespace
}  // namespace runpin::cli
