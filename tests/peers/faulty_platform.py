"""Platforms on moto behind a proxy of their own, made anew for each row of a table."""
import collections
import concurrent.futures
import datetime
import unittest

from aws_peer import BUCKET, RUN_CONTROL, AwsTest, Workspace
from faulty_proxy import FaultyProxy

WORKERS = 2
EXIT_CODES = {"S1": 4, "S2": 3}
WORDS = ("message", "expected", "found", "where", "fix")


def blockers_of(answer):
    return [blocker for lane in answer.json["lanes"] for blocker in lane["blockers"]]


def exit_code_for(blockers):
    return EXIT_CODES[min(blocker["severity"] for blocker in blockers)]


class FaultyPlatform(AwsTest):
    """Its clock moves on with every command."""

    probed = False
    probe = None
    make_aws = AwsTest.make_own_aws  # several work side by side

    def setUp(self):
        self.clock = datetime.datetime(2026, 2, 23, 13)
        super().setUp()
        self.proxy = FaultyProxy(self.aws.url)
        self.addCleanup(self.proxy.close)

    def make_platform(self):
        super().make_platform()
        if self.probe is None:
            answer = self.workspace.runpin("--json", "probe-store", "--now", "2026-02-23T12:00:00Z")
            self.assertEqual(answer.code, 0, answer)
            self.probe = {"Key": answer.json["key"], "Body": self.aws.objects(RUN_CONTROL)[answer.json["key"]]}
        else:
            self.aws.client("s3").put_object(Bucket=BUCKET, **self.probe)

    def make_again(self):
        """As new, but for the clock."""
        self.proxy.set_rules()
        self.aws.forget()
        self.workspace = Workspace(self.aws, self.directory, f"w{self.clock:%d%H%M%S}")
        self.make_platform()

    def stamp(self):
        return f"{self.clock:%Y%m%dT%H%M%SZ}"

    def now(self):
        """A later instant each time."""
        now = f"{self.clock.isoformat()}Z"
        self.clock += datetime.timedelta(seconds=5)
        return now

    def runpin(self, *arguments, **environment):
        return self.workspace.runpin(
            "--json", *arguments, "--now", self.now(), **{"AWS_ENDPOINT_URL": self.proxy.url, **environment})

    def assert_advanced(self, answer):
        self.assertEqual((answer.code, answer.json and answer.json["verdict"]), (0, "ADVANCE_TO_M4"), answer)

    def assert_written_once(self):
        versions = self.aws.versions()
        again = [key for key, count in collections.Counter(entry["Key"] for entry in versions).items() if count > 1]
        self.assertEqual(again, [])
        self.assertTrue(all("Size" in entry for entry in versions), "a delete marker")


class TableTest(unittest.TestCase):
    def on_platforms(self, work, rows):
        """`work(platform, row)` for each row, on a platform as new."""
        waiting = collections.deque(rows)
        failures = []

        def worker():
            platform = FaultyPlatform()
            try:
                platform.setUp()
                while waiting:
                    row = waiting.popleft()
                    try:
                        work(platform, row)
                    except AssertionError as failure:
                        failures.append(f"{row}: {failure}")
            finally:
                platform.doCleanups()

        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for done in [pool.submit(worker) for _ in range(WORKERS)]:
                done.result()
        if failures:
            self.fail("\n\n".join(failures))
