"""Every page each role can reach by links: nothing broken, nothing for axe, none too wide."""

from __future__ import annotations

import re
from collections import deque

import pytest
from playwright.sync_api import Response

from demo.partnership import PASSWORD
from tests.journeys.conftest import Come
from tests.journeys.person import Person

pytestmark = pytest.mark.journey
ROLES = {
    "Sam Okoro": "duty social worker",
    "Priya Shah": "team manager",
    "Helen Marsh": "chair",
    "Tom Birch": "business support",
    "Jo Lane": "youth justice officer",
    "Asha Green": "privacy officer",
    "Lee Hart": "administrator",
}
MOST_PAGES = 24
# Two pages of one kind tell as much as twenty: a reference, a date or a number is cut out.
_KIND = re.compile(r"[A-Z]-[A-Z0-9]{6}|[0-9a-f]{8}-[0-9a-f-]{27}|\b\d+\b")
_OF_A_KIND = 2
_NOT_PAGES = ("/post-room", "/sign-out", "/static", "/api")


def walk(person: Person) -> tuple[dict[str, str], list[str]]:
    """Follow every link of the service once; return titles by path, and what went wrong."""
    waiting, known = deque([(person.path, "sign-in")]), {person.path}
    kinds: dict[str, int] = {}
    titles: dict[str, str] = {}
    wrong: list[str] = []
    while waiting and len(titles) < MOST_PAGES:
        path, linked_from = waiting.popleft()
        answer = person.page.goto(person.url + path)
        if person.heading == "Enter your password again":
            answer = confirm(person)
        assert answer is not None
        if answer.status >= 400:
            wrong.append(f"{path}, linked from {linked_from}, answers {answer.status}")
            continue
        try:
            person.look()
            person.look_narrow()
        except AssertionError as fault:
            wrong.append(str(fault))
        titles[path] = person.page.title()
        for found in links_of(person):
            kind = _KIND.sub("-", found)
            if found not in known and kinds.get(kind, 0) < _OF_A_KIND:
                kinds[kind] = kinds.get(kind, 0) + 1
                known.add(found)
                waiting.append((found, path))
    return titles, wrong


def confirm(person: Person) -> Response | None:
    """Enter the password again where a role reaches everything, and go where one wanted to."""
    person.type("Password", PASSWORD)
    with person.page.expect_navigation() as going:
        person.main.get_by_role("button").first.click()
    return going.value


def links_of(person: Person) -> list[str]:
    """Return the service's own addresses on the page."""
    targets = person.page.eval_on_selector_all(
        "a[href]:not([download])", "all => all.map(each => each.href)"
    )
    own = [each.removeprefix(person.url).partition("#")[0] for each in targets
           if each.startswith(person.url)]  # fmt: skip
    return [each for each in own if each and not each.startswith(_NOT_PAGES)]


@pytest.mark.parametrize("name", ROLES, ids=ROLES.values())
def test_every_page_a_role_can_reach_is_whole(at_a_desk: Come, name: str) -> None:
    walker = at_a_desk(name)

    titles, wrong = walk(walker)

    assert wrong == []
    assert len(titles) > 5
    twice = [each for each in titles.values() if list(titles.values()).count(each) > _OF_A_KIND]
    assert twice == [], f"pages that cannot be told apart by their title: {titles}"
