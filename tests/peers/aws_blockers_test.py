"""The blocker table's faults whose cause lies in AWS, made on moto: what the gate says, and that its fix cures.

tests/faults has the same rows for the embedded platform.
"""
import dataclasses
import datetime
import itertools
import json
import unittest
from typing import Callable

from aws_peer import ACCOUNT, BUCKET, CALLER_ROLE, MACHINE, MACHINE_ROLE, MANIFEST_BUCKET, REGION, RUN_CONTROL, billed
from faulty_answers import says
from faulty_platform import WORDS, TableTest, blockers_of, exit_code_for
from faulty_proxy import Rule

ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:"
STATE_MACHINE = f"{ARN}stateMachine:{MACHINE}"
EXECUTION = f"{ARN}execution:{MACHINE}:"
RUN_ROOT = "evidence/runs/{run}/"
NEW_RUN = "runpin run: committed evidence is never mended in place"
NOBODY = "http://127.0.0.1:9"


def nothing(_):
    pass


@dataclasses.dataclass
class Row:
    code: str
    phase: str
    fault: str
    where: str  # "@KEY": the handle's line. {run}, {base}: of the run before the fault; {stamp}: of the one after it
    fix: str
    inject: Callable
    severity: str = "S2"
    after: str = ""  # the lane to which a sound run went before; "" for a new run
    before: Callable = nothing  # before that sound run
    mend: Callable = nothing
    cure: str = "resume"
    bill: list = dataclasses.field(default_factory=lambda: [billed("12.50")])

    def __str__(self):
        return f"{self.code}, {self.fault}"


def s3_of(platform):
    return platform.aws.client("s3")


def states_of(platform):
    return platform.aws.client("stepfunctions")


def key_of(platform, key):
    return key.format(run=platform.run_id, base=platform.base)


def deletes(key):
    return lambda p: s3_of(p).delete_object(Bucket=BUCKET, Key=key_of(p, key))


def deletes_every_version(key):
    def inject(platform):
        name = key_of(platform, key)
        for entry in platform.aws.versions(name):
            s3_of(platform).delete_object(Bucket=BUCKET, Key=name, VersionId=entry["VersionId"])
    return inject


def puts(key, body=b"{}\n"):
    return lambda p: s3_of(p).put_object(Bucket=BUCKET, Key=key_of(p, key), Body=body)


def puts_alone(key, body=b"{}\n"):
    def inject(platform):
        deletes_every_version(key)(platform)
        puts(key, body)(platform)
    return inject


def puts_again(key):
    def inject(platform):
        name = key_of(platform, key)
        puts(name, platform.aws.objects(name)[name])(platform)
    return inject


def artifact(lane, name):
    return f"{RUN_CONTROL}m3{lane}_{{base}}/{name}"


def summary(lane):
    return artifact(lane, f"m3{lane}_execution_summary.json")


def refuses(pattern):
    return lambda p: p.proxy.set_rules(Rule(pattern, says(403, "AccessDenied"), times=None))


def says_of_executions(status, code):
    return lambda p: p.proxy.set_rules(Rule("states:DescribeExecution", says(status, code), times=None))


def rewrites(pattern, old, new, first=1):
    """The server's answers from the `first` on, with other bytes."""
    def inject(platform):
        count = itertools.count(1)

        def fault(exchange):
            answer = exchange.ask()
            if next(count) >= first:
                answer.body = answer.body.replace(old, new)
            exchange.answer(answer)
        platform.proxy.set_rules(Rule(pattern, fault, times=None))
    return inject


def both(*steps):
    def act(platform):
        for step in steps:
            step(platform)
    return act


def unfaulted(platform):
    platform.proxy.set_rules()


def starts(name, data):
    def inject(platform):
        platform.execution = states_of(platform).start_execution(
            stateMachineArn=platform.machine, name=name.format(run=platform.run_id),
            input=json.dumps(data).replace("{run}", platform.run_id))["executionArn"]
    return inject


def stops(platform):
    states_of(platform).stop_execution(executionArn=platform.execution)


def another_role(role):
    return lambda p: states_of(p).update_state_machine(stateMachineArn=p.machine, roleArn=role)


def without(**environment):
    def inject(platform):
        platform.environment.update(environment)
    return inject


def with_all(platform):
    platform.environment.clear()


def takes_manifest_from_s3(platform):
    platform.aws.make_bucket(MANIFEST_BUCKET)
    uri = next(line for line in (platform.workspace.root / "runpin.toml").read_text().splitlines()
               if line.startswith("oracle_manifest")).split('"')[1]
    platform.manifest = {"Bucket": MANIFEST_BUCKET, "Key": uri.split("/", 3)[3]}
    platform.manifest_uri = uri
    platform.bytes = (platform.workspace.root / "inputs/input_manifest.json").read_bytes()
    s3_of(platform).put_object(**platform.manifest, Body=platform.bytes)
    platform.workspace.edit("runpin.toml", ', file = "inputs/input_manifest.json"', "")


