"""A person at a browser, who reads only what the page shows; every press is counted."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from demo.partnership import PASSWORD

_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
_TOO_WIDE = """() => {
    const root = document.documentElement;
    return root.scrollWidth - root.clientWidth;
}"""
_SHOTS = os.environ.get("CONFER_SHOTS")


@dataclass
class Person:
    """Somebody at a browser.

    A press is one on a link, a button, a radio or a box; what is typed and signing in are not
    counted (as the experience guide counts).
    """

    page: Page
    url: str
    has_script: bool = True
    by_keyboard: bool = False
    # What another journey looks at already is passed without a look.
    is_passing: bool = False
    presses: int = 0
    seen: list[str] = field(default_factory=list)

    # ---- getting somewhere ----

    def sign_in(self, name: str) -> None:
        """Sign in as an account of the demo."""
        self.page.goto(f"{self.url}/sign-in")
        self.page.get_by_label("Email").fill(f"{name.lower().replace(' ', '.')}@northshire.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        with self.page.expect_navigation():
            self.main.get_by_role("button").click()
        self.look()
        self.presses = 0

    def open(self, path: str) -> None:
        """Open an address, as from a bookmark."""
        self.page.goto(path if path.startswith("http") else self.url + path)
        self.look()

    def open_mail(self, address: str, subject: str) -> None:
        """Open the newest mail with these words in its subject, in the post room of an address."""
        self.page.goto(f"{self.url}/post-room")
        self.look()
        heading = self.page.get_by_role("heading", name=address, exact=True)
        letters = heading.locator("xpath=following-sibling::ul[1]")
        with self.page.expect_navigation():
            letters.get_by_role("link", name=subject).first.click()
        self.look()

    # ---- pressing ----

    def press(self, what: Locator) -> None:
        """Press something, and look at the page that comes of it."""
        before = self._page_now()
        if self.by_keyboard:
            self._reach(what)
        with self.page.expect_navigation():
            if self.by_keyboard:
                self.page.keyboard.press("Enter")
            else:
                what.click()
        self.presses += 1
        if self._page_now() != before:
            self.look()

    def press_button(self, name: str, *, within: Locator | None = None) -> None:
        """Press the button of this name on the page, not in its frame."""
        inside = within or self.main
        self.press(inside.get_by_role("button", name=name).first)

    def press_link(self, name: str) -> None:
        """Press the link of this name."""
        self.press(self.page.get_by_role("link", name=name).first)

    def choose(self, name: str, *, within: str) -> None:
        """Press a radio of a question."""
        radio = self.group(within).get_by_label(name, exact=True)
        if self.by_keyboard:
            self._step_to(radio)
        else:
            radio.check()
        self.presses += 1

    def tick(self, name: str) -> None:
        """Press a box."""
        self.main.get_by_label(name).first.check()
        self.presses += 1

    def unfold(self, name: str) -> None:
        """Press what unfolds a part of the page."""
        self.main.locator("summary").filter(has_text=name).first.click()
        self.presses += 1

    # ---- typing ----

    def type(self, label: str, text: str, *, within: Locator | None = None) -> None:
        """Type into the box of this label."""
        box = (within or self.main).get_by_label(label).first
        if self.by_keyboard:
            self._reach(box)
            self.page.keyboard.type(text)
        else:
            box.fill(text)

    def type_date(self, day: date, *, within: str) -> None:
        """Type a date into its three boxes."""
        group = self.group(within)
        for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(label, exact=True).fill(str(part))

    def pick_child(self, words: str) -> None:
        """Find a child as one types; without a script, by the button."""
        if not self.has_script:
            self.type("Which child?", words)
            self.press_button("Find")
            self.choose_first("Children found")
            return
        self.type("Which child?", words)
        self.group("Children found").get_by_role("radio").first.wait_for()
        self.main.get_by_label("Which child?").press("ArrowDown")

    def choose_first(self, question: str) -> None:
        """Press the first radio of a question."""
        self.group(question).get_by_role("radio").first.check()
        self.presses += 1

    # ---- reading ----

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.get_by_role("main")

    @property
    def heading(self) -> str:
        """What the page is called."""
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """All that stands on the page."""
        return self.main.inner_text()

    @property
    def path(self) -> str:
        """Where the person is."""
        return self.page.url.removeprefix(self.url)

    def group(self, name: str) -> Locator:
        """A question with its answers."""
        return self.page.get_by_role("group", name=name)

    def reads(self, *words: str) -> None:
        """Hold the page to these words."""
        text = self.text
        missing = [each for each in words if each not in text]
        assert missing == [], f"{missing} not on {self.path}:\n{text}"

    def look(self) -> None:
        """Hold the page to what every page must be.

        One heading, a title, nothing for axe, no scrolling sideways.
        """
        if self.is_passing:
            return
        where = f"{self.path} {self.page.title()!r}"
        assert self.page.locator("h1").count() == 1, where
        assert self.page.title().strip(), where
        self.seen.append(self.path)
        self._keep_picture()
        if not self.has_script:
            return
        found = Axe().run(self.page, options=_RULES).response["violations"]
        said = [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]
        assert said == [], f"{where}: {said}"
        self._fits()

    def look_narrow(self) -> None:
        """Hold the page to a telephone's width too."""
        before = self.page.viewport_size
        assert before is not None
        self.page.set_viewport_size({"width": 320, "height": 568})
        self._keep_picture()
        self._fits()
        self.page.set_viewport_size(before)

    def _fits(self) -> None:
        wide = self.page.evaluate(_TOO_WIDE)
        assert wide <= 0, f"{self.path} is {wide} px too wide"

    # ---- by keyboard ----

    def _reach(self, what: Locator) -> None:
        """Walk with the tabulator until the focus is there, and see it."""
        for _ in range(400):
            if what.evaluate("each => each === document.activeElement"):
                assert what.evaluate(
                    "each => { const drawn = getComputedStyle(each);"
                    " return drawn.outlineStyle !== 'none' || drawn.boxShadow !== 'none'; }"
                ), f"the focus on {what} is not seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no tabulator leads to {what}")

    def _step_to(self, radio: Locator) -> None:
        """Walk into a question and step to its answer."""
        name = radio.get_attribute("name")
        group = self.main.locator(f'input[name="{name}"]')
        for _ in range(400):
            if self.page.evaluate("document.activeElement.name") == name:
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {radio}")

    def _page_now(self) -> float:
        return float(self.page.evaluate("performance.timeOrigin"))

    def _keep_picture(self) -> None:
        if not _SHOTS:
            return
        size = self.page.viewport_size or {"width": 0}
        kind = f"{size['width']}{'' if self.has_script else '-no-script'}"
        name = self.path.partition("?")[0].strip("/").replace("/", "_") or "home"
        folder = Path(_SHOTS) / kind
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{len(self.seen):02}_{name[:80]}.png", full_page=True)
