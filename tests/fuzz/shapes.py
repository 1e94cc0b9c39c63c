"""Shapes of about 100 kB that are made to take long: one for each way a reader could be slow."""

import json
import math

SIZE = 100_000
HEAD = 'agreement x "x"\nparty A\n'
MARKDOWN = f"# x\n\n```servanda\n{HEAD}```\n\n## p1. One\n\n"


def _fill(piece: str) -> str:
    return piece * max(1, SIZE // len(piece))


def _each(line: str, count: int) -> str:
    return "".join(line.replace("#+", str(i + 1)).replace("#", str(i)) for i in range(count))


def _all_to_all(line: str, part: str, joint: str, count: int) -> str:
    parts = joint.join(part.replace("#", str(i)) for i in range(count))
    return "".join(line.replace("#", str(i)) + parts + "\n" for i in range(count))


CODE = {
    "one huge line": "define d as in_force" + _fill(" and in_force"),
    "one huge clause": "party B\n  members {" + _fill("B, ") + "}",
    "ten thousand clauses": "party B\n" + '  note "x"\n' * 10_000,
    "ten thousand lines": _fill("party B\n"),
    "thousands of parties": _each("party B#\n", 8_000),
    "deep parentheses": "define d as " + "(" * 50_000 + "in_force" + ")" * 50_000,
    "deep brackets": "define d as " + "([{" * 33_000,
    "nots": "define d as " + _fill("not ") + "in_force",
    "unknown members": _each("party B#\n  members {Q#}\n", 4_000),
    "unknown bearers": _each("obligation n#\n  bearer Qx#\n", 3_500),
    "unknown clauses": "party B\n" + _each("  nte# x\n", 9_000),
    "unknown declarations": _each("prty# x\n", 9_000),
    "unknown record types": _each("define d# as atack# by A\n", 3_800),
    "a huge set of unknown names": "group G\n  members {" + _each("A#, ", 14_000) + "A}",
    "a huge set in a condition": "define d as bearer in {" + _each("A#, ", 14_000) + "A}",
    "a huge text": 'party B "' + "a" * SIZE + '"',
    "quotation marks": '"' * SIZE,
    "backslashes": 'party B "' + "\\" * SIZE,
    "comments": _fill("-- x\n"),
    "spaces": " " * SIZE + "x",
    "empty lines": "\n" * SIZE,
    "forbidden characters": "\u202e" * 30_000,
    "accents in no order": 'party B "' + "a" + "\u0315\u0300" * 25_000 + '"',
    "accents in no order, thirty at a time": 'party B "'
    + ("a" + "\u0315\u0300" * 14) * 1_200
    + '"',
    "names of another alphabet": _each("party Сторона#\n", 2_500),
    "names that mix alphabets": _each("party Сtoрона#\n", 2_500),
    "look-alikes": _each("party a#\nparty а#\n", 2_500),
    "dots": "party " + "a." * 50_000,
    "digits": "place P " + "9" * SIZE,
    "grouped digits": "place P " + "9_" * 50_000 + " 1",
    "readings": "term t\n" + _each("  reading r#: {x#}\n", 5_000),
    "readings built from each other": "term t\n" + _each("  reading r#: r#+ and {x}\n", 4_000),
    "a chain of definitions": _each("define d# as d#+ and d#+\n", 3_000)
    + "define d3000 as in_force",
    "a circle of definitions": _each("define d# as d#+\n", 5_000) + "define d5000 as d0",
    "definitions all to all": _all_to_all("define d# as ", "d#", " and ", 120),
    "a chain of norms": _each("rule r#\n  from not r#+ is active\n", 2_000) + "rule r2000",
    "norms all to all": _all_to_all("rule r#\n  from ", "not r# is active", " and ", 60),
    "names that are nearly known": _each(
        "place Plaza#x#\ndefine d# as enacts by A act Plza#x#\n", 1_500
    ),
    "arguments": "record R\n" + _each("  arg a# word\n", 6_000),
    "variables": "rule n\n" + _each("  for each x# in {A}\n", 4_000),
    "steps": "obligation n\n" + _each("  step s# after 1 days\n", 4_500),
    "translations": "rule n\n" + '  translation uk "x"\n' * 4_500,
    "includes": 'include "a.servanda"\n' * 5_000,
    "brackets left open": "define d as (" + "\nparty X (" * 10_000,
}
PROSE = {
    "nested quotations": ">" * SIZE,
    "quotations": _fill("> x\n"),
    "nested lists": "".join(" " * i + "- x\n" for i in range(400)),
    "lists": _fill("- x\n"),
    "lists in quotations": "> - " * 25_000,
    "stars": "*" * SIZE,
    "brackets": "[" * SIZE,
    "links": "[a](" * 25_000,
    "references": _each("[a#]: x\n", 9_000),
    "references left open": "[a]: x (\n" * 10_000,
    "angle brackets": "<" * SIZE,
    "tags": "<b>" * 33_000,
    "comments": "<!--" * 25_000,
    "comments in sentences": "x <!-- " * 12_000,
    "comparisons": "x < y & " * 12_000,
    "character references": "&#8238;" * 14_000,
    "a long table": "|a|b|\n|-|-|\n" + "|x|y|\n" * 16_000,
    "a wide table": "|a" * 20_000 + "\n" + "|-" * 20_000 + "\n" + "|x" * 10_000,
    "fences": "```\n" * 25_000,
    "blocks": "```servanda\n```\n" * 6_000,
    "blocks in lists": "- ```servanda\n" * 7_000,
    "backticks": "".join("`" * i + " <" for i in range(440)),
    "headings": _each("## p#. x\n", 9_000),
    "underlined": "a\n-\n" * 25_000,
    "a long paragraph": "x\n" * 50_000,
    "translations": "[uk] x\n\n" * 12_000,
    "numbers": _each("#. x\n", 12_000),
    "backslashes": "\\<" * 50_000,
}


def _zone(kind: str, coordinates: object) -> str:
    geometry = {"type": kind, "coordinates": coordinates}
    return json.dumps({"features": [{"id": "z", "geometry": geometry}]})


_STAR = [[math.cos(i * 2.5) * 50, math.sin(i * 2.5) * 50] for i in range(2_500)]
_HOLES = [[[x, y], [x + 0.1, y], [x, y + 0.1], [x, y]] for x in range(1, 30) for y in range(1, 30)]
GEOJSON = {
    "lists within lists": "[" * SIZE,
    "objects within objects": '{"a":' * 20_000,
    "a number without end": '{"features":[' + "9" * SIZE + "]}",
    "many features": json.dumps({"features": [{"id": i} for i in range(9_000)]}),
    "a star that crosses itself": _zone("Polygon", [[*_STAR, _STAR[0]]]),
    "a zigzag": _zone("Polygon", [[[i % 2 * 50, i / 100] for i in range(4_000)] + [[0, 0]]]),
    "holes": _zone("Polygon", [[[0, 0], [80, 0], [80, 80], [0, 80], [0, 0]], *_HOLES]),
    "one point many times": _zone("Polygon", [[[0, 0]] * 10_000]),
    "empty parts": _zone("MultiPolygon", [[[]]] * 20_000),
}
YAML = {
    "lists within lists": "[" * SIZE,
    "dashes": "- " * 50_000,
    "names within names": "".join(" " * i + "a:\n" for i in range(440)),
    "questions": "? " * 50_000,
    "anchors": "&a " * 30_000,
    "many names": _each("k#: [1, 2]\n", 7_000),
    "the same name": "a: b\n" * 20_000,
    "many lists": "- [[[[]]]]\n" * 9_000,
    "quotation marks": "'" * SIZE,
    "a long text": "|\n" + " x\n" * 30_000,
    "tags": "!" * SIZE,
    "documents": "--- \n" * 20_000,
    "a bomb": "a: &a [x, x]\n" + _each("b#: &b# [*a, *a]\n", 4_000),
}
_ROW = '{"id":"#","type":"attack","at":"2026-01-05T10:00:00Z","args":{"by":"A"},"source":"B"}\n'
RECORDS = {
    "many": _each(_ROW, 1_000),
    "one id": _each(_ROW.replace('"#"', '"a"').replace('"B"', '"B#"'), 1_000),
    "lists within lists": "[" * SIZE,
    "lists within lists, many times": ('{"id":' + "[" * 400 + "]" * 400 + "}\n") * 120,
    "a long type": '{"id":"a","source":"b","at":"2026-01-01","type":"' + "a" * SIZE + '"}',
    "unknown types": _each('{"id":"a","source":"b","at":"2026-01-01","type":"atac#"}\n', 1_500),
    "many fields": "{" + _each('"a#":1,', 9_000) + '"a1":2}',
    "a number without end": '{"id":' + "9" * SIZE + "}",
    "a long list": _ROW.rstrip()[:-1] + ',"same_as":["a"' + ',"a"' * 20_000 + "]}",
    "accents in no order": _ROW.replace('"B"', '"' + "a" + "\u0315\u0300" * 20_000 + '"'),
    "csv: columns": "a," * 50_000 + "\nx",
    "csv: many names": "id," + _each("a#,", 15_000) + "\nx",
    "csv: a quotation left open": 'id,type\n"' + "a\n" * 40_000,
    "csv: quotations that break off": "id\n" + '"a"b\n' * 18_000,
    "csv: a huge cell": "id,type\n" + "a" * SIZE + ",b",
    "csv: rows": "id,type,source,at\n" + "x,y,z\n" * 15_000,
    "csv: lists within lists": 'id,args\na,"' + "[" * 90_000 + '"',
}
STANDARD = {
    "parentheses": "(" * SIZE,
    "ands": "1 body" + _fill(" and 1 body"),
    "spaces": " " * SIZE,
    "a set": "1 {" + _fill("body, ") + "body}",
}
