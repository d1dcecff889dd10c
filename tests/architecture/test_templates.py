"""What every template must be: it compiles, escapes, holds no script, imports only what it uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    nodes,
    select_autoescape,
)

from core import filters

ROOT = Path(__file__).resolve().parents[2] / "templates"
PAGES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
COMPONENTS = [page for page in PAGES if page.startswith("components/")]
HOSTILE = "\"'><script>x</script>"


def _environment() -> Environment:
    loader = ChoiceLoader(
        [
            FileSystemLoader(ROOT),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    environment = Environment(loader=loader, autoescape=select_autoescape(["html"]))
    environment.globals["csrf_token"] = lambda: "token"
    app = Flask("templates")
    filters.install(app)
    environment.filters.update(app.jinja_env.filters)
    return environment


def _text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _markup(page: str) -> str:
    return re.sub(r"\{#.*?#\}", "", _text(page), flags=re.DOTALL)


def _render(source: str, **context: object) -> str:
    return _environment().from_string(source).render(**context)


@pytest.mark.parametrize("page", PAGES)
def test_a_template_compiles(page: str) -> None:
    environment = _environment()

    environment.get_template(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_template_imports_only_macros_it_uses(page: str) -> None:
    tree = _environment().parse(_text(page))
    imported: set[str] = set()
    for node in tree.find_all(nodes.FromImport):
        imported |= {name if isinstance(name, str) else name[1] for name in node.names}
    imported |= {node.target for node in tree.find_all(nodes.Import)}

    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}

    assert imported <= used, f"{page} imports {sorted(imported - used)} and does not use it"


@pytest.mark.parametrize("page", PAGES)
def test_a_template_holds_no_inline_script_or_style(page: str) -> None:
    markup = _markup(page)

    scripts = [tag for tag in re.findall(r"<script\b[^>]*>", markup) if "src=" not in tag]
    styles = re.findall(r"<style\b|\sstyle\s*=", markup)
    handlers = re.findall(r"<[a-z][^>{]*\son[a-z]+\s*=", markup)
    addresses = re.findall(r"""(?:href|action|src)\s*=\s*["']?\s*javascript:""", markup)

    assert scripts + styles + handlers + addresses == [], f"{page}: our policy would block it"


@pytest.mark.parametrize("page", PAGES)
def test_a_template_never_switches_escaping_off(page: str) -> None:
    markup = _markup(page)

    found = re.findall(r"\|\s*safe\b|\bMarkup\b|autoescape\s+false", markup)

    assert found == [], f"{page} would print somebody's words as markup"


