"""The include check finds arrows that point the wrong way."""

import pathlib
import tempfile
import unittest

import include_arrows


class IncludeArrows(unittest.TestCase):
    def wrong(self, file, include):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f'#include <string>\n#include "runpin/{include}"\n', encoding="utf-8")
            return len(list(include_arrows.wrong_arrows(pathlib.Path(directory))))

    def test_accepts_arrows_that_point_down(self):
        for file, include in [
            ("canon/a.h", "base/result.h"),
            ("lanes/a.cc", "gate/lane.h"),
            ("adapters/sqlite/a.cc", "ports/evidence_store.h"),
            ("adapters/sqlite/a.cc", "adapters/sqlite/b.h"),
            ("verify/a.cc", "lanes/lanes.h"),
            ("cli/a.cc", "adapters/sqlite/b.h"),
            ("main.cc", "cli/run_main.h"),
        ]:
            with self.subTest(file=file, include=include):
                self.assertEqual(self.wrong(file, include), 0)

    def test_finds_arrows_that_point_up_or_across(self):
        for file, include in [
            ("base/a.h", "canon/json.h"),
            ("registry/a.cc", "workspace/workspace.h"),
            ("gate/a.cc", "lanes/a.h"),
            ("lanes/a.cc", "adapters/sqlite/b.h"),
            ("adapters/focus/a.cc", "adapters/sqlite/b.h"),
            ("adapters/focus/a.cc", "gate/lane.h"),
            ("report/a.cc", "cli/output.h"),
            ("attest/a.cc", "report/html.h"),
            ("newcomer/a.cc", "base/result.h"),
            ("main.cc", "gate/lane.h"),
        ]:
            with self.subTest(file=file, include=include):
                self.assertEqual(self.wrong(file, include), 1)


if __name__ == "__main__":
    unittest.main()
