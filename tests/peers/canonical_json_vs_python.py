"""Compares runpin's canonical JSON with Python's own json module, byte for byte.

Usage: canonical_json_vs_python.py CANONICAL_BATCH [DOCUMENTS] [MUTANTS] [SEED]

Part one writes random valid documents in random spellings and wants the same canonical and pretty bytes. Part
two changes documents at random and wants the same judgement: what runpin refuses, strict Python refuses, and what
it accepts, strict Python accepts with the same bytes. Strict Python is the json module with the refusals that
product decision 1 names added: duplicate keys, NaN and infinities, lone surrogates, nesting over 512.
"""

import json
import locale
import math
import os
import random
import struct
import subprocess
import sys

sys.set_int_max_str_digits(0)
sys.setrecursionlimit(20000)
MAX_NESTING = 512


class Refused(Exception):
    pass


# --- strict Python ---------------------------------------------------------------------------------------------


def refuse_duplicates(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused("duplicate key")
    return members


def finite(token):
    value = float(token)
    if math.isinf(value):
        raise Refused("infinity")
    return value


def refuse_constant(name):
    raise Refused(name)


def depth(value):
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if children is None else 1 + max(map(depth, children), default=0)


def strict_python(document):
    """The (canonical, pretty) bytes, or None where the document is refused."""
    try:
        if 0 in document:
            raise Refused("NUL byte, or an encoding other than UTF-8")
        value = json.loads(
            document.decode("utf-8-sig"),
            object_pairs_hook=refuse_duplicates,
            parse_float=finite,
            parse_constant=refuse_constant,
        )
        if depth(value) > MAX_NESTING:
            raise Refused("nesting")
        short = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        long = json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        return short.encode("utf-8"), long.encode("utf-8")
    except (Refused, ValueError, RecursionError):
        return None


# --- runpin ----------------------------------------------------------------------------------------------------


def find_comma_locale():
    """A locale of this machine that writes 1.5 as 1,5, or "C" where it has none."""
    for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8", "it_IT.UTF-8", "ru_RU.UTF-8", "pt_BR.UTF-8"):
        try:
            locale.setlocale(locale.LC_NUMERIC, name)
            return name
        except locale.Error:
            continue
        finally:
            locale.setlocale(locale.LC_NUMERIC, "C")
    return "C"


LOCALE = find_comma_locale()


def ask_runpin(program, documents):
    """For each document its (canonical, pretty) bytes, or the error's line as text."""
    feed = b"".join(struct.pack("<I", len(document)) + document for document in documents)
    environment = {**os.environ, "LC_ALL": LOCALE}
    out = subprocess.run([program], input=feed, stdout=subprocess.PIPE, check=True, env=environment).stdout
    at = 0

    def block():
        nonlocal at
        (length,) = struct.unpack_from("<I", out, at)
        at += 4 + length
        return out[at - length : at]

    answers = []
    while at < len(out):
        at += 1
        answers.append((block(), block()) if out[at - 1 : at] == b"A" else block().decode())
    if len(answers) != len(documents):
        sys.exit(f"{len(documents)} documents asked, {len(answers)} answered")
    return answers


# --- random documents ------------------------------------------------------------------------------------------

# Where spelling, sorting and UTF-8 length change; both sides of the surrogates; one range a plane.
RANGES = (
    [(0x00, 0x1F)] * 2
    + [(0x20, 0x7E)] * 8
    + [(0x22, 0x22), (0x5C, 0x5C), (0x2F, 0x2F), (0x7F, 0xA0), (0xA0, 0x7FF), (0x800, 0xD7FF)]
    + [(0x2028, 0x2029), (0xE000, 0xFFFF), (0xFEFF, 0xFEFF), (0xFFFE, 0xFFFF), (0x10000, 0x1FFFF)]
    + [(plane << 16, (plane << 16) | 0xFFFF) for plane in range(1, 17)]
)
SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 0x22: '\\"', 0x5C: "\\\\", 0x2F: "\\/"}


def spell_character(rng, code):
    if code in SHORT and rng.random() < 0.6:
        return SHORT[code]
    must_escape = code < 0x20 or code in (0x22, 0x5C)
    if not must_escape and rng.random() < 0.8:
        return chr(code)
    units = struct.unpack(">%dH" % (1 if code < 0x10000 else 2), chr(code).encode("utf-16-be"))
    return "".join(("\\u%04x" if rng.random() < 0.5 else "\\u%04X") % unit for unit in units)


