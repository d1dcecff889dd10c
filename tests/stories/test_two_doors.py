"""The browser and the API tell the same stories: each verb of the one is a verb of the other."""

from __future__ import annotations

import inspect

from flask import Flask

from tests.stories.pages import Pages
from tests.stories.pages.desk import Desk
from tests.stories.programs import Api
from tests.stories.programs.client import Client


def _verbs(door: type, ground: type) -> dict[str, list[str]]:
    return {
        name: list(inspect.signature(verb).parameters)
        for name, verb in inspect.getmembers(door, inspect.isfunction)
        if not name.startswith("_") and not hasattr(ground, name)
    }


def test_every_verb_of_the_pages_is_a_verb_of_the_api_and_takes_the_same() -> None:
    pages, api = _verbs(Pages, Desk), _verbs(Api, Client)

    assert pages == api
    assert len(pages) > 40


def test_every_route_of_the_api_is_published(app: Flask) -> None:
    published = (
        app.test_client().get("/api/v1/openapi.json", headers={"Host": "confer.example"}).json
    )
    assert published is not None

    written = {path.replace("{", "<").replace("}", ">") for path in published["paths"]}
    routed = {
        rule.rule.replace("<int:", "<")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and not rule.endpoint.startswith("api-docs.")
    }

    assert published["openapi"] == "3.1.0"
    assert {path for path in routed if "<any(" not in path} <= written