def until_tonight(platform, bill):
    """The bill for the days that a run at the platform's instant asks for."""
    tonight = str(platform.clock.date() + datetime.timedelta(days=1))
    return [{**entry, "TimePeriod": {**entry["TimePeriod"], "End": tonight}} for entry in bill]


def bills_next_day(platform):
    """moto keeps what it once answered a question with, so another day's is asked."""
    platform.clock += datetime.timedelta(days=1)
    platform.aws.bill(until_tonight(platform, [billed("10.50")]))


def gives(*command):
    def mend(platform):
        answer = platform.runpin(*command)
        platform.assertEqual(answer.code, 0, answer)
    return mend


def logs_in_as(role):
    def act(platform):
        platform.aws.log_in()
        platform.aws.keys = platform.aws.assume(role)
    return act


def knows_rates(platform):
    platform.workspace.edit("runpin.toml", '# rates = "inputs/fx.json"', 'rates = "inputs/fx.json"')
    (platform.workspace.root / "inputs/fx.json").write_text('{"base": "USD", "rates": {"EUR": "1.08"}}')


def takes_the_second(platform):
    for number in range(21):
        stamp = platform.stamp() + (f"_{number:02}" if number else "")
        puts(f"evidence/runs/platform_{stamp}/note.txt", b"taken")(platform)


IDENTITY = [
    Row("M3A-B4", "M3-B0", "Step Functions cannot be reached", "step-functions", "check the network and the endpoint",
        without(AWS_ENDPOINT_URL_SFN=NOBODY), mend=with_all),
    Row("M3A-B5", "M3-B5", "the probe's receipt is deleted", f"s3:{BUCKET}", "runpin probe-store, then runpin run",
        deletes(RUN_CONTROL + "probe_20260223T120000Z/store_probe.json"), mend=gives("probe-store"), cure="run"),
    Row("M3A-B5", "M3-B5", "the bucket is gone", f"s3:{BUCKET}-gone", "create the bucket",
        lambda p: p.workspace.edit("handles.registry.md", BUCKET, BUCKET + "-gone"),
        mend=lambda p: p.workspace.edit("handles.registry.md", BUCKET + "-gone", BUCKET), cure="run"),
    Row("M3A-B6", "M3-B1", "the credentials are another role's", "@ROLE_TERRAFORM_APPLY_DEV_FULL", "assume that role",
        logs_in_as(f"arn:aws:iam::{ACCOUNT}:role/somebody-else"), mend=logs_in_as(CALLER_ROLE),
        cure="run"),
    Row("M3B-B2", "M3-B2", "every id of the second is taken", "platform_{stamp}_20", "runpin resume a second later",
        takes_the_second),
    Row("M3B-B3", "M3-B3", "the manifest's object is missing", "{manifest}", "put the manifest there",
        lambda p: s3_of(p).delete_object(**p.manifest), before=takes_manifest_from_s3,
        mend=lambda p: s3_of(p).put_object(**p.manifest, Body=p.bytes)),
    Row("M3C-B1", "M3-B3", "the manifest's object is gone after M3.B", "{manifest}", "put the manifest there",
        lambda p: s3_of(p).delete_object(**p.manifest), after="b", before=takes_manifest_from_s3,
        mend=lambda p: s3_of(p).put_object(**p.manifest, Body=p.bytes)),
    Row("M3C-B4", "M3-B3", "the manifest's object changes between M3.B and M3.C", "{manifest}",
        "runpin run: a change of identity or configuration needs a new run",
        lambda p: s3_of(p).put_object(**p.manifest, Body=p.bytes.replace(b'"row_count": 1', b'"row_count": 2')),
        severity="S1", after="b", before=takes_manifest_from_s3, cure="run"),
]

