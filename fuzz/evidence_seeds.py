"""Makes the seeds of the fuzzers judge and lane_evidence from a finished run of the sample platform:

    runpin init W --sample && runpin -w W run --now 2026-02-23T17:43:07Z
    python3 fuzz/evidence_seeds.py W
"""
import json
import pathlib
import sys

STAMP = "20260223T174307Z"
LETTERS = "abcdefghij"
# Of a lane's evidence the judges behind it read little; receipts and facts only swell the seeds.
BULKY = {"facts", "receipts", "handles"}


def compact(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_run(local):
    run = {}
    for letter in LETTERS:
        folder = local / f"m3{letter}_{STAMP}"
        documents = {path.name: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
        summary = documents.pop(f"m3{letter}_execution_summary.json")
        run[letter] = (summary, documents)
    return run


def facts_of(summary, documents):
    return next(document["facts"] for document in [*documents.values(), summary] if "facts" in document)


def thinned(document):
    return {field: value for field, value in document.items() if field not in BULKY}


def judge_seed(run, letter):
    lines = [f"lane {letter}", "=== facts", compact(facts_of(*run[letter]))]
    for source in run[letter][0]["sources"]:
        before = source["lane"][-1].lower()
        summary, documents = run[before]
        evidence = {"state": "green", "summary": thinned(summary),
                    "artifacts": {name: thinned(document) for name, document in documents.items()}}
        lines += [f"=== {source['lane']}", compact(evidence)]
    lines += ["=== edits", *(f"facts {place} {value}" for place, value in ((9999, "null"), (9999, "[]"), (9999, '"x"')))]
    lines += [f"{source['lane']} 9999 {{}}" for source in run[letter][0]["sources"]]
    return "\n".join(lines) + "\n"


def evidence_seed(run, letter):
    summary, documents = run[letter]
    lines = [f"lane {letter}"]
    summary = thinned(summary)
    for entry in summary["artifacts"]:
        entry["sha256"] = f"@{entry['name']}@"
        entry["durable_key"] = f"e/run_control/m3{letter}_{STAMP}/{entry['name']}"
    summary.update(receipts=[], facts={})
    for name, document in documents.items():
        lines += [f"=== {name}", compact(thinned(document))]
    lines += [f"=== m3{letter}_execution_summary.json", compact(summary)]
    return "\n".join(lines) + "\n"


def main():
    workspace = pathlib.Path(sys.argv[1])
    corpus = pathlib.Path(__file__).parent / "corpus"
    run = read_run(workspace / "runs/dev_substrate/dev_full/m3")
    for fuzzer, make in (("judge", judge_seed), ("lane_evidence", evidence_seed)):
        (corpus / fuzzer).mkdir(parents=True, exist_ok=True)
        for letter in LETTERS:
            (corpus / fuzzer / f"lane_{letter}").write_text(make(run, letter))


main()
