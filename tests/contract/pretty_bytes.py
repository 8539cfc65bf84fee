"""Holds every object of a platform database against Python's own json: DATABASE [LOCAL_ROOT].

Prints one line a fault and, last, how many documents were read. Exits 1 on a fault.
"""
import hashlib
import json
import pathlib
import sqlite3
import sys


def fault(data, recorded):
    if recorded and hashlib.sha256(data).hexdigest() != recorded:
        return "the SHA-256 beside the bytes is not theirs"
    text = data.decode("utf-8")
    expected = json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    return "" if text == expected else "not what json.dumps gives"


def documents(database, local_root):
    query = "SELECT key, bytes, sha256 FROM objects"
    yield from sqlite3.connect(database).execute(query)
    for path in sorted(pathlib.Path(local_root).rglob("*.json")) if local_root else []:
        yield str(path), path.read_bytes(), None


def main(database, local_root=None):
    faults = 0
    count = 0
    for name, data, recorded in documents(database, local_root):
        count += 1
        found = fault(data, recorded)
        if found:
            faults += 1
            print(f"{name}: {found}")
    print(count)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
