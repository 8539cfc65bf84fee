"""Fails when a folder of src/runpin includes one that it may not see (ARCHITECTURE.md).

Usage: include_arrows.py SRC_RUNPIN
"""

import pathlib
import re
import sys

BASE = {"base"}
CANON = BASE | {"canon"}
GATE = CANON | {"registry", "workspace", "ports"}
LANES = GATE | {"gate"}
ABOVE_LANES = LANES | {"lanes"}

# What each folder may include besides itself. An adapter sees ports and below, and no other adapter.
MAY_SEE = {
    "base": set(),
    "canon": BASE,
    "registry": CANON,
    "workspace": CANON,
    "ports": CANON,
    "gate": GATE,
    "lanes": LANES,
    "verify": ABOVE_LANES,
    "attest": ABOVE_LANES,
    "report": ABOVE_LANES,
}
ADAPTER_MAY_SEE = CANON | {"ports"}

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]runpin/([^">]+)[">]')


def folder_of(path):
    """The folder of a path below src/runpin: "base", "adapters/sqlite"; "" for a file at the top."""
    parts = path.split("/")[:-1]
    return "/".join(parts[:2]) if parts and parts[0] == "adapters" else "/".join(parts[:1])


def allowed(source, target):
    if source == target or source == "cli":
        return True
    if source == "":
        return target == "cli"
    if source.startswith("adapters/"):
        return target in ADAPTER_MAY_SEE
    return target in MAY_SEE.get(source, set())


def wrong_arrows(root):
    for file in sorted(root.rglob("*")):
        if file.suffix not in {".h", ".cc", ".in"}:
            continue
        source = folder_of(file.relative_to(root).as_posix())
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if match and not allowed(source, folder_of(match[1])):
                yield f"{file}:{number}: {source or 'main'} may not include runpin/{match[1]}"


def main():
    root = pathlib.Path(sys.argv[1])
    if not root.is_dir():
        sys.exit(f"{root} is no directory")
    wrong = list(wrong_arrows(root))
    print("\n".join(wrong) if wrong else f"every include below {root} follows the arrows")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
