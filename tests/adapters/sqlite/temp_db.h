// A platform database in a directory of its own.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "runpin/adapters/sqlite/platform_db.h"
#include "tests/adapters/temp_dir.h"

namespace runpin::testing {

// The value itself, so that a range-for may run over it; throws on an error.
template <class T>
T value_of(Result<T> result) {
  return std::move(result).value();
}

inline constexpr char k_name[] = "sqlite:.runpin/platform.db";

class PlatformDbTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto made = create_platform_db(file(), k_name);
    ASSERT_TRUE(made) << one_line(made.error());
  }
  std::filesystem::path file() const { return dir_.path() / ".runpin" / "platform.db"; }

  // What a person with the sqlite3 shell can do.
  SQLite::Database raw() const { return SQLite::Database(file().string(), SQLite::OPEN_READWRITE); }
  void sql(const std::string& statements) const { raw().exec(statements); }

  // No message shows where this machine keeps its files.
  void expect_no_real_path(const Error& error) const {
    EXPECT_EQ(one_line(error).find(dir_.path().string()), std::string::npos) << one_line(error);
  }

  TempDir dir_;
};

}  // namespace runpin::testing
