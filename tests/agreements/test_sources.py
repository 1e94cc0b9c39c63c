"""Clauses of the flagship point at the press report by paragraph and digest."""

import csv
from pathlib import Path

from servanda.library import load

REPORT = "cbs_news_2025_11_20"


def test_paragraphs_and_digests_are_those_of_the_report(shared: Path) -> None:
    with (shared / "plan" / "article_paragraphs.tsv").open(encoding="utf-8") as file:
        digests = {int(row[0]): row[1] for row in list(csv.reader(file, delimiter="\t"))[1:]}
    agreement = load("ukraine-28-point").agreement
    cited = [c for norm in agreement.norms.values() for c in norm.citations]
    cited += [c for provision in agreement.provisions.values() for c in provision.citations]
    cited = [c for c in cited if c.witness == REPORT]
    assert cited
    for citation in cited:
        assert citation.paragraph is not None
        assert citation.digest is not None
        assert digests[citation.paragraph].startswith(citation.digest)
