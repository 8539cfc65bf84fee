"""config_digest and scenario_run_id by Python's own json and hashlib.

Reads {"profile", "handles": {KEY: value}, "manifest_uri", "manifest_sha256"} and prints
{"config_digest", "scenario_run_id"}.
"""
import hashlib
import json
import sys


def sha256(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def main():
    given = json.loads(sys.stdin.buffer.read())
    handles = given["handles"]
    ids = handles["ORACLE_REQUIRED_OUTPUT_IDS"]
    sort_keys = {i: handles["ORACLE_SORT_KEY_BY_OUTPUT_ID"][i] for i in ids}
    known = {
        "oracle_input_manifest_uri": given["manifest_uri"],
        "oracle_input_manifest_sha256": given["manifest_sha256"],
        "oracle_required_output_ids": ids,
        "oracle_sort_key_by_output_id": sort_keys,
    }
    fields = [f.strip() for f in handles["SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS"].split(",")]
    digest_field = handles["CONFIG_DIGEST_FIELD"]
    if given["profile"] == "equivalence_fields_v1":
        payload = {f: known[f] for f in fields if f != digest_field}
    else:
        payload = {
            "algo": handles["CONFIG_DIGEST_ALGO"],
            "oracle_source_namespace": handles["ORACLE_SOURCE_NAMESPACE"],
            "oracle_engine_run_id": handles["ORACLE_ENGINE_RUN_ID"],
            "oracle_required_output_ids": ids,
            "oracle_sort_key_by_output_id": sort_keys,
            "scenario_mode": handles["SCENARIO_RUN_ID_DERIVATION_MODE"],
        }
    digest = sha256(payload)
    known[digest_field] = digest
    scenario = "scenario_" + sha256({f: known[f] for f in fields})[:32]
    json.dump({"config_digest": digest, "scenario_run_id": scenario}, sys.stdout)


if __name__ == "__main__":
    main()
