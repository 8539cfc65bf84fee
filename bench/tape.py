"""What a finished run wrote, as a tape that floor.cc plays."""

import itertools
import os
import sqlite3
import tomllib

DATABASE = ".runpin/platform.db"


def rows(workspace):
    """The objects of the platform database in the order they were written: (key, sha256, bytes)."""
    with sqlite3.connect(f"file:{workspace}/{DATABASE}?mode=ro", uri=True) as database:
        return database.execute("SELECT key, sha256, bytes FROM objects ORDER BY rowid").fetchall()


def local_root(workspace):
    with open(f"{workspace}/runpin.toml", "rb") as settings:
        return tomllib.load(settings)["evidence"]["local_root"]


def files(workspace):
    """Path to bytes of every file but the database and timings, which are no evidence."""
    found = {}
    for directory, _, names in os.walk(workspace):
        for name in names:
            path = os.path.join(directory, name)
            shown = os.path.relpath(path, workspace)
            if not shown.startswith(".runpin/"):
                with open(path, "rb") as file:
                    found[shown] = file.read()
    return found


def _execution(root, key, there):
    """The execution whose publication wrote the row; None for an object that was created alone."""
    prefix, name = key.rsplit("/", 1)
    execution = prefix.rsplit("/", 1)[-1]
    published = name != "reservation.json" and any(path.startswith(f"{root}/{execution}/") for path in there)
    return execution if published else None


def make(fresh, finished):
    """The tape that turns a copy of the workspace `fresh` into `finished`, which one run made of another copy."""
    root, before, after = local_root(finished), files(fresh), files(finished)
    steps, staged = [], set()

    def step(words, data):
        steps.append(f"{words} {len(data)}\n".encode() + data)

    numbered = enumerate(rows(finished))

    def transaction(entry):
        index, (key, _, _) = entry
        return _execution(root, key, after) or index

    for owner, group in itertools.groupby(numbered, transaction):
        group = [row for _, row in group]
        directory = f"{root}/{owner}"
        for key, _, data in group:
            name = key.rsplit("/", 1)[-1]
            if after.get(f"{directory}/{name}") == data:
                step(f"stage {directory} {name}", data)
                staged.add(f"{directory}/{name}")
        for key, digest, data in group:
            step(f"put {key} {digest}", data)
        steps.append(b"end\n")
        if isinstance(owner, str):
            steps.append(f"commit {directory}\n".encode())
    for path in sorted(after.keys() - staged):
        if path not in before:
            raise RuntimeError(f"the run wrote {path}, which no step of the tape would")
        if before[path] != after[path]:
            step(f"note {path}", after[path])
    return b"".join(steps)


def same(one, other):
    """Whether two workspaces hold the same files and the same objects."""
    return files(one) == files(other) and rows(one) == rows(other)
