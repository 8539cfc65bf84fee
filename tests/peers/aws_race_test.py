"""16 machines pin the same second on one bucket: each gets an id of its own, or is told that the second is full."""
import unittest

from aws_peer import Answer, AwsTest, Workspace

MACHINES = 16


class Race(AwsTest):
    def test_gives_every_machine_its_own_id(self):
        machines = [Workspace(self.aws, self.directory, f"machine_{number}") for number in range(MACHINES)]
        started = [machine.start("--json", "run", "--now", "2026-02-23T17:43:07Z") for machine in machines]
        answers = []
        for process in started:
            out, err = process.communicate()
            process.stdout, process.stderr = out, err
            answers.append(Answer(process))
        ids = [answer.json["platform_run_id"] for answer in answers if answer.code == 0]
        for answer in answers:
            self.assertTrue(answer.code == 0 or answer.codes() == ["M3B-B2"], answer)
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(len(ids), MACHINES, [str(answer) for answer in answers if answer.code != 0])
        versions = self.aws.versions()
        self.assertEqual(len(versions), len({entry["Key"] for entry in versions}))


if __name__ == "__main__":
    unittest.main(verbosity=2)
