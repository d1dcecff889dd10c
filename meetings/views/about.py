"""Pages about the service itself: help, accessibility, privacy; open to everybody."""

from __future__ import annotations

from flask import Blueprint, render_template

from core.doors import open_page

blueprint = Blueprint("about", __name__)


@blueprint.get("/help")
@open_page()
def help_page() -> str:
    """Say how the service is used and whom to ring."""
    return render_template("meetings/about/help.html")


@blueprint.get("/accessibility")
@open_page()
def accessibility() -> str:
    """Say what works for whom, and what does not yet."""
    return render_template("meetings/about/accessibility.html")


@blueprint.get("/privacy")
@open_page()
def privacy() -> str:
    """Say what is kept about whom, and who may see it."""
    return render_template("meetings/about/privacy.html")
