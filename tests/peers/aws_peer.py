"""What the AWS tests share: moto as AWS, boto3 as another program that uses it, and workspaces driven by the binary."""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import boto3
from botocore.config import Config

HERE = pathlib.Path(__file__).parent
RUNPIN = os.environ["RUNPIN_BINARY"]
ACCOUNT = "111122223333"
REGION = "eu-central-1"
BUCKET = "kestrel-parcel-dev-full-evidence"
MACHINE = "kestrel-parcel-platform-run-v0"
MACHINE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/kestrel-parcel-run-orchestrator"
CALLER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/kestrel-parcel-terraform-apply"
MANIFEST_BUCKET = "kestrel-parcel-dev-full-object-store"
RUN_CONTROL = "evidence/run_control/"


class Aws:
    """A moto server of one test's own."""

    def __init__(self, store=""):
        self.server = subprocess.Popen(
            [sys.executable, str(HERE / "moto_server.py"), store],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.server.stdout.readline())}"
        self.log_in()

    def log_in(self):
        self.keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        self.keys = self.assume(CALLER_ROLE)

    def forget(self):
        """Everything that moto knows."""
        with urllib.request.urlopen(urllib.request.Request(self.url + "/moto-api/reset", b"")):
            self.log_in()

    def close(self):
        self.server.stdin.close()
        self.server.wait()
        self.server.stdout.close()

    def client(self, service, region=REGION):
        return boto3.client(
            service, endpoint_url=self.url, region_name=region,
            aws_access_key_id=self.keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=self.keys.get("AWS_SESSION_TOKEN"),
            config=Config(retries={"max_attempts": 1}))

    def assume(self, role):
        made = self.client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
        return {"AWS_ACCESS_KEY_ID": made["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
                "AWS_SESSION_TOKEN": made["SessionToken"]}

    def make_user(self, name):
        iam = self.client("iam")
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return arn, {"AWS_ACCESS_KEY_ID": made["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"]}

    def environment(self):
        return {"PATH": "/usr/bin:/bin", "AWS_ENDPOINT_URL": self.url, **self.keys}

    def make_bucket(self, name=BUCKET, versioned=True):
        s3 = self.client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if versioned:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})

    def make_machine(self, name=MACHINE, role=MACHINE_ROLE):
        definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9999, "End": True}}}
        return self.client("stepfunctions").create_state_machine(
            name=name, definition=json.dumps(definition), roleArn=role)["stateMachineArn"]

    def bill(self, *results):
        """What Cost Explorer answers: to the first window that is asked for the first, and so on; to later ones, nothing."""
        body = {"account_id": ACCOUNT, "results": [{"ResultsByTime": list(result)} for result in results]}
        request = urllib.request.Request(
            self.url + "/moto-api/static/ce/cost-and-usage-results", json.dumps(body).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 201

    def objects(self, prefix="", bucket=BUCKET):
        """Every object's bytes by key, as boto3 reads them."""
        s3 = self.client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
        return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}

    def versions(self, prefix=""):
        pages = self.client("s3").get_paginator("list_object_versions").paginate(Bucket=BUCKET, Prefix=prefix)
        return [entry for page in pages for kind in ("Versions", "DeleteMarkers") for entry in page.get(kind, [])]


def billed(amount, unit="USD", estimated=True, start="2026-02-01", end="2026-02-24"):
    return {"TimePeriod": {"Start": start, "End": end}, "Groups": [], "Estimated": estimated,
            "Total": {"UnblendedCost": {"Amount": amount, "Unit": unit}}}


class Answer:
    def __init__(self, finished):
        self.code = finished.returncode
        self.out = finished.stdout
        self.err = finished.stderr
        self.json = json.loads(self.out) if self.out.startswith("{") else None

    def codes(self):
        return sorted({blocker["code"] for lane in self.json["lanes"] for blocker in lane["blockers"]})

    def blocker(self, code):
        return next(b for lane in self.json["lanes"] for b in lane["blockers"] if b["code"] == code)

    def __str__(self):
        return f"exit {self.code}\n{self.out}\n{self.err}"


class Workspace:
    """The sample workspace, its store, orchestrator and cost source on AWS."""

    def __init__(self, aws, root, name="w"):
        self.aws = aws
        self.root = pathlib.Path(root) / name
        made = subprocess.run([RUNPIN, "init", str(self.root), "--sample"], capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
        self.edit("runpin.toml", 'store = "sqlite:.runpin/platform.db"', 'store = "s3"')
        self.edit("runpin.toml", 'kind = "sqlite:.runpin/platform.db"', 'kind = "step-functions"')
        self.edit("runpin.toml", 'aws = "focus:inputs/aws_focus.csv"', 'aws = "cost-explorer"')

    def edit(self, path, old, new):
        file = self.root / path
        text = file.read_text()
        assert old in text, (path, old)
        file.write_text(text.replace(old, new))

    def start(self, *arguments, **environment):
        return subprocess.Popen(
            [RUNPIN, "-w", str(self.root), *arguments], env={**self.aws.environment(), **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def runpin(self, *arguments, **environment):
        process = self.start(*arguments, **environment)
        out, err = process.communicate()
        return Answer(subprocess.CompletedProcess(arguments, process.returncode, out, err))

    def run(self, now="2026-02-23T17:43:07Z", *more, **environment):
        return self.runpin("--json", "run", "--now", now, *more, **environment)

    def local(self):
        """Every local artifact, by the durable key that belongs to it."""
        base = self.root / "runs/dev_substrate/dev_full/m3"
        return {RUN_CONTROL + str(path.relative_to(base)): path.read_bytes() for path in base.rglob("*.json")}


class AwsTest(unittest.TestCase):
    """Each test has a bucket, a state machine and a bill of its own; the store is probed. The tests of a class share a
    moto, which forgets everything between them."""

    store = ""
    versioned = True
    probed = True
    bill = [billed("12.3456789012345678")]

    @classmethod
    def setUpClass(cls):
        cls.shared = Aws(cls.store)
        cls.addClassCleanup(cls.shared.close)

    def make_aws(self):
        self.shared.forget()
        return self.shared

    def make_own_aws(self):
        aws = Aws(self.store)
        self.addCleanup(aws.close)
        return aws

    def setUp(self):
        self.aws = self.make_aws()
        directory = tempfile.TemporaryDirectory(prefix="runpin_test_")
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.workspace = Workspace(self.aws, self.directory)
        self.make_platform()

    def make_platform(self):
        self.aws.make_bucket(versioned=self.versioned)
        self.machine = self.aws.make_machine()
        self.aws.bill(self.bill)
        if self.probed:
            probe = self.workspace.runpin("probe-store", "--now", "2026-02-23T12:00:00Z")
            self.assertEqual(probe.code, 0, probe)

    def assert_held(self, answer, code, *words, exit_code=3):
        self.assertEqual(answer.code, exit_code, answer)
        self.assertIn(code, answer.codes(), answer)
        blocker = answer.blocker(code)
        for field in ("message", "expected", "found", "where", "fix"):
            self.assertTrue(blocker[field], (field, blocker))
        for word in words:
            self.assertRegex(json.dumps(blocker, ensure_ascii=False), re.escape(word))


def sha256(data):
    return hashlib.sha256(data).hexdigest()
