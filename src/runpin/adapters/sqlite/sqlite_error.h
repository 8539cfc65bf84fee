// SQLite's errors as ours. Messages name the database as runpin.toml does, never by its real path.
#pragma once

#include <SQLiteCpp/Exception.h>

#include <filesystem>
#include <string>

#include "runpin/base/result.h"

namespace runpin {

inline constexpr int k_busy_timeout_ms = 30'000;

// busy or locked: k_unavailable. read-only or not permitted: k_denied. Full, I/O error, out of
// memory: k_unavailable. Corrupt or no database: k_malformed. Cannot be opened: k_not_found when
// `file` is missing, k_denied when it or its directory may not be written, else k_unavailable.
// Anything else is a defect: k_internal.
Error sqlite_error(const SQLite::Exception& exception, const std::filesystem::path& file,
                   const std::string& display);

// The answer when there is no file: `display` is the path as runpin.toml has it.
Error no_database(const std::string& display);

}  // namespace runpin
