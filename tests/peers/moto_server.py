"""AWS in one process, by moto, on a free port of loopback.

moto_server.py [STORE]: prints its port and serves until its standard input ends. Requests are served one after another,
so that moto's check of `If-None-Match` and its write are one step, as they are on S3. STORE makes of it one of the
stores that are not: `ignores` (conditions have no effect), `refuses` (501), `races` (a condition is checked, but every
writer that is under way at once then wins).
"""
import copy
import io
import sys
import threading

from moto import backends
from moto.s3.models import S3Backend
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

CONDITION = "HTTP_IF_NONE_MATCH"


class Listed:
    """What S3Backend.list_object_versions asks its backend for: one bucket, here with the keys under a prefix alone."""

    def __init__(self, bucket, prefix):
        self.bucket = copy.copy(bucket)
        self.bucket.keys = type(bucket.keys)()
        for key, versions in bucket.keys.iterlists():
            if key.startswith(prefix):
                self.bucket.keys.setlist(key, versions)

    def get_bucket(self, _):
        return self.bucket


def know_services():
    """moto looks through its folders for the services it has, twice a request; they do not change while it runs."""
    services = list(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: iter(services)


def list_under_prefix(list_versions=S3Backend.list_object_versions):
    """moto copies every version of the bucket for each listing, so that a listing takes the longer the more other runs
    there are. A bucket of S3 does not: here only what is under the prefix is copied. The answers are the same."""

    def listed(self, bucket_name, *args, prefix="", **kwargs):
        return list_versions(Listed(self.get_bucket(bucket_name), prefix or ""), bucket_name, *args, prefix=prefix, **kwargs)

    S3Backend.list_object_versions = listed


class Store:
    """moto behind one lock."""

    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "PUT" and CONDITION in environ:
            return self.conditional_put(environ, start_response)
        return self.serve(environ, start_response)

    def serve(self, environ, start_response):
        with self.lock:
            return list(self.moto(environ, start_response))

    def conditional_put(self, environ, start_response):
        return self.serve(environ, start_response)

    @staticmethod
    def refuse(start_response, status, code):
        start_response(status, [("Content-Type", "application/xml")])
        return [f"<Error><Code>{code}</Code></Error>".encode()]


class Ignores(Store):
    def conditional_put(self, environ, start_response):
        del environ[CONDITION]
        return self.serve(environ, start_response)


class Refuses(Store):
    def conditional_put(self, environ, start_response):
        return self.refuse(start_response, "501 Not Implemented", "NotImplemented")


class Races(Store):
    """Holds what passed its check until others have passed theirs, or nobody comes."""

    TOGETHER = 4
    PATIENCE_SECONDS = 0.3

    def __init__(self):
        super().__init__()
        self.waiting = {}

    def conditional_put(self, environ, start_response):
        path = environ["PATH_INFO"]
        if self.exists(environ):
            return self.refuse(start_response, "412 Precondition Failed", "PreconditionFailed")
        barrier = self.waiting.setdefault(path, threading.Barrier(self.TOGETHER))
        try:
            barrier.wait(self.PATIENCE_SECONDS)
        except threading.BrokenBarrierError:
            pass
        del environ[CONDITION]
        return self.serve(environ, start_response)

    def exists(self, environ):
        look = dict(environ, REQUEST_METHOD="HEAD", CONTENT_LENGTH="0")
        look["wsgi.input"] = io.BytesIO()
        look.pop(CONDITION)
        statuses = []
        self.serve(look, lambda status, headers, *_: statuses.append(status))
        return statuses[0].startswith("200")


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept, as AWS keeps them

    def log(self, *_):
        pass


def main():
    stores = {"": Store, "ignores": Ignores, "refuses": Refuses, "races": Races}
    know_services()
    list_under_prefix()
    app = stores[sys.argv[1] if len(sys.argv) > 1 else ""]()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
