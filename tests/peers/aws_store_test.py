"""runpin probe-store: which stores may hold evidence, and what M3.A says of those that may not."""
import json
import unittest

from aws_peer import BUCKET, RUN_CONTROL, AwsTest


class StoreTest(AwsTest):
    probed = False

    def probe(self, now="2026-02-23T12:00:00Z"):
        return self.workspace.runpin("--json", "probe-store", "--now", now)

    def assert_refused(self, *seen):
        probe = self.probe()
        self.assertEqual(probe.code, 3, probe)
        self.assertFalse(probe.json["receipt"]["passed"])
        for words in seen:
            self.assertIn(words, " ".join(probe.json["receipt"]["violations"]))
        self.assert_held(self.workspace.run(), "M3A-B5", *seen)


class GoodStore(StoreTest):
    def test_is_not_trusted_before_it_was_probed(self):
        self.assert_held(self.workspace.run(), "M3A-B5", "runpin probe-store")
        probe = self.probe()
        self.assertEqual(probe.code, 0, probe)
        answer = self.workspace.run("2026-02-23T18:00:00Z")
        self.assertEqual(answer.code, 0, answer)

    def test_keeps_the_receipt_that_the_gate_reads(self):
        probe = self.probe()
        receipt = json.loads(self.aws.objects()[probe.json["key"]])
        self.assertEqual(receipt, probe.json["receipt"])
        self.assertEqual(probe.json["key"], RUN_CONTROL + "probe_20260223T120000Z/store_probe.json")
        self.assertTrue(receipt["passed"] and receipt["versioned"])
        self.assertEqual(receipt["store"], "s3:" + BUCKET)

    def test_is_probed_again_when_its_versioning_was_changed(self):
        self.assertEqual(self.probe().code, 0)
        self.aws.client("s3").put_bucket_versioning(
            Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
        self.assert_held(self.workspace.run(), "M3A-B5", "an unversioned bucket", "runpin probe-store")
        self.assertEqual(self.probe("2026-02-23T18:00:00Z").code, 0)
        self.assertEqual(self.workspace.run("2026-02-23T18:00:00Z").code, 0)


class GoodUnversionedStore(StoreTest):
    versioned = False

    def test_is_trusted(self):
        probe = self.probe()
        self.assertEqual(probe.code, 0, probe)
        self.assertFalse(probe.json["receipt"]["versioned"])


class StoreThatIgnoresConditions(StoreTest):
    store = "ignores"

    def test_is_refused(self):
        self.assert_refused("a later write replaced what stood there")


class UnversionedStoreThatIgnoresConditions(StoreTest):
    store = "ignores"
    versioned = False

    def test_is_refused(self):
        self.assert_refused("a later write replaced what stood there")


class StoreThatRacingWritersDefeat(StoreTest):
    store = "races"

    def test_is_refused(self):
        self.assert_refused("racing writers", "several versions")


class StoreThatRefusesConditions(StoreTest):
    store = "refuses"

    def test_is_refused(self):
        probe = self.probe()
        self.assertNotEqual(probe.code, 0, probe)
        self.assertIn("NotImplemented", probe.err)
        self.assert_held(self.workspace.run(), "M3A-B5", "NotImplemented")


class NoStore(StoreTest):
    def test_cannot_be_probed(self):
        self.workspace.edit("handles.registry.md", BUCKET, BUCKET + "-gone")
        probe = self.probe()
        self.assertNotEqual(probe.code, 0, probe)
        self.assertIn("NoSuchBucket", probe.err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
