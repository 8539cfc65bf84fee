"""The whole chain on S3, Step Functions and Cost Explorer as moto has them; boto3 is the other program."""
import json
import unittest

from aws_peer import (BUCKET, MACHINE_ROLE, MANIFEST_BUCKET, RUN_CONTROL, AwsTest, Workspace, billed, sha256)

STAMP = "20260223T174307Z"


class OtherMachine(AwsTest):
    make_aws = AwsTest.make_own_aws


class Chain(AwsTest):
    def test_advances_and_boto3_reads_what_runpin_wrote(self):
        answer = self.workspace.run()
        self.assertEqual(answer.code, 0, answer)
        self.assertEqual(answer.json["verdict"], "ADVANCE_TO_M4")
        durable = self.aws.objects()
        local = self.workspace.local()
        self.assertGreater(len(local), 30)
        for key, data in local.items():
            self.assertEqual(durable[key], data, key)
        for lane in "abcdefghij":
            summary = json.loads(durable[f"{RUN_CONTROL}m3{lane}_{STAMP}/m3{lane}_execution_summary.json"])
            for artifact in summary["artifacts"]:
                data = durable[artifact["durable_key"]]
                self.assertEqual(sha256(data), artifact["sha256"])
                self.assertEqual(len(data), artifact["size"])

    def test_writes_one_version_of_each_key_and_no_delete_marker(self):
        self.assertEqual(self.workspace.run().code, 0)
        versions = self.aws.versions()
        self.assertEqual(len(versions), len({entry["Key"] for entry in versions}))
        self.assertTrue(all("Size" in entry for entry in versions))

    def test_gives_each_run_its_own_id_and_knows_both(self):
        first, second = self.workspace.run(), self.workspace.run()
        self.assertEqual((first.code, second.code), (0, 0), (str(first), str(second)))
        self.assertNotEqual(first.json["platform_run_id"], second.json["platform_run_id"])
        elsewhere = Workspace(self.aws, self.directory, "another_machine")
        listed = elsewhere.runpin("list")
        for run in (first, second):
            self.assertIn(run.json["platform_run_id"], listed.out)
        status = elsewhere.runpin("--json", "status", first.json["platform_run_id"])
        self.assertEqual(status.code, 0, status)
        self.assertEqual(status.json["config_digest"], first.json["config_digest"])

    def test_two_machines_give_the_same_bytes(self):
        self.assertEqual(self.workspace.run().code, 0)
        ours = self.workspace.local()
        other = OtherMachine()
        other.setUp()
        try:
            self.assertEqual(other.workspace.run(TZ="Asia/Kathmandu", LC_ALL="de_DE.UTF-8").code, 0)
            theirs = other.workspace.local()
        finally:
            other.doCleanups()
        self.assertEqual(ours, theirs)

    def test_records_what_cost_explorer_said_to_the_last_digit(self):
        self.assertEqual(self.workspace.run().code, 0)
        receipts = json.loads(self.workspace.local()[f"{RUN_CONTROL}m3h_{STAMP}/m3h_phase_cost_outcome_receipt.json"])
        self.assertEqual(str(receipts["spend_amount"]), "12.3456789012345678")
        self.assertEqual(receipts["spend_currency"], "USD")

    def test_takes_manifest_and_cost_export_from_s3(self):
        self.aws.make_bucket(MANIFEST_BUCKET)
        s3 = self.aws.client("s3")
        manifest = (self.workspace.root / "inputs/input_manifest.json").read_bytes()
        uri = next(line for line in (self.workspace.root / "runpin.toml").read_text().splitlines()
                   if line.startswith("oracle_manifest")).split('"')[1]
        s3.put_object(Bucket=MANIFEST_BUCKET, Key=uri.split("/", 3)[3], Body=manifest)
        self.workspace.edit("runpin.toml", ', file = "inputs/input_manifest.json"', "")
        export = (self.workspace.root / "inputs/aws_focus.csv").read_bytes()
        s3.put_object(Bucket=MANIFEST_BUCKET, Key="costs/février 2026.csv", Body=export)
        self.workspace.edit("runpin.toml", '"cost-explorer"', f'"focus:s3://{MANIFEST_BUCKET}/costs/février 2026.csv"')
        answer = self.workspace.run()
        self.assertEqual(answer.code, 0, answer)
        (self.workspace.root / "inputs/input_manifest.json").unlink()
        self.assertEqual(self.workspace.run("2026-02-23T18:00:00Z").code, 0)


