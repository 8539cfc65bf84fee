// A proxy on loopback that makes a server as far away as one wants, and tells how a client's waits
// add up.
//
//   delaying_proxy PORT MILLISECONDS
//
// listens on a free port of 127.0.0.1, prints it, and passes every byte on to PORT half of
// MILLISECONDS after it came, either way: each exchange takes one round trip more. Opening a
// connection costs nothing more, so a client is measured by its exchanges. When standard input ends
// it prints how many exchanges there were, and how many of them one after another: the longest
// chain of which each began after the one before it had ended.
//
// For HTTP/1.1 without pipelining: one exchange at a time on a connection.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Exchange {
  Clock::time_point began;  // its first byte came from the client
  Clock::time_point ended;  // the last byte of its answer went to the client
};

class Exchanges {
 public:
  void add(const Exchange& exchange) {
    const std::lock_guard lock(mutex_);
    all_.push_back(exchange);
  }

  std::size_t count() const { return all_.size(); }

  std::size_t one_after_another() {
    std::sort(all_.begin(), all_.end(),
              [](const Exchange& a, const Exchange& b) { return a.ended < b.ended; });
    std::size_t count = 0;
    Clock::time_point last{};
    for (const Exchange& exchange : all_)
      if (exchange.began >= last) {
        ++count;
        last = exchange.ended;
      }
    return count;
  }

 private:
  std::mutex mutex_;
  std::vector<Exchange> all_;
};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    give_up("connect");
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// One way of a connection: what was read and is not due yet.
struct Way {
  struct Piece {
    Clock::time_point due;
    std::string bytes;  // empty: the sender has closed
  };
  int from = -1;
  int to = -1;
  std::deque<Piece> pieces;
  bool open = true;

  // True when something came; "" marks the end.
  bool take(Clock::duration delay) {
    char buffer[65536];
    const ssize_t got = read(from, buffer, sizeof buffer);
    open = got > 0;
    pieces.push_back(
        {Clock::now() + delay, std::string(buffer, got > 0 ? static_cast<std::size_t>(got) : 0)});
    return open;
  }

  // True when bytes went on.
  bool pass_on() {
    bool passed = false;
    while (!pieces.empty() && pieces.front().due <= Clock::now()) {
      const std::string& bytes = pieces.front().bytes;
      for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t wrote = send(to, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (wrote <= 0) break;
        sent += static_cast<std::size_t>(wrote);
      }
      if (bytes.empty()) shutdown(to, SHUT_WR);
      passed = passed || !bytes.empty();
      pieces.pop_front();
    }
    return passed;
  }

  bool done() const { return !open && pieces.empty(); }
};

int milliseconds_until(const Way& a, const Way& b) {
  auto due = Clock::time_point::max();
  for (const Way* way : {&a, &b})
    if (!way->pieces.empty()) due = std::min(due, way->pieces.front().due);
  if (due == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

void serve(int client, int port, Clock::duration delay, Exchanges& exchanges) {
  const int server = connect_to(port);
  Way ask{client, server, {}, true}, answer{server, client, {}, true};
  Exchange exchange;
  bool answered = true;
  while (!ask.done() && !answer.done()) {
    pollfd fds[] = {{ask.open ? client : -1, POLLIN, 0}, {answer.open ? server : -1, POLLIN, 0}};
    if (poll(fds, 2, milliseconds_until(ask, answer)) < 0) break;
    if (fds[0].revents != 0) {
      const auto now = Clock::now();
      const bool came = ask.take(delay);
      if (came && answered) {
        if (exchange.ended > exchange.began) exchanges.add(exchange);
        exchange = {now, now};
        answered = false;
      }
    }
    if (fds[1].revents != 0) answer.take(delay);
    ask.pass_on();
    if (answer.pass_on()) {
      exchange.ended = Clock::now();
      answered = true;
    }
  }
  if (exchange.ended > exchange.began) exchanges.add(exchange);
  close(client);
  close(server);
}

int listen_anywhere(int& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(fd, 64) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    give_up("listen");
  port = ntohs(address.sin_port);
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: delaying_proxy PORT MILLISECONDS\n", stderr);
    return 2;
  }
  const int target = std::atoi(argv[1]);
  const auto delay = std::chrono::microseconds(std::atoi(argv[2]) * 500);
  int port = 0;
  const int listener = listen_anywhere(port);
  std::printf("%d\n", port);
  std::fflush(stdout);
  Exchanges exchanges;
  std::vector<std::jthread> connections;
  pollfd fds[] = {{listener, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  while (poll(fds, 2, -1) > 0) {
    if (fds[1].revents != 0) break;
    const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections.emplace_back([=, &exchanges] { serve(client, target, delay, exchanges); });
  }
  connections.clear();  // the client has ended, and with it its connections
  std::printf("%zu %zu\n", exchanges.count(), exchanges.one_after_another());
}
