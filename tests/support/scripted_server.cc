#include "tests/support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <stdexcept>

namespace runpin::testing {
namespace {

using Then = ScriptedAnswer::Then;

std::pair<int, int> listen_on_loopback() {
  const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(socket_fd, generic, length) != 0 || listen(socket_fd, 64) != 0 ||
      getsockname(socket_fd, generic, &length) != 0)
    throw std::runtime_error("no loopback port");
  return {socket_fd, ntohs(address.sin_port)};
}

// Closes so that the client sees a reset, not an end.
void reset(int socket_fd) {
  const linger at_once{1, 0};
  setsockopt(socket_fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool read_more(int socket_fd, std::string& unread) {
  char buffer[16384];
  const ssize_t length = recv(socket_fd, buffer, sizeof buffer, 0);
  if (length > 0) unread.append(buffer, static_cast<std::size_t>(length));
  return length > 0;
}

bool write_all(int socket_fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t length = send(socket_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (length <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

// Reads and drops what comes until the client goes away or the server stops.
void wait_for_the_end(int socket_fd) {
  std::string ignored;
  while (read_more(socket_fd, ignored)) ignored.clear();
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

SeenRequest parse_head(const std::string& head) {
  SeenRequest request;
  const auto line_end = head.find("\r\n");
  const auto first = head.find(' ');
  const auto second = head.find(' ', first + 1);
  request.method = head.substr(0, first);
  request.target = head.substr(first + 1, second - first - 1);
  for (std::size_t at = line_end + 2; at < head.size();) {
    const auto end = std::min(head.find("\r\n", at), head.size());
    const auto colon = head.find(':', at);
    const auto value = std::min(head.find_first_not_of(' ', colon + 1), end);
    request.headers[lower(head.substr(at, colon - at))] = head.substr(value, end - value);
    at = end + 2;
  }
  return request;
}

std::string rendered(const ScriptedAnswer& answer, bool with_body) {
  if (answer.raw) return *answer.raw;
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " scripted\r\n";
  for (const auto& [name, value] : answer.headers) text += name + ": " + value + "\r\n";
  if (answer.then != Then::k_endless)
    text +=
        "Content-Length: " + std::to_string(answer.claimed_length.value_or(answer.body.size())) +
        "\r\n";
  return text + "\r\n" + (with_body ? answer.body : "");
}

// Whether the connection may serve another request.
bool finish(int socket_fd, Then then) {
  const std::string filler(16384, 'x');
  switch (then) {
    case Then::k_keep:
      return true;
    case Then::k_close:
      break;
    case Then::k_reset:
      reset(socket_fd);
      break;
    case Then::k_silence:
      wait_for_the_end(socket_fd);
      break;
    case Then::k_endless:
      while (write_all(socket_fd, filler)) continue;
      break;
  }
  return false;
}

ScriptedServer::Handler one_after_the_other(std::vector<ScriptedAnswer> answers) {
  auto next = std::make_shared<std::atomic<std::size_t>>(0);
  return [answers = std::move(answers), next](const SeenRequest&) {
    const std::size_t i = (*next)++;
    return i < answers.size() ? answers[i] : ScriptedAnswer::with(599, "the script is over");
  };
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<ScriptedAnswer> answers)
    : ScriptedServer(one_after_the_other(std::move(answers))) {}

ScriptedServer::ScriptedServer(Handler handler) : handler_(std::move(handler)) {
  std::tie(listener_, port_) = listen_on_loopback();
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);  // accept() ends
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int socket_fd : sockets_) shutdown(socket_fd, SHUT_RDWR);  // recv() and send() end
  }
  for (std::thread& thread : threads_) thread.join();
  for (const int socket_fd : sockets_) close(socket_fd);
  close(listener_);
}

void ScriptedServer::end_early(EarlyEnd how, int connections) {
  early_end_ = how;
  early_ends_left_ = connections;
}

std::vector<SeenRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::accept_all() {
  while (!stopping_) {
    const int socket_fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket_fd == -1) continue;
    const int on = 1;
    setsockopt(socket_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int connection = connections_++;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket_fd);
    threads_.emplace_back([this, socket_fd, connection] { serve(socket_fd, connection); });
  }
}

// Ends a connection at once; its descriptor is closed, with all others, when the server goes.
void hang_up(int socket_fd, bool with_reset) {
  if (with_reset) {
    // Disconnecting a socket with zero linger sends RST without giving up the descriptor.
    reset(socket_fd);
    sockaddr none{};
    none.sa_family = AF_UNSPEC;
    connect(socket_fd, &none, sizeof none);
  }
  shutdown(socket_fd, SHUT_RDWR);
}

void ScriptedServer::serve(int socket_fd, int connection) {
  const bool ends_early = early_ends_left_ > 0 && early_ends_left_-- > 0;
  const EarlyEnd how = ends_early ? early_end_.load() : EarlyEnd::k_none;
  std::string unread;
  if (how == EarlyEnd::k_reset_after_first_byte) read_more(socket_fd, unread);
  while (how == EarlyEnd::k_reset_after_headers && unread.find("\r\n\r\n") == std::string::npos &&
         read_more(socket_fd, unread))
    continue;
  if (how != EarlyEnd::k_none) return hang_up(socket_fd, true);
  while (serve_one(socket_fd, connection, unread)) continue;
}

bool ScriptedServer::serve_one(int socket_fd, int connection, std::string& unread) {
  while (unread.find("\r\n\r\n") == std::string::npos)
    if (!read_more(socket_fd, unread)) return false;
  const auto head_end = unread.find("\r\n\r\n");
  SeenRequest request = parse_head(unread.substr(0, head_end + 2));
  unread.erase(0, head_end + 4);
  const auto length = request.headers.find("content-length");
  const std::size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
  while (unread.size() < size)
    if (!read_more(socket_fd, unread)) return false;
  request.body = unread.substr(0, size);
  request.connection = connection;
  unread.erase(0, size);
  const ScriptedAnswer answer = answer_for(request);
  const std::string text = rendered(answer, request.method != "HEAD");
  const bool written = write_all(
      socket_fd, std::string_view(text).substr(0, answer.cut_after.value_or(text.size())));
  if (written && finish(socket_fd, answer.then)) return true;
  hang_up(socket_fd, answer.then == Then::k_reset);
  return false;
}

ScriptedAnswer ScriptedServer::answer_for(const SeenRequest& request) {
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  return handler_(request);
}

int closed_port() {
  const auto [socket_fd, port] = listen_on_loopback();
  close(socket_fd);
  return port;
}

}  // namespace runpin::testing