ORCHESTRATOR = [
    Row("M3D-B2", "M3-B4", "the state machine is missing", "@SFN_PLATFORM_RUN_ORCHESTRATOR_V0", "create",
        lambda p: states_of(p).delete_state_machine(stateMachineArn=p.machine), after="c",
        mend=lambda p: p.aws.make_machine()),
    Row("M3D-B2", "M3-B4", "the state machine is being deleted", STATE_MACHINE, "wait until it is gone, then create it",
        rewrites("states:DescribeStateMachine", b'"ACTIVE"', b'"DELETING"'), mend=unfaulted),
    Row("M3D-B2", "M3-B4", "Step Functions is gone after M3.C", "step-functions", "bring the orchestrator up",
        without(AWS_ENDPOINT_URL_SFN=NOBODY), after="c", mend=with_all),
    Row("M3D-B3", "M3-B4", "the state machine runs as another role", STATE_MACHINE, "update the state machine's role",
        another_role(MACHINE_ROLE + "-other"), mend=another_role(MACHINE_ROLE)),
    Row("M3D-B4", "M3-B4", "another execution runs under this id by its name", EXECUTION + "{run}", "stop",
        starts("{run}", {}), after="c", mend=stops),
    Row("M3D-B4", "M3-B4", "one runs by its name, and Step Functions then says that it does not", EXECUTION + "{run}",
        "stop", both(starts("{run}", {}), says_of_executions(400, "ExecutionDoesNotExist")), after="c",
        mend=both(unfaulted, stops)),
    Row("M3D-B2", "M3-B4", "one runs by its input, and Step Functions does not say which", "step-functions",
        "bring the orchestrator up", both(starts("nightly", {"run": "{run}"}), says_of_executions(404, "")), after="c",
        mend=both(unfaulted, stops)),
    Row("M3D-B4", "M3-B4", "another execution runs under this id by its input", EXECUTION + "nightly", "stop",
        starts("nightly", {"scope": {"run": "{run}"}}), after="c", mend=stops),
    Row("M3D-B4", "M3-B4", "the claim is held by another pin", RUN_ROOT + "run_pin/claim.json",
        "runpin run: a claim is never released or rewritten",
        puts_alone(RUN_ROOT + "run_pin/claim.json", b'{"execution_id": "m3b_20260101T000000Z"}\n'), after="c",
        cure="run"),
    Row("M3D-B4", "M3-B4", "the claim is gone", RUN_ROOT + "run_pin/claim.json",
        "runpin run: a claim is never released or rewritten", deletes(RUN_ROOT + "run_pin/claim.json"), after="c",
        cure="run"),
]

EVIDENCE = [
    *(Row(code, phase, f"an artifact of M3.{of.upper()} is deleted before M3.{code[2]} reads it", summary(of), NEW_RUN,
          deletes(artifact(of, name)), severity=severity, after=after, cure="run")
      for code, phase, severity, of, name, after in (
          ("M3B-B7", "M3-B9", "S1", "a", "m3a_handle_closure_snapshot.json", "a"),
          ("M3C-B1", "M3-B3", "S2", "b", "m3b_run_identity_seed.json", "b"),
          ("M3E-B1", "M3-B5", "S1", "c", "m3c_run_config_payload.json", "d"),
          ("M3F-B1", "M3-B6", "S1", "d", "m3d_command_receipts.json", "e"),
          ("M3G-B3", "M3-B7", "S1", "d", "m3d_command_receipts.json", "f"),
          ("M3H-B2", "M3-B8", "S2", "d", "m3d_command_receipts.json", "g"))),
    Row("M3D-B7", "M3-B9", "an artifact of M3.C is rewritten before M3.D reads it", summary("c"), NEW_RUN,
        puts_alone(artifact("c", "m3c_run_config_digest_snapshot.json")), severity="S1", after="c", cure="run"),
    Row("M3J-B8", "M3-B9", "evidence of M3.D is deleted after the rollup advanced",
        artifact("i", "m3i_p1_verdict.json"), NEW_RUN, deletes(artifact("d", "m3d_command_receipts.json")),
        severity="S1", after="i", cure="run"),
    Row("M3E-B3", "M3-B5", "another object stands at run.json's key", RUN_ROOT + "run.json",
        "runpin run: what stands there is never overwritten", puts(RUN_ROOT + "run.json"), severity="S1", after="d",
        cure="run"),
    Row("M3E-B3", "M3-B5", "another object stands at the header's key", RUN_ROOT + "run_pin/run_header.json",
        "runpin run: what stands there is never overwritten", puts(RUN_ROOT + "run_pin/run_header.json"), severity="S1",
        after="d", cure="run"),
    Row("M3F-B4", "M3-B6", "run.json is deleted after M3.E", RUN_ROOT + "run.json", NEW_RUN,
        deletes(RUN_ROOT + "run.json"), after="e", cure="run"),
    Row("M3F-B4", "M3-B6", "run.json is rewritten after M3.E", RUN_ROOT + "run.json", NEW_RUN,
        puts(RUN_ROOT + "run.json"), after="e", cure="run"),
    Row("M3G-B3", "M3-B7", "the run header is deleted", RUN_ROOT + "run_pin/run_header.json", NEW_RUN,
        deletes(RUN_ROOT + "run_pin/run_header.json"), severity="S1", after="f", cure="run"),
    Row("M3G-B3", "M3-B7", "run.json gets a second version", RUN_ROOT + "run.json", NEW_RUN,
        puts_again(RUN_ROOT + "run.json"), severity="S1", after="f", cure="run"),
    Row("M3G-B3", "M3-B7", "the claim gets a delete marker", RUN_ROOT + "run_pin/claim.json", NEW_RUN,
        deletes(RUN_ROOT + "run_pin/claim.json"), severity="S1", after="f", cure="run"),
    Row("M3E-B5", "M3-B5", "the store gives other bytes back than it took",
        "evidence/runs/platform_{stamp}/run.json", "runpin probe-store before trusting the store again",
        rewrites(r"s3:GetObject \S+/run\.json", b"{", b" {"), severity="S1", mend=unfaulted, cure="run"),
]