def random_codes(rng):
    return [rng.randint(*rng.choice(RANGES)) for _ in range(rng.choice((0, 1, 1, 2, 3, 5, 8, 20)))]


def spell_string(rng, codes):
    return '"' + "".join(spell_character(rng, code) for code in codes) + '"'


def random_digits(rng, count):
    return "".join(rng.choice("0123456789") for _ in range(count))


def random_integer(rng):
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(("0", "-0", "1", "-1", "9", "10"))
    if kind < 0.6:
        edge = 1 << rng.choice((31, 32, 53, 63, 64, 1024))
        return str(rng.choice((-1, 1)) * (edge + rng.randint(-2, 2)))
    sign = rng.choice(("", "-"))
    return sign + rng.choice("123456789") + random_digits(rng, rng.choice((0, 1, 5, 15, 16, 17, 18, 19, 20, 40, 308, 400, 700)))


def random_double(rng):
    while True:
        (value,) = struct.unpack(">d", rng.getrandbits(64).to_bytes(8, "big"))
        if math.isfinite(value):
            return value


def halfway(rng):
    """Exactly between two doubles, or one digit off: where rounding is decided late."""
    low = abs(random_double(rng)) if rng.random() < 0.5 else rng.uniform(0, 1e6)
    high = math.nextafter(low, math.inf)
    if math.isinf(high) or low == 0 or low < 1e-200 or low > 1e200:
        return repr(low)
    (a, b), (c, d) = low.as_integer_ratio(), high.as_integer_ratio()
    over, under = a * d + c * b, 2 * b * d
    shift = under.bit_length() - 1
    if under != 1 << shift:
        return repr(low)
    digits = str(over * 5**shift)
    digits = digits.zfill(shift + 1)
    text = (digits[:-shift] + "." + digits[-shift:]) if shift else digits + ".0"
    return text + rng.choice(("", "1", "000000000000001"))


def random_float(rng):
    kind = rng.random()
    if kind < 0.12:
        return rng.choice(("-0.0", "0.0", "-0e5", "0E0", "0.000", "1E5", "1e5", "1.0", "1e16", "1e15", "123456789012345678.0",
                           "1e-4", "1e-5", "0.0001", "1e22", "1e23", "1e21", "5e-324", "2e-324", "3e-324", "2.2250738585072011e-308",
                           "1.7976931348623157e308", "1.7976931348623158e308", "1e-400", "-1e-400", "0e400", "9007199254740993.0",
                           "1e-99999999999999999999", "0e99999999999999999999"))
    if kind < 0.5:
        value = random_double(rng)
        return rng.choice((repr(value), "%.17g" % value, "%.16e" % value, "%.3E" % value, "%.25e" % value)) if rng.random() < 0.9 else "%f" % value
    if kind < 0.6:
        return halfway(rng)
    if kind < 0.7:
        return "0." + "0" * rng.randint(0, 400) + random_digits(rng, rng.randint(1, 30))
    if kind < 0.8:
        zeros = rng.randint(0, 400)
        return "0." + "0" * zeros + "1" + random_digits(rng, 5) + "e%+d" % (zeros + rng.randint(-20, 20))
    sign = rng.choice(("", "-"))
    whole = rng.choice(("0", rng.choice("123456789") + random_digits(rng, rng.randint(0, 25))))
    fraction = rng.choice(("", "." + random_digits(rng, rng.randint(1, 25))))
    exponent = rng.choice(("e", "E")) + rng.choice(("", "+", "-")) + rng.choice(("0", "00", "")) + str(rng.randint(0, 280))
    return sign + whole + fraction + rng.choice((exponent, exponent, "" if fraction else exponent))


def spell_number(rng):
    if rng.random() < 0.4:
        return random_integer(rng)
    while True:
        text = random_float(rng)
        if math.isfinite(float(text)):
            return text


def blank(rng):
    return "" if rng.random() < 0.7 else "".join(rng.choice(" \t\r\n") for _ in range(rng.randint(1, 3)))


