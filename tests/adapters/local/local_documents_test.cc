#include "runpin/adapters/local/local_documents.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/adapters/in_child.h"
#include "tests/adapters/temp_dir.h"

namespace runpin {
namespace {

using testing::names_in;
using testing::read_file;
using testing::write_file;

namespace fs = std::filesystem;

class LocalDocumentsTest : public ::testing::Test {
 protected:
  fs::path at(const std::string& name) const { return dir_.path() / name; }
  ErrorKind read_error(const std::string& path) {
    const auto bytes = documents_.read(path);
    EXPECT_FALSE(bytes) << path;
    return bytes ? ErrorKind::k_internal : checked(bytes.error(), path);
  }
  // The kind, once it is sure that the message shows the path as given and nothing of this machine.
  ErrorKind checked(const Error& error, const std::string& path) {
    EXPECT_EQ(error.where, path);
    EXPECT_EQ(one_line(error).find(dir_.path().string()), std::string::npos);
    EXPECT_FALSE(error.fix.empty());
    return error.kind;
  }

  testing::TempDir dir_;
  LocalDocuments documents_{dir_.path()};
};

TEST_F(LocalDocumentsTest, ReadsAnyBytes) {
  for (const std::size_t size : {0, 1, 4095, 4096, 4097, 1'000'000}) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 7);
    write_file(at("f"), bytes);
    EXPECT_EQ(documents_.read("f").value(), bytes);
  }
  EXPECT_TRUE(documents_.read(at("f").string()));  // an absolute path is what it says
}

TEST_F(LocalDocumentsTest, ReadsThroughASymbolicLink) {
  write_file(at("f"), "x");
  fs::create_symlink("f", at("link"));
  EXPECT_EQ(documents_.read("link").value(), "x");
}

TEST_F(LocalDocumentsTest, NamesWhatCannotBeRead) {
  fs::create_directory(at("dir"));
  write_file(at("file"), "x");
  ASSERT_EQ(mkfifo(at("fifo").c_str(), 0600), 0);
  fs::create_symlink("loop", at("loop"));
  EXPECT_EQ(read_error("none"), ErrorKind::k_not_found);
  EXPECT_EQ(read_error("none/at/all"), ErrorKind::k_not_found);
  EXPECT_EQ(read_error("file/below"), ErrorKind::k_not_found);
  EXPECT_EQ(read_error("dir"), ErrorKind::k_io);
  EXPECT_EQ(read_error("fifo"), ErrorKind::k_io);
  EXPECT_EQ(read_error("loop"), ErrorKind::k_io);
  EXPECT_EQ(documents_.read("dir").error().message, "expected a file, found a directory");
}

TEST_F(LocalDocumentsTest, RefusesWhatIsTooLarge) {
  write_file(at("f"), "x");
  fs::resize_file(at("f"), 64u << 20);
  EXPECT_EQ(documents_.read("f").value().size(), 64u << 20);
  fs::resize_file(at("f"), (64u << 20) + 1);
  EXPECT_EQ(read_error("f"), ErrorKind::k_io);
  EXPECT_EQ(checked(documents_.check_appendable("f").error(), "f"), ErrorKind::k_io);
}

