"""Faulty answers at every place of the chain: passing ones are lived through, lasting ones end in a blocker in time.

A place is one request that the chain makes. Whatever happened there, the next run advances, and boto3 sees one version
of every key and no delete marker.
"""
import dataclasses
import time
import unittest

from faulty_answers import BROKEN, REFUSALS, SLOW, WRONG, is_in_another_region, refuses_our_clock
from faulty_platform import WORDS, TableTest, blockers_of, exit_code_for
from faulty_proxy import Rule

ALL = {**REFUSALS, **BROKEN, **WRONG, **SLOW}
DEADLINE_SECONDS = 20
TIMEOUT_SECONDS = {"lasting": "1", "passing": "1.5"}
CONFLICTS = ["409 conflict", "412 precondition"]
LASTS = ["301 redirect", "403 clock skew", "403 denied"]
# One of each kind lasts at every place; all of them at the thorough ones.
LASTING = ["503 SlowDown", "reset before it acts"]
THOROUGHLY = ["silence", "301 redirect", "403 clock skew", *CONFLICTS, "429 too many", "500 error", "reset while sent",
              "another protocol"]
THOROUGHLY_READ = ["too long", "endless", "trickle", "cut off"]


@dataclasses.dataclass
class Place:
    name: str
    request: str  # what finds it among operations
    codes: str  # of the blocker that a lasting fault ends in: one of them
    thorough: bool = False

    @property
    def is_put(self):
        return self.request.startswith("s3:Put")

    @property
    def is_read(self):
        """Its answer has a body that is used."""
        return not self.request.startswith(("s3:Put", "s3:Head"))

    def lasting(self):
        if not self.thorough:
            return LASTING
        return [*(THOROUGHLY_READ if self.is_read else []), *THOROUGHLY, *LASTING]

    def passes(self, fault):
        """Whether the next attempt, or reading back what is in doubt, is allowed to help."""
        if fault in CONFLICTS:
            return self.is_put
        if fault in WRONG or fault in LASTS:
            return False
        return self.is_read or fault not in ("too long", "endless", "trickle")


PLACES = [
    Place("a stamp's reservation", r"s3:PutObject \S+/m3a_\w+/reservation\.json", "M3A-B5"),
    Place("another lane's reservation", r"s3:HeadObject \S+/m3b_\w+/reservation\.json", "M3A-B5", True),
    Place("the bucket", r"s3:HeadBucket", "M3A-B5"),
    Place("the probe's receipts", r"s3:ListObjectsV2 \S+/probe_", "M3A-B5"),
    Place("the probe's receipt", r"s3:GetObject \S+/store_probe\.json", "M3A-B5"),
    Place("the bucket's versioning", r"s3:ListObjectVersions \S+/reservation\.json", "M3A-B5"),
    Place("the caller", r"sts:GetCallerIdentity", "M3A-B6", True),
    Place("the state machines", r"states:ListStateMachines", "M3A-B4", True),
    Place("the run's root", r"s3:ListObjectsV2 evidence/runs/", "M3B-B5", True),
    Place("the claim", r"s3:PutObject \S+/claim\.json", "M3B-B5"),
    Place("the claim read back", r"s3:GetObject \S+/claim\.json", "M3B-B5 M3D-B4", True),
    Place("an artifact", r"s3:PutObject \S+/m3c_run_config_payload\.json", "M3C-B6", True),
    Place("the state machine", r"states:DescribeStateMachine", "M3D-B2"),
    Place("the running executions", r"states:ListExecutions", "M3D-B2"),
    Place("a running execution", r"states:DescribeExecution", "M3D-B2"),
    Place("a summary", r"s3:PutObject \S+/m3d_execution_summary\.json", "M3D-B6"),
    Place("a summary read back", r"s3:GetObject \S+/m3d_execution_summary\.json", "M3E-B4"),
    Place("run.json", r"s3:PutObject \S+/run\.json", "M3E-B4"),
    Place("run.json read back", r"s3:GetObject \S+/run\.json", "M3E-B4"),
    Place("a run's versions", r"s3:ListObjectVersions evidence/runs/", "M3G-B3", True),
    Place("the reset receipts", r"s3:ListObjectsV2 \S+/reset_", "M3G-B5"),
    Place("the cost", r"ce:GetCostAndUsage", "M3H-B3", True),
    Place("the rollup", r"s3:PutObject \S+/m3i_gate_rollup_matrix\.json", "M3I-B7"),
    Place("the verdict", r"s3:PutObject \S+/m3j_execution_summary\.json", "M3J-B7"),
]


