"""Who may run the gate, with moto checking every signature and permission, and the policy that docs/aws.md prints."""
import json
import pathlib
import re
import unittest
import urllib.request

from aws_peer import ACCOUNT, BUCKET, CALLER_ROLE, MACHINE, REGION, AwsTest, RUN_CONTROL

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs/aws.md"
NAMES = {"S3_EVIDENCE_BUCKET": BUCKET, "ORACLE_STORE_BUCKET": "oracle-store", "COST_EXPORT_BUCKET": "costs",
         "S3_EVIDENCE_ROOT_PREFIX": "evidence/", "S3_ORACLE_ROOT_PREFIX": "oracle/",
         "AWS_REGION": REGION, "ACCOUNT": ACCOUNT, "SFN_PLATFORM_RUN_ORCHESTRATOR_V0": MACHINE}


def documented_policy():
    text = DOCUMENT.read_text().split("## The role's policy")[1]
    policy = re.search(r"```json\n(.*?)```", text, re.S)[1]
    return json.loads(re.sub("|".join(sorted(NAMES, key=len, reverse=True)), lambda name: NAMES[name[0]], policy))


def as_moto_reads_it(policy):
    """moto asks about Step Functions without a resource, and has an action of its own for HeadBucket."""
    for statement in policy["Statement"]:
        if "states:" in json.dumps(statement["Action"]):
            statement["Resource"] = "*"
        if statement["Sid"] == "ListEvidence":
            statement["Action"].append("s3:HeadBucket")
    return policy


class Identity(AwsTest):
    def test_is_that_of_the_pinned_role_whatever_the_session_is_called(self):
        self.aws.keys = self.aws.assume(CALLER_ROLE)
        answer = self.workspace.run()
        self.assertEqual(answer.code, 0, answer)

    def test_may_be_that_of_a_pinned_user_who_is_named_in_no_evidence_but_by_the_registry(self):
        arn, keys = self.aws.make_user("fraud-dev")
        other, other_keys = self.aws.make_user("fraud-dev-2")
        self.workspace.edit("handles.registry.md", CALLER_ROLE, arn)
        self.aws.keys = keys
        answer = self.workspace.run()
        self.assertEqual(answer.code, 0, answer)
        self.aws.keys = other_keys
        self.assert_held(self.workspace.run(now="2026-02-23T17:44:07Z"), "M3A-B6", arn, "a user of account")
        for key, data in self.aws.objects().items():
            self.assertNotIn(other.encode(), data, key)

    def test_of_another_role_is_refused(self):
        self.aws.keys = self.aws.assume(f"arn:aws:iam::{ACCOUNT}:role/somebody-else")
        self.assert_held(self.workspace.run(), "M3A-B6", CALLER_ROLE, "the role somebody-else")

    def test_of_a_role_in_another_account_is_refused(self):
        self.aws.keys = self.aws.assume("arn:aws:iam::444455556666:role/kestrel-parcel-terraform-apply")
        self.assert_held(self.workspace.run(), "M3A-B6", "of account 444455556666")

    def test_leaves_no_session_name_in_evidence(self):
        self.aws.keys = self.aws.assume(f"arn:aws:iam::{ACCOUNT}:role/somebody-else")
        self.workspace.run()
        for key, data in self.aws.objects().items():
            self.assertNotIn(b"/session", data, key)
            self.assertNotIn(self.aws.keys["AWS_SESSION_TOKEN"].encode(), data, key)


class SignaturesChecked(AwsTest):
    """moto recomputes every signature with botocore, and asks the role's policy about every action."""

    make_aws = AwsTest.make_own_aws

    def setUp(self):
        super().setUp()
        iam = self.aws.client("iam")
        name = CALLER_ROLE.rpartition("/")[2]
        iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
        iam.put_role_policy(RoleName=name, PolicyName="runpin", PolicyDocument=json.dumps(as_moto_reads_it(documented_policy())))
        self.aws.keys = self.aws.assume(CALLER_ROLE)
        self.check(True)

    def check(self, checked):
        count = b"0" if checked else b"inf"
        request = urllib.request.Request(
            self.aws.url + "/moto-api/reset-auth", count, {"Content-Type": "application/octet-stream"})
        with urllib.request.urlopen(request) as answer:
            self.assertEqual(answer.status, 200)

    def test_the_documented_policy_is_enough(self):
        answer = self.workspace.run()
        self.assertEqual(answer.code, 0, answer)

    def test_a_wrong_secret_is_refused_and_named(self):
        answer = self.workspace.run(AWS_SECRET_ACCESS_KEY="x" * 40)
        self.assert_held(answer, "M3A-B5", "SignatureDoesNotMatch", "secret access key")
        self.check(False)
        self.assertFalse([key for key in self.aws.objects() if key.startswith(RUN_CONTROL + "m3")])

    def test_an_unknown_key_is_refused_and_named(self):
        answer = self.workspace.run(AWS_ACCESS_KEY_ID="ASIAUNKNOWNUNKNOWN00")
        self.assert_held(answer, "M3A-B5")

    def test_a_missing_permission_is_named(self):
        self.check(False)
        policy = as_moto_reads_it(documented_policy())
        policy["Statement"] = [s for s in policy["Statement"] if s["Sid"] != "FindOrchestrator"]
        self.aws.client("iam").put_role_policy(
            RoleName=CALLER_ROLE.rpartition("/")[2], PolicyName="runpin", PolicyDocument=json.dumps(policy))
        self.check(True)
        self.assert_held(self.workspace.run(), "M3A-B4", "states:ListStateMachines")


if __name__ == "__main__":
    unittest.main(verbosity=2)
