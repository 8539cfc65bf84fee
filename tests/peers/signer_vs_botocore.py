"""Signs random requests with runpin and with botocore's signer and compares every header, byte for byte.

Usage: signer_vs_botocore.py SIGNER_BATCH [REQUESTS [SEED]]
"""

import datetime
import json
import random
import string
import subprocess
import sys
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials

UNRESERVED = "-._~"
SERVICES = ("s3", "states", "ce", "sts", "service")
REGIONS = ("us-east-1", "eu-west-2", "cn-north-1", "us-gov-west-1")
SEGMENTS = ("", ".", "..", "...", "a", "a b", "a+b", "100%", "%20", "%2F", "~x", "k=v", "a&b", "a?b", "#", "$", "'q'", "(x)", "*", "!", ",;:@", "\\", "é", "漢字", "😀", "\u0301", "\u200d", '"', "<>", "[]", "{}", "|^`")
PRINTABLE = "".join(chr(c) for c in range(33, 127))


def text(rng, longest=12):
    pools = (string.ascii_letters, PRINTABLE, "-._~/%+=& ", "éßλ漢字😀\u0301\x7f\x01")
    return "".join(rng.choice(rng.choice(pools)) for _ in range(rng.randint(0, longest)))


def header_value(rng):
    words = ["".join(rng.choice(PRINTABLE) for _ in range(rng.randint(1, 8))) for _ in range(rng.randint(1, 4))]
    gap = lambda: rng.choice((" ", "  ", "\t", " \t "))
    return rng.choice(("", " ", "\t ")) + gap().join(words) + rng.choice(("", " ", "  "))


def header_name(rng):
    letters = string.ascii_lowercase + string.digits + "-"
    return rng.choice(("x-amz-", "my-", "")) + rng.choice(string.ascii_lowercase) + "".join(rng.choice(letters) for _ in range(rng.randint(0, 8)))


def random_request(rng):
    path = "/" + "/".join(rng.choice(SEGMENTS) if rng.random() < 0.7 else text(rng) for _ in range(rng.randint(0, 6)))
    headers = {header_name(rng): header_value(rng) for _ in range(rng.randint(0, 5))}
    if rng.random() < 0.3:
        headers[rng.choice(("range", "if-none-match", "content-type", "user-agent", "connection", "expect", "te", "traceparent"))] = header_value(rng)
    query = [[text(rng) or "q", text(rng)] for _ in range(rng.choice((0, 0, 1, 2, 5)))]
    if query and rng.random() < 0.3:
        query.append([query[0][0], text(rng)])  # the same name twice
    port = rng.choice(("", "", ":5000", ":443"))
    return {
        "method": rng.choice(("GET", "PUT", "POST", "HEAD", "DELETE")),
        "scheme": "http",  # over TLS botocore may leave the body of an S3 request out of the signature
        "host": rng.choice(("example.amazonaws.com", "bucket.s3.eu-west-2.amazonaws.com", "127.0.0.1")) + port,
        "path": path,
        "query": query,
        "headers": headers,
        "body": text(rng, 200),
        "access_key_id": "".join(rng.choice(string.ascii_uppercase + string.digits) for _ in range(20)),
        "secret_access_key": "".join(rng.choice(string.ascii_letters + string.digits + "/+") for _ in range(40)),
        "session_token": "".join(rng.choice(string.ascii_letters + "/+=") for _ in range(rng.choice((0, 0, 200)))),
        "service": rng.choice(SERVICES),
        "region": rng.choice(REGIONS),
        "unix_seconds": rng.randint(0, 4_000_000_000),
    }


def target_of(described):
    encode = lambda part: urllib.parse.quote(part, safe=UNRESERVED)
    path = urllib.parse.quote(described["path"], safe="/" + UNRESERVED)
    pairs = sorted((encode(name), encode(value)) for name, value in described["query"])
    return path + ("?" + "&".join(f"{name}={value}" for name, value in pairs) if pairs else "")


def sign_with_botocore(described):
    instant = datetime.datetime.fromtimestamp(described["unix_seconds"], datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *_, **__: instant.replace(tzinfo=None)
    credentials = botocore.credentials.Credentials(
        described["access_key_id"], described["secret_access_key"], described["session_token"] or None)
    target = target_of(described)
    request = botocore.awsrequest.AWSRequest(
        method=described["method"], url=f"{described['scheme']}://{described['host']}{target}",
        headers={"host": described["host"], **described["headers"]}, data=described["body"].encode("utf-8"))
    kind = botocore.auth.S3SigV4Auth if described["service"] == "s3" else botocore.auth.SigV4Auth
    kind(credentials, described["service"], described["region"]).add_auth(request)
    return {"target": target, **{name.lower(): value for name, value in request.headers.items()}}


def main(program, count=5000, seed=20150830):
    rng = random.Random(seed)
    requests = [random_request(rng) for _ in range(count)]
    lines = "".join(json.dumps(described) + "\n" for described in requests)
    answer = subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    ours = [json.loads(line) for line in answer.decode("utf-8").splitlines()]
    differences = 0
    for described, made in zip(requests, ours, strict=True):
        expected = sign_with_botocore(described)
        if made != expected:
            differences += 1
            if differences <= 5:
                changed = {name: (made.get(name), expected.get(name)) for name in {*made, *expected} if made.get(name) != expected.get(name)}
                print("DIFFERENCE", described["service"], described["method"], repr(described["path"]), described["headers"], changed, sep="\n  ")
    print(f"figure: {count} requests signed, {differences} differences from botocore")
    return 1 if differences or len({made["authorization"] for made in ours}) < count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
