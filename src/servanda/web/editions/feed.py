"""The feed of released editions, in Atom (RFC 4287).

In: releases, the address of the server, a speech.  Out: XML; corrections and withdrawals change the
entry of the edition that they concern.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as Tree

from servanda.characters import blotted
from servanda.web.editions.release import Release
from servanda.web.editions.say import Speech
from servanda.web.editions.store import moment

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml"
MOST = 50  # entries, the newest


def feed(found: Sequence[Release], base: str, speech: Speech) -> bytes:
    Tree.register_namespace("", ATOM)
    root = Tree.Element(_name("feed"), {"xml:lang": speech.language})
    _add(root, "id", f"{base}/public")
    _add(root, "title", speech.say("Released editions"))
    _add(root, "updated", moment(max((one.changed for one in found), default=0)))
    _link(root, "self", f"{base}/public/feed.atom?lang={speech.language}", MEDIA)
    _link(root, "alternate", f"{base}/public?lang={speech.language}", "text/html")
    for one in found[:MOST]:
        _entry(root, one, base, speech)
    made: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _entry(root: Tree.Element, one: Release, base: str, speech: Speech) -> None:
    entry = Tree.SubElement(root, _name("entry"))
    _add(entry, "id", base + one.address)
    _add(entry, "title", f"{one.edition.title}: {speech.say('edition %(n)s', n=one.number)}")
    _add(entry, "published", moment(one.step.at))
    _add(entry, "updated", moment(one.changed))
    author = Tree.SubElement(entry, _name("author"))
    _add(author, "name", f"{one.step.who}, {speech.office(one.step.role)}")
    _link(entry, "alternate", f"{base}{one.address}?lang={speech.language}", "text/html")
    _add(entry, "summary", _summary(one, speech))


def _summary(one: Release, speech: Speech) -> str:
    if one.edition.withdrawn is not None:
        return f"{speech.say('This edition was withdrawn.')} {one.edition.withdrawn.reason}"
    told = [speech.say("State of %(day)s.", day=speech.day(one.edition.document["as_of_day"]))]
    if one.corrects is not None:
        told.append(speech.say("It corrects edition %(n)s.", n=one.corrects))
    if one.corrected_by is not None:
        told.append(speech.say("It was corrected by edition %(n)s.", n=one.corrected_by))
    return " ".join(told)


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _add(parent: Tree.Element, tag: str, text: str) -> None:
    Tree.SubElement(parent, _name(tag)).text = blotted(text)


def _link(parent: Tree.Element, rel: str, href: str, media: str) -> None:
    Tree.SubElement(parent, _name("link"), {"rel": rel, "href": href, "type": media})