REFUSED = [
    Row(code, "M3-B5", f"S3 refuses what M3.{code[2]} publishes", "/m3" + code[2].lower() + "_{stamp}/",
        "allow s3:PutObject for the credentials in use (docs/aws.md), then runpin resume",
        refuses(rf"s3:PutObject \S+/m3{code[2].lower()}_\w+/m"), mend=unfaulted)
    for code in ("M3A-B5", "M3B-B5", "M3C-B6", "M3D-B6", "M3E-B4", "M3F-B5", "M3G-B7", "M3H-B8", "M3I-B7", "M3J-B7")]

COST = [
    Row("M3H-B3", "M3-B8", "Cost Explorer answers for other days", "cost-explorer", "runpin resume",
        rewrites("ce:GetCostAndUsage", b"2026-02-01", b"2026-01-01"), mend=unfaulted),
    Row("M3H-B3", "M3-B8", "Cost Explorer knows no charges", "cost-explorer", "runpin resume", nothing, bill=[],
        mend=bills_next_day),
    Row("M3H-B3", "M3-B8", "Cost Explorer cannot be reached", "127.0.0.1:9", "check the network and the endpoint",
        without(AWS_ENDPOINT_URL_COST_EXPLORER=NOBODY), mend=with_all),
    Row("M3H-B7", "M3-B8", "the bill is in another currency, and no rate is known", "cost-explorer",
        'set cost.rates = "inputs/fx.json" in runpin.toml', nothing, bill=[billed("7", "EUR")], mend=knows_rates),
    Row("M3H-B10", "M3-B8", "spend has reached alert 3, and nobody approved it", "@DEV_FULL_BUDGET_ALERT_3_USD",
        "runpin approve cost --actor A --reason R, then runpin resume", nothing, bill=[billed("405")],
        mend=gives("approve", "cost", "--actor", "on-duty", "--reason", "the load test")),
]

ROWS = [*IDENTITY, *ORCHESTRATOR, *EVIDENCE, *REFUSED, *COST]


def place_of(platform, where, stamp):
    if where.startswith("@"):
        lines = (platform.workspace.root / "handles.registry.md").read_text().splitlines()
        return f"handles.registry.md:{next(i for i, line in enumerate(lines, 1) if f'`{where[1:]} = ' in line)}:"
    return where.format(run=platform.run_id, base=platform.base, stamp=stamp, manifest=platform.manifest_uri)


def check(platform, row, answer, place):
    blockers = blockers_of(answer)
    named = [blocker for blocker in blockers if blocker["code"] == row.code and place in blocker["where"]]
    platform.assertTrue(named, (place, blockers))
    platform.assertEqual((named[0]["severity"], named[0]["phase_code"]), (row.severity, row.phase))
    platform.assertIn(row.fix, named[0]["fix"])
    for word in WORDS:
        platform.assertTrue(named[0][word], (word, named[0]))
    platform.assertEqual(answer.code, exit_code_for(blockers), answer)
    platform.assertNotIn("ADVANCE_TO_M4", answer.out)


def provoke_and_cure(platform, row):
    platform.bill = until_tonight(platform, row.bill)
    platform.environment, platform.run_id, platform.base, platform.manifest_uri = {}, "", "", ""
    platform.make_again()
    row.before(platform)
    if row.after:
        platform.base = platform.stamp()
        sound = platform.runpin("run", "--to", row.after)
        platform.assertEqual(sound.code, 0, sound)
        platform.run_id = sound.json["platform_run_id"] or ""
    row.inject(platform)
    stamp = platform.stamp()
    answer = platform.runpin("resume" if row.after else "run", **platform.environment)
    check(platform, row, answer, place_of(platform, row.where, stamp))
    row.mend(platform)
    platform.assert_advanced(platform.runpin(row.cure, **platform.environment))


class Blockers(TableTest):
    def test_are_raised_as_the_table_says_and_cured_by_their_fix(self):
        self.on_platforms(provoke_and_cure, ROWS)
        codes = {row.code for row in ROWS}
        print(f"figure: blocker table on moto: {len(ROWS)} rows, {len(codes)} codes, each cured by its fix", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
