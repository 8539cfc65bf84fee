"""A run on S3 that is killed at each of its exchanges: before the server sees the request and, where the request writes,
after it took effect.

What the program itself says then leads to an advance, and all that it left is whole. Every SHARDS-th point from SHARD
on.
"""
import json
import os
import threading
import unittest

from aws_peer import RUN_CONTROL, sha256
from faulty_platform import TableTest
from faulty_proxy import Gone

SHARD, SHARDS = int(os.environ.get("SHARD", "0")), int(os.environ.get("SHARDS", "1"))
KILLED = -9
NOTES_OF_ATTEMPTS = {"reservation.json", "continued_by.json", "starts_at.json"}


def is_write(operation):
    return operation.startswith(("s3:PutObject", "s3:DeleteObject", "states:Start"))


class Kill:
    """A rule of the proxy (faulty_proxy.Rule): the program that `victim` names is killed at the `at`th request; "after" it
    has taken effect, at the `at`th that writes."""

    def __init__(self, at, when):
        self.at, self.when, self.requests = at, when, 0
        self.victim, self.started, self.struck = None, threading.Event(), None

    def strikes(self, request):
        if self.when == "after" and not is_write(request.operation):
            return False
        self.requests += 1
        if self.requests != self.at:
            return False
        self.struck = request.operation
        return True

    def fault(self, exchange):
        self.started.wait()
        if self.when == "after":
            exchange.ask()
        self.victim.kill()
        self.victim.wait()
        raise Gone


def run_killed(platform, kill):
    platform.proxy.set_rules(kill)
    kill.victim = platform.workspace.start("run", "--now", platform.now(), AWS_ENDPOINT_URL=platform.proxy.url)
    kill.started.set()
    kill.victim.communicate()
    platform.proxy.set_rules()
    return kill.victim.returncode


def recover(platform):
    """What a user does, by the program's own words. The proxy has done its part."""
    answer = platform.runpin("resume", AWS_ENDPOINT_URL=platform.aws.url)
    if answer.code == 2 and "there is no run to resume" in answer.err:
        answer = platform.runpin("run", AWS_ENDPOINT_URL=platform.aws.url)
    if answer.code == 2 and "is complete with ADVANCE_TO_M4" in answer.err:
        answer = platform.workspace.runpin("--json", "status")
    return answer


def committed(platform, objects):
    """The files of every execution that has its summary, by key; and the keys that no summary lists."""
    files, orphans = {}, []
    for key, body in objects.items():
        execution, _, name = key.removeprefix(RUN_CONTROL).partition("/")
        if not key.startswith(RUN_CONTROL) or not execution.startswith("m3") or name in NOTES_OF_ATTEMPTS:
            continue
        summary_key = f"{RUN_CONTROL}{execution}/{execution[:3]}_execution_summary.json"
        if summary_key not in objects:
            orphans.append(key)
            continue
        listed = json.loads(objects[summary_key])["artifacts"]
        if key != summary_key and name not in [entry["name"] for entry in listed]:
            # a copy, under the key that the registry pins
            platform.assertIn(sha256(body), [entry["sha256"] for entry in listed], key)
            continue
        files[key] = body
        if key == summary_key:
            for entry in listed:
                there = objects.get(entry["durable_key"])
                platform.assertIsNotNone(there, entry["durable_key"])
                platform.assertEqual(sha256(there), entry["sha256"], entry["durable_key"])
    return files, orphans


def verify_run(platform, answer):
    verified = platform.workspace.runpin("--json", "verify")
    platform.assertEqual((verified.code, verified.json and verified.json["verified"]), (0, True), verified)
    objects = platform.aws.objects()
    files, orphans = committed(platform, objects)
    claims = [json.loads(body)["platform_run_id"] for key, body in objects.items() if key.endswith("run_pin/claim.json")]
    platform.assertEqual(claims.count(answer.json["platform_run_id"]), 1, claims)
    platform.assertEqual(len(claims), len(set(claims)))
    local = platform.workspace.local()
    platform.assertEqual(sorted(local), sorted(files))
    platform.assertTrue(local == files, "local files differ from durable ones")
    left = [path for path in platform.workspace.root.rglob(".*") if path.name != ".runpin"]
    platform.assertEqual(left, [])
    platform.assert_written_once()
    return len(orphans)


class Kills(TableTest):
    def test_at_every_exchange_of_a_run_lead_on_to_an_advance(self):
        operations, orphans = [], []

        def count(platform, _):
            platform.make_again()
            platform.assert_advanced(platform.runpin("run"))
            operations.extend(platform.proxy.seen)

        def kill_at(platform, point):
            at, when = point
            platform.make_again()
            kill = Kill(at, when)
            code = run_killed(platform, kill)
            if kill.struck is None:
                return  # requests that go out at once may be some fewer
            platform.assertEqual(code, KILLED, kill.struck)
            answer = recover(platform)
            platform.assertEqual((answer.code, answer.json and answer.json.get("verdict")), (0, "ADVANCE_TO_M4"),
                                 f"{when} {kill.struck}: {answer}")
            orphans.append(verify_run(platform, answer))

        self.on_platforms(count, [None])
        points = [(at + 1, "before") for at in range(len(operations))]
        points += [(at + 1, "after") for at in range(sum(map(is_write, operations)))]
        points = points[SHARD::SHARDS]
        self.on_platforms(kill_at, points)
        self.assertGreaterEqual(len(orphans), len(points) - 4)
        print(f"figure: kill points, S3, part {SHARD + 1} of {SHARDS}: {len(orphans)} runs of {len(operations)} exchanges, "
              f"0 lost, 0 doubled, 0 unreadable; {sum(map(bool, orphans))} leave artifacts without a summary",
              flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