def spell_value(rng, levels):
    kind = rng.random()
    if levels > 0 and kind < 0.45:
        return spell_array(rng, levels) if kind < 0.2 else spell_object(rng, levels)
    if kind < 0.5:
        return rng.choice(("null", "true", "false", "[]", "{}", "[ ]", "{\n}"))
    return spell_number(rng) if kind < 0.75 else spell_string(rng, random_codes(rng))


def spell_array(rng, levels):
    items = [blank(rng) + spell_value(rng, levels - 1) + blank(rng) for _ in range(rng.randint(0, 5))]
    return "[" + ",".join(items) + "]"


def spell_object(rng, levels):
    keys = {tuple(random_codes(rng)) for _ in range(rng.randint(0, 6))}
    members = [
        blank(rng) + spell_string(rng, key) + blank(rng) + ":" + blank(rng) + spell_value(rng, levels - 1) + blank(rng)
        for key in keys
    ]
    return "{" + ",".join(members) + "}"


def random_document(rng):
    text = blank(rng) + spell_value(rng, rng.choice((0, 1, 2, 3, 4, 6))) + blank(rng)
    if rng.random() < 0.01:
        nesting = rng.randint(1, 500)
        opens = [rng.choice(("[]", "{}")) for _ in range(nesting)]
        text = ("".join("[" if o == "[]" else '{"k":' for o in opens) + "1" + "".join(o[1] for o in reversed(opens)))
    return (b"\xef\xbb\xbf" if rng.random() < 0.01 else b"") + text.encode("utf-8")


# --- documents to be refused, or nearly --------------------------------------------------------------------------


def nested(levels, opening, closing):
    return (opening * levels + "1" + closing * levels).encode()


REFUSED = [
    b"", b" ", b"\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf{}", b"\xef\xbb", b"{", b"[", b"[1", b"[1,", b'{"a"', b'{"a":', b'{"a":1',
    b'{"a":1,', b'"', b'"abc', b'"\\', b'"\\u12', b"tru", b"nul", b"fals", b"-", b"1.", b"1e", b"1e+", b"01", b"-01", b"+1", b".5",
    b"1.e5", b"0x10", b"1_000", b"NaN", b"-NaN", b"Infinity", b"-Infinity", b"[NaN]", b"[1e400]", b"-1e400", b"1.8e308",
    b"1e99999999999999999999", b'{"a":1e309}', b"{}x", b"{} {}", b"1 2", b"[1,]", b'{"a":1,}', b"{,}", b"[,1]", b"[1 2]", b'{"a" 1}',
    b"{1:2}", b"{a:1}", b"{'a':1}", b"// x\n1", b"/* x */1", b"# x\n1", b'{"a":1,"a":1}', b'{"a":1,"b":2,"\\u0061":3}',
    b'[{"k":{"x":1,"x":2}}]', b'"\\ud800"', b'"\\udc00"', b'"\\ud800\\ud800"', b'"\\ud800x"', b'"\\udc00\\ud800"', b'{"\\ud83d":1}',
    b'"\xed\xa0\x80"', b'"\xc0\x80"', b'"\xff"', b'"\xe2\x82"', b'"\xf4\x90\x80\x80"', b'"\xf0\x80\x80\x80"', b"\xff", b'"a\nb"', b'"a\tb"',
    b'"\x00"', b"\x00", b"{}\x00", b"{}\x00junk", b"1\x00", b'"\x1f"', b'"\\x41"', b'"\\u00g0"', b'"\\U00000041"', b"\x0b1", b"\x0c1",
    b"\xc2\xa01", b"1\xe2\x80\xa8", b"{}".decode().encode("utf-16"), b"{}".decode().encode("utf-32"), b"True", b"None", b"nulll",
    nested(513, "[", "]"), nested(513, '{"a":', "}"), nested(257, '[{"a":', "}]"), nested(5000, "[", "]"), b"[" * 100000,
]
ACCEPTED = [
    nested(512, "[", "]"), nested(512, '{"a":', "}"), nested(256, '[{"a":', "}]"), b'"\\u0000"', b'"\\ud83d\\ude00"', b'"\x7f"', b"-0", b"-0.0",
    b'"\xef\xbf\xbf"', b"\xef\xbb\xbf{}", b" 1 ", b"1e-400", b'{"a":1,"A":2}', b'{"":0}', b"9" * 5000, b"1.7976931348623158e308",
]
SNIPPETS = [b'"', b"\\", b"\\u", b"\\ud800", b"\\udc00", b"{", b"}", b"[", b"]", b",", b":", b"0", b"-", b"+", b".", b"e", b"E9999", b"\x00", b"\x80",
            b"\xed\xa0\x80", b"\xef\xbb\xbf", b"NaN", b"Infinity", b"null", b"//", b"\x0b", b"\n", b" ", b"1e400", b'"a":1,', b"\xf4\x90\x80\x80"]