class Unversioned(AwsTest):
    versioned = False

    def test_bucket_advances_too(self):
        answer = self.workspace.run()
        self.assertEqual(answer.code, 0, answer)


class Boto3Wrote(AwsTest):
    """runpin reads what another program put there."""

    def put(self, key, body):
        self.aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)

    def test_a_run_of_that_second_so_the_next_suffix_is_taken(self):
        self.put(f"evidence/runs/platform_{STAMP}/note.txt", b"somebody was here")
        answer = self.workspace.run()
        self.assertEqual(answer.code, 0, answer)
        self.assertEqual(answer.json["platform_run_id"], f"platform_{STAMP}_01")

    def test_a_second_version_which_the_rerun_audit_finds(self):
        self.assertEqual(self.workspace.run("2026-02-23T17:43:07Z", "--to", "f").code, 0)
        key = f"evidence/runs/platform_{STAMP}/run.json"
        before = self.aws.objects(key)[key]
        self.put(key, before)
        answer = self.workspace.runpin("--json", "resume", "--now", "2026-02-23T18:00:00Z")
        self.assertNotEqual(answer.code, 0, answer)
        self.assertTrue(any(code.startswith("M3G-") for code in answer.codes()), answer)

    def test_a_delete_marker_which_the_rerun_audit_finds(self):
        self.assertEqual(self.workspace.run("2026-02-23T17:43:07Z", "--to", "f").code, 0)
        self.aws.client("s3").delete_object(Bucket=BUCKET, Key=f"evidence/runs/platform_{STAMP}/run.json")
        answer = self.workspace.runpin("--json", "resume", "--now", "2026-02-23T18:00:00Z")
        self.assertNotEqual(answer.code, 0, answer)
        self.assertTrue(any(code.startswith("M3G-") for code in answer.codes()), answer)

    def test_an_execution_that_runs_under_this_id(self):
        self.aws.client("stepfunctions").start_execution(
            stateMachineArn=self.machine, name="another", input=json.dumps({"run": f"platform_{STAMP}"}))
        self.assert_held(self.workspace.run(), "M3D-B4", "another", "input")

    def test_executions_of_other_runs_on_many_pages(self):
        states = self.aws.client("stepfunctions")
        for number in range(30):
            states.start_execution(stateMachineArn=self.machine, name=f"other-{number}", input="{}")
        answer = self.workspace.run()
        self.assertEqual(answer.code, 0, answer)
        posture = json.loads(self.workspace.local()[f"{RUN_CONTROL}m3d_{STAMP}/m3d_run_lock_posture_snapshot.json"])
        self.assertEqual(posture["running_execution_count"], 30)


class Faults(AwsTest):
    def test_no_such_bucket(self):
        self.workspace.edit("handles.registry.md", BUCKET, BUCKET + "-gone")
        self.assert_held(self.workspace.run(), "M3A-B5", "docs/aws.md")

    def test_no_state_machine(self):
        self.aws.client("stepfunctions").delete_state_machine(stateMachineArn=self.machine)
        self.assert_held(self.workspace.run(), "M3A-B4")

    def test_a_state_machine_with_another_role(self):
        self.aws.client("stepfunctions").update_state_machine(
            stateMachineArn=self.machine, roleArn=MACHINE_ROLE + "-other")
        self.assert_held(self.workspace.run(), "M3D-B3", MACHINE_ROLE)

    def test_an_empty_bill(self):
        self.assertEqual(self.workspace.run("2026-02-23T10:00:00Z").code, 0)
        self.assert_held(self.workspace.run("2026-02-24T10:00:00Z"), "M3H-B3")

    def test_an_unreachable_endpoint(self):
        answer = self.workspace.run(AWS_ENDPOINT_URL_S3="http://127.0.0.1:9")
        self.assert_held(answer, "M3A-B5")
        self.assertEqual(self.workspace.run("2026-02-23T18:00:00Z").code, 0)

    def test_no_credentials(self):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            self.aws.keys.pop(name)
        answer = self.workspace.run(AWS_EC2_METADATA_DISABLED="true", HOME=self.directory)
        self.assert_held(answer, "M3A-B5")


class MixedCurrencies(AwsTest):
    bill = [billed("1", "USD", end="2026-02-12"), billed("2", "EUR", start="2026-02-12")]

    def test_are_never_added(self):
        self.assert_held(self.workspace.run(), "M3H-B7")


if __name__ == "__main__":
    unittest.main(verbosity=2)