def go(platform, *rules, **environment):
    """A run, and how long it took. The faults end with it."""
    platform.proxy.set_rules(*rules)
    started = time.monotonic()
    answer = platform.runpin("run", **environment)
    took = time.monotonic() - started
    platform.proxy.set_rules()
    return answer, took


def make(platform):
    platform.make_again()
    platform.aws.client("stepfunctions").start_execution(stateMachineArn=platform.machine, name="another", input="{}")


def check_refused(platform, place, fault, answer):
    platform.assertIn(answer.code, (3, 4), (fault, str(answer)))
    platform.assertNotIn("ADVANCE_TO_M4", answer.out)
    blockers = blockers_of(answer)
    platform.assertEqual(answer.code, exit_code_for(blockers), (fault, str(answer)))
    named = [blocker for blocker in blockers if blocker["code"] in place.codes.split()]
    platform.assertTrue(named, f"{fault}: {place.codes} not among {answer.codes()}")
    for word in WORDS:
        platform.assertTrue(named[0][word], (fault, word, named[0]))


def check_next_run(platform):
    answer, _ = go(platform)
    platform.assert_advanced(answer)
    platform.assert_written_once()


def patience(fault, kind):
    return {"RUNPIN_AWS_TIMEOUT": TIMEOUT_SECONDS[kind]} if fault in SLOW else {}


class Faults(TableTest):
    def test_that_last_end_in_their_blocker_within_the_deadline_and_the_next_run_advances(self):
        times = []

        def last(platform, place):
            make(platform)
            for fault in place.lasting():
                rule = Rule(place.request, ALL[fault], times=None)
                answer, took = go(platform, rule, **patience(fault, "lasting"))
                check_refused(platform, place, fault, answer)
                platform.assertGreater(rule.struck, 0, (fault, str(answer)))
                platform.assertLess(took, DEADLINE_SECONDS, fault)
                times.append(took)
            check_next_run(platform)

        self.on_platforms(last, PLACES)
        print(f"figure: faulty answers that last: {len(times)} faults x places ({len(PLACES)} places), each ends in "
              f"its blocker, the slowest after {max(times):.1f} s; the next run advances", flush=True)

    def test_that_pass_are_lived_through(self):
        passed = []

        def passes(platform, fault):
            make(platform)
            rules = [Rule(place.request, ALL[fault]) for place in PLACES
                     if place.passes(fault) and (fault not in SLOW or place.thorough)]
            answer, _ = go(platform, *rules, **patience(fault, "passing"))
            platform.assert_advanced(answer)
            platform.assertEqual([rule.pattern for rule in rules if rule.struck != 1], [])
            platform.assert_written_once()
            passed.extend(rules)

        faults = [fault for fault in ALL if any(place.passes(fault) for place in PLACES)]
        self.on_platforms(passes, faults)
        print(f"figure: faulty answers that pass: {len(passed)} faults x places ({len(faults)} faults), every run "
              "advances with one version of each key", flush=True)

    def test_that_are_wrong_once_are_never_taken_for_right(self):
        """Nobody asks again after a 200: it holds, and a new run goes through."""
        counted = []

        def wrong(platform, place):
            make(platform)
            for fault in WRONG:
                answer, _ = go(platform, Rule(place.request, ALL[fault]))
                check_refused(platform, place, fault, answer)
                counted.append(fault)
            check_next_run(platform)

        self.on_platforms(wrong, [place for place in PLACES if place.thorough and place.is_read])
        print(f"figure: wrong answers given once: {len(counted)} faults x places, each ends in its blocker", flush=True)

    def test_of_a_server_with_another_clock_or_in_another_region_are_corrected_for(self):
        def corrected(platform, rule):
            make(platform)
            answer, _ = go(platform, rule)
            platform.assert_advanced(answer)
            platform.assert_written_once()

        rules = [("", refuses_our_clock), ("s3:", is_in_another_region)]
        self.on_platforms(corrected, [Rule(pattern, fault, times=None) for pattern, fault in rules])

    def test_are_tried_as_often_as_the_user_says(self):
        def tried(platform, attempts):
            make(platform)
            rule = Rule("sts:", ALL["503 SlowDown"], times=None)
            answer, _ = go(platform, rule, AWS_MAX_ATTEMPTS=str(attempts))
            platform.assertIn("M3A-B6", answer.codes())
            platform.assertEqual(rule.struck, attempts)

        self.on_platforms(tried, [1, 6])


if __name__ == "__main__":
    unittest.main(verbosity=2)
