"""How the plain words of provisions differ, word by word, beside what they mean.

In: two drafts and the changes between their clauses.  Out: for each pair of provisions that answer
each other the stretches of words that stay, go and come.  It says nothing about meaning.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from servanda.compare.align import answers
from servanda.compare.change import Change
from servanda.compare.draft import Draft


def wordings(before: Draft, after: Draft, changes: Sequence[Change]) -> Iterator[dict[str, Any]]:
    """Pairs of provisions whose words differ, in the order of the texts."""
    linked = {
        (change.before.provision, change.after.provision)
        for change in changes
        if change.before is not None and change.after is not None
    }
    for p in before.agreement.provisions.values():
        for q in after.agreement.provisions.values():
            close = (p.id, q.id) in linked
            if not close and not answers(before.agreement, p.id, after.agreement, q.id):
                continue
            if p.text.split() != q.text.split():
                words = [{kind: said} for kind, said in stretches(p.text, q.text)]
                yield {"before": p.id, "after": q.id, "words": words}


def stretches(before: str, after: str) -> Iterator[tuple[str, str]]:
    """What is the same, what is only before and what is only after, word by word."""
    a, b = before.split(), after.split()
    for op, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            yield "same", " ".join(a[i:j])
            continue
        if i < j:
            yield "before", " ".join(a[i:j])
        if k < m:
            yield "after", " ".join(b[k:m])