TEST_F(LocalDocumentsTest, APathThatMayNotBeReadOrReplacedIsDenied) {
  fs::permissions(dir_.path(), fs::perms(0755));
  write_file(at("secret"), "x");
  fs::permissions(at("secret"), fs::perms(0));
  write_file(at("fixed"), "x");
  fs::permissions(at("fixed"), fs::perms(0444));
  const int code = testing::in_child([&] {
    if (!testing::drop_privileges()) return 99;
    if (documents_.read("secret").error().kind != ErrorKind::k_denied) return 1;
    if (documents_.check_appendable("fixed").error().kind != ErrorKind::k_denied) return 2;
    if (documents_.append_once("fixed", "m", "m").error().kind != ErrorKind::k_denied) return 3;
    return 0;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(names_in(dir_.path()), (std::vector<std::string>{"fixed", "secret"}));
}

TEST_F(LocalDocumentsTest, AppendsANoteOnce) {
  write_file(at("log.md"), "# Log\n");
  ASSERT_TRUE(documents_.check_appendable("log.md"));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(documents_.append_once("log.md", "run-1", "- run-1\n"));
  ASSERT_TRUE(documents_.append_once("log.md", "run-2", "- run-2\n"));
  EXPECT_EQ(read_file(at("log.md")), "# Log\n- run-1\n- run-2\n");
  EXPECT_EQ(names_in(dir_.path()), std::vector<std::string>{"log.md"});
}

TEST_F(LocalDocumentsTest, StartsTheNoteOnALineOfItsOwn) {
  const std::pair<std::string, std::string> rows[] = {{"", "n\n"},
                                                      {"a", "a\nn\n"},
                                                      {"a\n", "a\nn\n"},
                                                      {"a\r\n", "a\r\nn\n"},
                                                      {"a\n\n", "a\n\nn\n"}};
  for (const auto& [before, after] : rows) {
    write_file(at("f"), before);
    ASSERT_TRUE(documents_.append_once("f", "n", "n\n"));
    EXPECT_EQ(read_file(at("f")), after);
  }
}

TEST_F(LocalDocumentsTest, WritesNothingWhereTheMarkerStands) {
  write_file(at("f"), "has run-1 within");
  struct stat before {
  }, after{};
  ASSERT_EQ(stat(at("f").c_str(), &before), 0);
  ASSERT_TRUE(documents_.append_once("f", "run-1", "run-1\n"));
  ASSERT_EQ(stat(at("f").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_EQ(read_file(at("f")), "has run-1 within");
}

TEST_F(LocalDocumentsTest, KeepsTheModeAndTheSymbolicLink) {
  fs::create_directory(at("real"));
  write_file(at("real/f"), "x\n");
  fs::permissions(at("real/f"), fs::perms(0640));
  fs::create_symlink("real/f", at("link"));
  ASSERT_TRUE(documents_.append_once("link", "n", "n\n"));
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(read_file(at("real/f")), "x\nn\n");
  EXPECT_EQ(fs::status(at("real/f")).permissions(), fs::perms(0640));
}

TEST_F(LocalDocumentsTest, TakesAwayWhatACrashLeft) {
  write_file(at("f"), "x\n");
  write_file(at(".f.runpin-new"), "half");
  ASSERT_TRUE(documents_.append_once("f", "n", "n\n"));
  EXPECT_EQ(read_file(at("f")), "x\nn\n");
  EXPECT_EQ(names_in(dir_.path()), std::vector<std::string>{"f"});
}

TEST_F(LocalDocumentsTest, RefusesToAppendToWhatIsNoFile) {
  fs::create_directory(at("dir"));
  ASSERT_EQ(mkfifo(at("fifo").c_str(), 0600), 0);
  const std::pair<std::string, ErrorKind> rows[] = {
      {"none", ErrorKind::k_not_found}, {"dir", ErrorKind::k_io}, {"fifo", ErrorKind::k_io}};
  for (const auto& [path, kind] : rows) {
    EXPECT_EQ(checked(documents_.check_appendable(path).error(), path), kind);
    EXPECT_EQ(checked(documents_.append_once(path, "n", "n").error(), path), kind);
  }
  EXPECT_EQ(names_in(dir_.path()), (std::vector<std::string>{"dir", "fifo"}));
}

TEST_F(LocalDocumentsTest, ManyProcessesAppendEachNoteOnce) {
  constexpr int k_processes = 16, k_notes = 8;
  write_file(at("f"), "start\n");
  const auto outcomes = testing::race(k_processes, [&](int i) {
    for (int n = 0; n < k_notes; ++n) {
      const std::string note = "own " + std::to_string(i) + "." + std::to_string(n) + ";\n";
      if (!documents_.append_once("f", note, note)) return 1;
      const std::string shared = "shared " + std::to_string(n) + ";\n";
      if (!documents_.append_once("f", shared, shared)) return 1;
    }
    return 0;
  });
  EXPECT_EQ(outcomes, (std::map<int, int>{{0, k_processes}}));
  std::vector<std::string> lines, expected = {"start"};
  std::ifstream file(at("f"));
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  for (int n = 0; n < k_notes; ++n) {
    expected.push_back("shared " + std::to_string(n) + ";");
    for (int i = 0; i < k_processes; ++i)
      expected.push_back("own " + std::to_string(i) + "." + std::to_string(n) + ";");
  }
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front(), "start");
  std::sort(lines.begin(), lines.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(lines, expected);
  EXPECT_EQ(names_in(dir_.path()), std::vector<std::string>{"f"});
}

}  // namespace
}  // namespace runpin
