"""A proxy on loopback that passes AWS requests on to a server, except those for which a rule has a faulty answer.

A fault strikes before the server sees the request, or after it took effect, when only its answer is lost.
"""
import dataclasses
import functools
import http.client
import re
import socket
import socketserver
import struct
import threading
import urllib.parse
from typing import BinaryIO, Callable

JSON_SERVICES = {"AWSStepFunctions": "states", "AWSInsightsIndexService": "ce"}
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive"}


@dataclasses.dataclass
class Request:
    method: str
    target: str
    headers: dict
    stream: BinaryIO

    @functools.cached_property
    def body(self):
        """Read from the wire when it is first asked for. Half a body is not passed on: the server would wait for the rest."""
        length = int(self.headers.get("content-length", 0))
        body = self.stream.read(length)
        if len(body) < length:
            raise Gone
        return body

    @property
    def path(self):
        return urllib.parse.unquote(self.target.partition("?")[0])

    @functools.cached_property
    def operation(self):
        """As `service:Operation`, with its object's key after it where it has one: "s3:PutObject evidence/…"."""
        if "x-amz-target" in self.headers:
            service, _, name = self.headers["x-amz-target"].partition(".")
            return f"{JSON_SERVICES.get(service, service)}:{name}"
        if self.method == "POST":
            return "sts:" + urllib.parse.parse_qs(self.body.decode())["Action"][0]
        key = self.path.partition("/")[2].partition("/")[2]
        if key:
            return f"s3:{self.method.capitalize()}Object {key}"
        query = urllib.parse.parse_qs(self.target.partition("?")[2], keep_blank_values=True)
        name = ("ListObjectsV2" if "list-type" in query else "ListObjectVersions" if "versions" in query else
                "GetBucketVersioning" if "versioning" in query else f"{self.method.capitalize()}Bucket")
        return f"s3:{name} {query.get('prefix', [''])[0]}".rstrip()


@dataclasses.dataclass
class Answer:
    status: int
    headers: list
    body: bytes

    def head(self, length=None, **more):
        lines = [f"HTTP/1.1 {self.status} {http.client.responses.get(self.status, 'Fault')}"]
        lines += [f"{name}: {value}" for name, value in self.headers if name.lower() not in more]
        lines += [f"{name}: {value}" for name, value in more.items()]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def wire(self, to):
        """A HEAD's length is that of the body that it does not have."""
        named = next((value for name, value in self.headers if name.lower() == "content-length"), None)
        self.headers = [(name, value) for name, value in self.headers if name.lower() != "content-length"]
        if to.method == "HEAD":
            return self.head(named or 0)
        return self.head(len(self.body)) + self.body


class Gone(Exception):
    """The connection was ended on purpose."""


class Exchange:
    """One request under way: what a fault has to work with."""

    def __init__(self, proxy, connection, upstream, request):
        self.proxy, self.connection, self.upstream, self.request = proxy, connection, upstream, request

    def ask(self):
        """The server's own answer; it has taken effect."""
        return self.upstream.send(self.request)

    def send(self, data):
        self.connection.sendall(data)

    def answer(self, answer):
        self.send(answer.wire(self.request))

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        raise Gone

    def close(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        raise Gone

    def wait(self, seconds):
        """Until then, or until the proxy is closed."""
        self.proxy.closed.wait(seconds)

    def wait_until_it_hangs_up(self):
        self.connection.settimeout(60)
        try:
            while self.connection.recv(65536):
                pass
        except OSError:
            pass
        raise Gone


@dataclasses.dataclass
class Rule:
    """`fault` for the requests whose operation the pattern finds, `times` of them (None: all)."""
    pattern: str
    fault: Callable[[Exchange], None]
    times: int | None = 1
    struck: int = 0

    def strikes(self, request):
        if self.times is not None and self.struck >= self.times:
            return False
        if not re.search(self.pattern, request.operation):
            return False
        self.struck += 1
        return True


class Upstream:
    """A kept connection to the server behind."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(*address, timeout=60)

    def send(self, request):
        self.connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            self.connection.putheader(name, value)
        self.connection.endheaders(request.body or None)
        response = self.connection.getresponse()
        body = response.read()
        headers = [(name, value) for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP]
        return Answer(response.status, headers, body)


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.request.makefile("rb")
        upstream = Upstream(self.server.proxy.target)
        try:
            while request := self.read():
                exchange = Exchange(self.server.proxy, self.request, upstream, request)
                rule = self.server.proxy.rule_for(request)
                if rule:
                    rule.fault(exchange)
                else:
                    exchange.answer(exchange.ask())
        except (OSError, Gone):
            pass
        finally:
            upstream.connection.close()

    def read(self):
        line = self.stream.readline().decode().split()
        if len(line) != 3:
            return None
        headers = {}
        while header := self.stream.readline().decode().strip():
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        return Request(line[0], line[1], headers, self.stream)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, *_):
        raise


class FaultyProxy:
    """Runs on threads of its own until close()."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.target = (parts.hostname, parts.port)
        self.rules, self.seen, self.lock = [], [], threading.Lock()
        self.closed = threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.proxy = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.closed.set()
        self.server.shutdown()
        self.server.server_close()

    def set_rules(self, *rules):
        with self.lock:
            self.rules, self.seen = list(rules), []

    def rule_for(self, request):
        with self.lock:
            self.seen.append(request.operation)
            return next((rule for rule in self.rules if rule.strikes(request)), None)