def mutate(rng, document):
    text = bytearray(document)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randint(0, len(text))
        kind = rng.random()
        if kind < 0.25:
            text[at:at] = rng.choice(SNIPPETS)
        elif kind < 0.45:
            del text[at : at + rng.choice((1, 1, 2, 5))]
        elif kind < 0.55:
            del text[at:]
        elif kind < 0.75:
            text[at : at + 1] = bytes([rng.choice(b'"\\{}[],:0123456789-+.eE truefalsn\x00\x1f\x7f\x80\xc3\xed\xf0\xff')])
        else:
            end = min(len(text), at + rng.randint(1, 12))
            to = rng.randint(0, len(text))
            text[to:to] = text[at:end]
    return bytes(text)


def double_a_member(rng, document):
    """A document whose object gets one of its members once more, somewhere else."""
    value = json.loads(document.decode("utf-8-sig"))
    if not isinstance(value, dict) or not value:
        return document
    members = [(key, json.dumps(item)) for key, item in value.items()]
    members.insert(rng.randint(0, len(members)), rng.choice(members))
    return ("{" + ",".join(f"{json.dumps(key)}:{item}" for key, item in members) + "}").encode()


# --- the two parts -----------------------------------------------------------------------------------------------


def show(document):
    return document if len(document) <= 300 else document[:300] + b"..."


def compare(program, documents):
    """Differences printed (the first ten), and how many documents both accept and both refuse."""
    differences = accepted = refused = 0
    for document, ours in zip(documents, ask_runpin(program, documents)):
        theirs = strict_python(document)
        if isinstance(ours, str) and theirs is None:
            refused += 1
        elif ours == theirs:
            accepted += 1
        else:
            differences += 1
            if differences <= 10:
                print("DIFFERENCE", show(document), "runpin:", ours, "python:", theirs, sep="\n  ")
    return differences, accepted, refused


def well_placed(message):
    place = message.split(": ", 1)[0].split(":")
    return place[0] == "document" and len(place) == 3 and all(part.isdigit() and int(part) > 0 for part in place[1:])


def main(program, documents=100_000, mutants=100_000, seed=20260223):
    rng = random.Random(seed)
    faults = []
    print(f"figure: canonical JSON against Python in the locale {LOCALE}")

    valid = [random_document(rng) for _ in range(documents)]
    differences, accepted, _ = compare(program, valid)
    print(f"figure: canonical JSON against Python: {documents} documents, {differences} differences")
    if differences or accepted != documents:
        faults.append(f"{documents - accepted} valid documents differ or are refused")

    differences, accepted, refused = compare(program, REFUSED + ACCEPTED)
    print(f"figure: canonical JSON against Python: {len(REFUSED)} to be refused and {len(ACCEPTED)} to be accepted, {differences} differences")
    if differences or (refused, accepted) != (len(REFUSED), len(ACCEPTED)):
        faults.append(f"table: {refused} refused, {accepted} accepted, {differences} differences")
    faults += [f"no position: {m}" for m in ask_runpin(program, REFUSED) if not well_placed(m)]

    changed = [
        double_a_member(rng, document) if rng.random() < 0.05 else mutate(rng, document)
        for document in rng.choices(valid, k=mutants)
    ]
    differences, accepted, refused = compare(program, changed)
    print(f"figure: canonical JSON against Python: {mutants} changed documents, {differences} differences ({refused} refused by both, {accepted} accepted by both)")
    if differences or min(accepted, refused) < mutants // 20:
        faults.append("changed documents: differences, or too few of one kind to show anything")

    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
