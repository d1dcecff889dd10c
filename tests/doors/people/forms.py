"""Find the form of a page by where it posts."""

from __future__ import annotations

from typing import Any


def form_to(page: Any, action: str, index: int = 0) -> Any:
    """Return the form of a page that posts to an address."""
    found = [form for form in page.forms.values() if form.action == action]
    assert found, f"no form posts to {action}"
    return found[index]