@pytest.mark.parametrize("page", PAGES)
def test_markup_given_to_a_govuk_macro_was_made_by_a_set_block(page: str) -> None:
    markup = _markup(page)

    given = re.findall(r"""["']\w*[hH]tml["']\s*:\s*(\S+?)[,}\s]""", markup)
    made = set(re.findall(r"\{%-?\s*set\s+(\w+)\s*-?%\}", markup))

    assert [name for name in given if name not in made] == [], (
        f"{page}: these macros print html= unescaped; build it with a set block"
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_nothing_from_elsewhere(page: str) -> None:
    markup = _markup(page)

    found = re.findall(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//[^"'\s]+""", markup)

    assert found == [], f"{page} would tell another site that somebody reads it"


@pytest.mark.parametrize("page", PAGES)
def test_a_search_is_a_post_so_that_no_name_stands_in_an_address(page: str) -> None:
    markup = _markup(page)

    forms = re.findall(r'<form\b[^>]*action="/(?:search|children/find)"[^>]*>', markup)

    assert [form for form in forms if 'method="post"' not in form] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_form_that_changes_something_carries_the_token_against_forgery(page: str) -> None:
    markup = _markup(page)
    is_for_a_guest = '"layouts/guest.html"' in markup

    forms = re.findall(r'<form\b[^>]*method="post".*?</form>', markup, re.DOTALL)

    assert [form for form in forms if "csrf_token" not in form and not is_for_a_guest] == []


@pytest.mark.parametrize("page", [p for p in PAGES if p.startswith("errors/")])
def test_an_error_page_renders_with_nothing_but_the_partnership(page: str) -> None:
    environment = _environment()
    environment.globals["url_for"] = lambda *_, filename: f"/static/{filename}"

    html = environment.get_template(page).render(partnership_name="Northshire")

    assert html.count("<h1") == 1
    assert "None" not in html


@pytest.mark.parametrize(
    "call",
    [
        'field("x", bad, {"x": bad}, {"x": bad}, hint=bad)',
        'field("x", bad, {"x": bad}, {"x": [bad]}, kind="textarea")',
        'radios("x", bad, [{"value": bad, "text": bad, "hint": bad}], {"x": bad}, {"x": bad})',
        'checkboxes("x", bad, [{"value": bad, "text": bad}], {"x": [bad]}, {"x": bad})',
        'select("x", bad, [{"value": bad, "text": bad}], {"x": bad}, {"x": bad}, hint=bad)',
        'date_input("x", bad, {"x-day": bad}, {"x-month": bad}, hint=bad)',
        'time_input("x", bad, {"x": bad}, {"x": bad})',
        'error_summary({"x": bad})',
        "tag(bad)",
        "due(bad, bad)",
        'timeline([{"when": bad, "title": bad, "text": bad, "by": bad, "href": bad}])',
        "why(bad, [bad], bad)",
        "person(bad, bad, bad, bad, bad, bad)",
        'summary_card(bad, [{"key": bad, "value": bad, "href": bad}])',
        'quorum(bad, "met", [{"text": bad, "words": bad, "kind": "good"}], bad)',
        'call_row(bad, bad, bad, bad, bad, [{"value": bad, "text": bad}], {"x": bad}, bad)',
        'table(bad, [bad], [[bad], [{"text": bad, "href": bad, "hidden_text": bad}]])',
        'button_form(bad, bad, {"x": bad}, hidden_text=bad)',
        "button(bad, href=bad)",
        'interruption(bad, [bad], [{"text": bad, "number": bad}])',
        "empty(bad, bad, bad, bad)",
        'banner("note", bad)',
        'identity_bar(bad, bad, [bad], [{"text": bad, "href": bad}])',
        'clash("x", bad, bad, bad, bad, {"x": bad})',
        'child_picker("x", bad, {"x-search": bad}, {"x": bad}, [{"value": bad, "text": bad}], bad)',
    ],
)
def test_a_component_escapes_what_it_is_given(call: str) -> None:
    name = call.partition("(")[0]

    html = _render(
        f'{{% from "components/{name}.html" import {name} %}}{{{{ {call} }}}}', bad=HOSTILE
    )

    assert "<script" not in html
    assert "&lt;script" in html


def test_a_textarea_keeps_every_line_and_space_that_was_typed() -> None:
    typed = "\n  first line\n\tsecond  line\n"

    html = _render(
        '{% from "components/field.html" import field %}'
        '{% from "components/radios.html" import radios %}'
        '{% set follow %}{{ field("t", "T", {"t": typed}, kind="textarea") }}{% endset %}'
        '{{ radios("r", "R", [{"value": "y", "text": "Y", "reveal": follow}]) }}',
        typed=typed,
    )

    # A browser drops the first line break after the tag, so there must be one more than was typed.
    assert f">\n{typed}</textarea>" in html


def test_a_missing_value_is_an_empty_box() -> None:
    html = _render(
        '{% from "components/field.html" import field %}'
        '{{ field("a", "A", {"a": None}) }}{{ field("b", "B", {}, kind="textarea") }}'
    )

    assert 'value=""' in html
    assert ">\n</textarea>" in html


def test_the_summary_links_to_a_box_that_takes_the_focus() -> None:
    source = (
        '{% from "components/error_summary.html" import error_summary %}'
        '{% from "components/date_input.html" import date_input %}'
        "{{ error_summary(errors) }}"
        '{{ date_input("born", "Born", {}, errors) }}{{ date_input("seen", "Seen", {}, errors) }}'
    )

    html = _render(source, errors={"born": "Enter the date.", "seen-month": ["No such month."]})

    assert 'href="#born"' in html
    assert re.search(r'<input[^>]*id="born" name="born-day"', html)
    assert 'href="#seen-month"' in html
    assert re.search(r'<input[^>]*id="seen-month" name="seen-month"', html)


def test_a_message_stands_beside_its_field_and_is_read_with_it() -> None:
    html = _render(
        '{% from "components/field.html" import field %}'
        '{{ field("why", "Why", {}, {"why": "Give a reason."}, hint="One line") }}'
    )

    assert 'aria-describedby="why-hint why-error"' in html
    assert re.search(r'id="why-error">.*Give a reason\.', html, re.DOTALL)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_says_what_it_is_for(component: str) -> None:
    text = _text(component)

    assert text.startswith("{#- ")
