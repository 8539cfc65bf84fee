#include "runpin/cli/aws_session.h"

#include <thread>

#include "runpin/adapters/local/child_process.h"
#include "runpin/adapters/local/fd.h"

namespace runpin::cli {
namespace {

constexpr std::chrono::milliseconds k_program_deadline{60000};
constexpr std::size_t k_program_bytes = 1u << 20;

AwsOutside outside_of(Context& context) {
  return {.environment = context.environment,
          .read_file = [](const std::string& path) { return read_regular_file(path, path); },
          .run_program =
              [](const std::vector<std::string>& words) {
                return run_child({words, ".", k_program_deadline, k_program_bytes});
              }};
}

// [0, 1), from 48 random bits.
double random_fraction(Context& context) {
  constexpr std::size_t k_bytes = 6;
  const std::string hex = context.random_hex(k_bytes);
  return static_cast<double>(std::stoull(hex, nullptr, 16)) / static_cast<double>(1ull << 48);
}

std::chrono::milliseconds monotonic() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

RetryWorld AwsSession::make_world(Context& context) {
  return {.now = context.now,
          .uniform = [&context] { return random_fraction(context); },
          .sleep = [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); },
          .ticks = monotonic,
          .log =
              [this, &context](const std::string& line) {
                const std::lock_guard lock(log_mutex_);
                context.output.detail(line);
              }};
}

AwsSession::AwsSession(Context& context, AwsOutside outside, AwsSettings settings)
    : web_({.ca_bundle = settings.ca_bundle, .proxy = CurlSettings::Proxy::k_from_environment}),
      metadata_({.ca_bundle = settings.ca_bundle, .proxy = CurlSettings::Proxy::k_none}),
      search_{std::move(outside), std::move(settings), web_, metadata_, make_world(context)},
      credentials_(search_),
      client_(web_, credentials_, search_.world, search_.settings.retry) {}

Result<std::unique_ptr<AwsSession>> AwsSession::make(Context& context) {
  AwsOutside outside = outside_of(context);
  auto settings = read_aws_settings(outside);
  if (!settings) return tl::unexpected(settings.error());
  return std::unique_ptr<AwsSession>(
      new AwsSession(context, std::move(outside), *std::move(settings)));
}

}  // namespace runpin::cli
