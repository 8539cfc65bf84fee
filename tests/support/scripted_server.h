// An HTTP/1.1 server on a free loopback port that answers as a script says, well or badly.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace runpin::testing {

struct SeenRequest {
  std::string method;
  std::string target;                          // "/path?query", as it came over the wire
  std::map<std::string, std::string> headers;  // by lower-case name
  std::string body;
  int connection = 0;  // from 0, in the order in which connections were accepted
};

struct ScriptedAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};

  // What Content-Length says instead of the body's size.
  std::optional<std::size_t> claimed_length = {};
  // Goes out instead of all the above.
  std::optional<std::string> raw = {};
  // Only the first so many bytes of the answer go out.
  std::optional<std::size_t> cut_after = {};

  enum class Then {
    k_keep,     // the connection stays for the next request
    k_close,    // closed in order
    k_reset,    // RST
    k_silence,  // nothing more, until the client goes away
    k_endless,  // more and more bytes, until the client goes away
  };
  Then then = Then::k_keep;

  static ScriptedAnswer with(int status, std::string body = {}) {
    return {status, {}, std::move(body)};
  }
  // Nothing but an end: reset, silence, …
  static ScriptedAnswer nothing(Then then) { return {0, {}, {}, {}, "", {}, then}; }
};

// Where a connection ends before a whole request has been read.
enum class EarlyEnd {
  k_none,
  k_reset_when_accepted,
  k_reset_after_first_byte,
  k_reset_after_headers,  // before the body is read
};

class ScriptedServer {
 public:
  using Handler = std::function<ScriptedAnswer(const SeenRequest&)>;

  // The nth request gets the nth answer; when there is none left, 599.
  explicit ScriptedServer(std::vector<ScriptedAnswer> answers);
  // Called from several threads, one a connection.
  explicit ScriptedServer(Handler handler);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  // The next `connections` end like that; set before they are made.
  void end_early(EarlyEnd how, int connections);

  int port() const { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url() const { return "http://" + host(); }

  std::vector<SeenRequest> requests() const;  // whole ones, in the order in which they came
  int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int socket, int connection);
  bool serve_one(int socket, int connection, std::string& unread);
  ScriptedAnswer answer_for(const SeenRequest& request);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<int> early_ends_left_ = 0;
  std::atomic<EarlyEnd> early_end_ = EarlyEnd::k_none;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<SeenRequest> requests_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// A loopback port on which nothing listens.
int closed_port();

}  // namespace runpin::testing
