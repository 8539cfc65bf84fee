"""Faulty answers as servers, proxies and networks give them; each is one exchange's for FaultyProxy."""
import datetime
import email.utils
import json

from faulty_proxy import Answer

CHUNK = 1 << 20
HOUR = datetime.timedelta(hours=1)
ELSEWHERE = "eu-west-1"


def refusal(exchange, status, code, *headers):
    """As the service that was asked writes it. A HEAD's has no body."""
    operation = exchange.request.operation
    if operation.startswith("s3:"):
        body = f"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>"
    elif operation.startswith("sts:"):
        body = f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
    else:
        body = json.dumps({"__type": code, "message": "no"})
    body = b"" if exchange.request.method == "HEAD" else body.encode()
    return Answer(status, [("Content-Type", "application/xml"), *headers], body)


def says(status, code):
    """Refused, and nothing was done. The request is read whole, as servers do that keep the connection."""
    def fault(exchange):
        exchange.request.body
        exchange.answer(refusal(exchange, status, code))
    return fault


def does_and_says(status, code):
    def fault(exchange):
        exchange.ask()
        exchange.answer(refusal(exchange, status, code))
    return fault


def redirects(exchange):
    exchange.request.body
    region = ("x-amz-bucket-region", ELSEWHERE)
    exchange.answer(refusal(exchange, 301, "PermanentRedirect", region))


def has_another_clock(exchange):
    """An hour ahead of ours, and of any other."""
    exchange.request.body
    there = datetime.datetime.now(datetime.UTC) + HOUR
    code = "RequestTimeTooSkewed" if exchange.request.operation.startswith("s3:") else "InvalidSignatureException"
    date = ("Date", email.utils.format_datetime(there, usegmt=True))
    exchange.answer(refusal(exchange, 403, code, date))


def refuses_our_clock(exchange):
    """But serves who signs for its own, an hour ahead."""
    signed = datetime.datetime.strptime(exchange.request.headers["x-amz-date"], "%Y%m%dT%H%M%S%z")
    if abs(datetime.datetime.now(datetime.UTC) + HOUR - signed) > HOUR / 12:
        has_another_clock(exchange)
    else:
        exchange.answer(exchange.ask())


def is_in_another_region(exchange):
    if f"/{ELSEWHERE}/s3/" in exchange.request.headers["authorization"]:
        exchange.answer(exchange.ask())
    else:
        redirects(exchange)


def resets_while_it_is_sent(exchange):
    exchange.reset()


def resets_before_it_acts(exchange):
    exchange.request.body
    exchange.reset()


def resets_after_it_acted(exchange):
    exchange.ask()
    exchange.reset()


def resets_in_the_headers(exchange):
    wire = exchange.ask().wire(exchange.request)
    exchange.send(wire[:wire.index(b"\r\n\r\n") // 2])
    exchange.reset()


def ends_in_the_answer(exchange):
    """In its body, if there is one."""
    wire = exchange.ask().wire(exchange.request)
    body = wire.index(b"\r\n\r\n") + 4
    exchange.send(wire[:(body + len(wire)) // 2] if body < len(wire) else wire[:body - 3])
    exchange.close()


def says_more_than_it_sends(exchange):
    answer = exchange.ask()
    answer.headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
    exchange.send(answer.head(len(answer.body) + 10) + answer.body)
    if exchange.request.method != "HEAD":
        exchange.wait_until_it_hangs_up()


def sends_more_than_it_says(exchange):
    answer = exchange.ask()
    answer.headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
    exchange.send(answer.head(len(answer.body) // 2) + answer.body)


def answers_with(body, kind):
    """200, as a proxy's page or a broken server would."""
    def fault(exchange):
        exchange.request.body
        shown = b"" if exchange.request.method == "HEAD" else body
        exchange.answer(Answer(200, [("Content-Type", kind)], shown))
    return fault


def never_ends(exchange):
    exchange.request.body
    exchange.send(Answer(200, [("Content-Type", "application/xml")], b"").head(**{"Transfer-Encoding": "chunked"}))
    while not exchange.proxy.closed.is_set():
        exchange.send(b"%x\r\n" % CHUNK + b" " * CHUNK + b"\r\n")


def trickles(exchange):
    exchange.request.body
    exchange.send(Answer(200, [("Content-Type", "application/xml")], b"").head(1 << 20))
    while not exchange.proxy.closed.wait(0.05):
        exchange.send(b" ")


def is_silent(exchange):
    exchange.request.body
    exchange.wait_until_it_hangs_up()


def speaks_another_protocol(exchange):
    exchange.request.body
    exchange.send(b"SSH-2.0-OpenSSH_9.2\r\n")
    exchange.close()


PAGE = b"<html><head><title>Welcome</title><body>Please log in<br></html>"
REFUSALS = {
    "301 redirect": redirects,
    "403 clock skew": has_another_clock,
    "403 denied": says(403, "AccessDenied"),
    "409 conflict": says(409, "ConditionalRequestConflict"),
    "412 precondition": says(412, "PreconditionFailed"),
    "429 too many": says(429, "TooManyRequestsException"),
    "500 error": says(500, "InternalError"),
    "503 SlowDown": says(503, "SlowDown"),
    "500 after it acted": does_and_says(500, "InternalError"),
}
BROKEN = {
    "reset while sent": resets_while_it_is_sent,
    "reset before it acts": resets_before_it_acts,
    "reset after it acted": resets_after_it_acted,
    "reset in the headers": resets_in_the_headers,
    "cut off": ends_in_the_answer,
    "another protocol": speaks_another_protocol,
}
WRONG = {
    "too short": sends_more_than_it_says,
    "bad XML or JSON": answers_with(b"<ListBucketResult><Contents>{", "application/xml"),
    "a proxy's page": answers_with(PAGE, "text/html"),
    "nothing": answers_with(b"", "application/xml"),
}
SLOW = {
    "too long": says_more_than_it_sends,
    "endless": never_ends,
    "trickle": trickles,
    "silence": is_silent,
}
ALL = {**REFUSALS, **BROKEN, **WRONG, **SLOW}
