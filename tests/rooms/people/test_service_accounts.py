"""Accounts, sessions and tokens: what lets somebody in and what ends it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import session
from core.errors import Conflict, Refused
from people.details import AccountDetails
from people.models.accounts import Account, SignInSession
from people.queries.accounts import all_accounts, roles_of, sessions_of, with_role
from people.service import accounts, sessions, tokens
from people.terms import Actor, Role
from tests.factories.people import PASSWORD, actor_of, make_account, make_team

pytestmark = pytest.mark.usefixtures("database")
TESTS = Actor.system("tests")
EMAIL = "sam.okoro@northshire.example"


def sign_in(
    now: datetime, *, email: str = EMAIL, password: str = PASSWORD, place: str = "192.0.2.1"
) -> sessions.SignInAnswer:
    return sessions.sign_in(email, password, network_address=place, browser="Test", now=now)


def opened(account: Account, now: datetime) -> str:
    return sessions.open_for(account, browser="Test", now=now)


def test_the_right_password_opens_a_session_and_its_hash_alone_is_kept(now: datetime) -> None:
    account = make_account(email=EMAIL, password=PASSWORD)

    answer = sign_in(now, email="  Sam.Okoro@Northshire.example ")

    actor = sessions.actor_of(answer.token or "", now)
    assert actor is not None
    assert actor.account_id == account.id
    assert session.scalars(select(SignInSession.token_hash)).one() != answer.token
    assert account.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong battery staple"), ("nobody@northshire.example", PASSWORD), (EMAIL, "")],
)
def test_a_wrong_password_and_an_unknown_address_read_the_same(
    email: str, password: str, now: datetime
) -> None:
    make_account(email=EMAIL, password=PASSWORD)

    answer = sign_in(now, email=email, password=password)

    assert (answer.token, answer.why) == (None, sessions.WRONG)


def test_an_account_without_a_password_lets_nobody_in(now: datetime) -> None:
    make_account(email=EMAIL)

    assert [sign_in(now, password=each).token for each in ("!", "")] == [None, None]


def test_a_disabled_account_reads_like_a_wrong_password(now: datetime) -> None:
    account = make_account(email=EMAIL, password=PASSWORD)
    accounts.disable(account, actor=TESTS, now=now)

    assert sign_in(now).why == sessions.WRONG


def test_the_sixth_try_waits_although_the_password_is_right(now: datetime) -> None:
    make_account(email=EMAIL, password=PASSWORD)
    for _ in range(5):
        sign_in(now, password="wrong")

    sixth = sign_in(now)
    elsewhere = sign_in(now, place="192.0.2.2")
    later = sign_in(now + timedelta(minutes=15))

    assert (sixth.token, sixth.is_throttled) == (None, True)
    assert elsewhere.token is not None
    assert later.token is not None


def test_an_unknown_address_is_throttled_alike(now: datetime) -> None:
    for _ in range(5):
        sign_in(now, email="nobody@northshire.example")

    assert sign_in(now, email="nobody@northshire.example").is_throttled


def test_one_place_that_tries_many_addresses_is_stopped(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "TRIES_OF_AN_ADDRESS", 3)
    for number in range(3):
        sign_in(now, email=f"nobody{number}@northshire.example")

    assert sign_in(now, email="nobody9@northshire.example").is_throttled


@pytest.mark.parametrize(
    ("visits", "is_in"),
    [
        ([29], True),
        ([30], False),
        ([29, 58, 87], True),
        ([*range(29, 720, 29), 719], True),
        ([*range(29, 720, 29), 720], False),
    ],
)
def test_a_session_ends_after_30_idle_minutes_and_after_12_hours(
    visits: list[int], is_in: bool, now: datetime
) -> None:
    token = opened(make_account(), now)

    found = [sessions.actor_of(token, now + timedelta(minutes=each)) for each in visits]

    assert (found[-1] is not None) is is_in


def test_a_fourth_session_ends_the_one_not_used_longest(now: datetime) -> None:
    account = make_account()
    first, second, third = (opened(account, now) for _ in range(3))
    for token in (first, third):
        sessions.actor_of(token, now + timedelta(minutes=5))

    fourth = opened(account, now + timedelta(minutes=6))

    later = now + timedelta(minutes=7)
    alive = [sessions.actor_of(each, later) is not None for each in (first, second, third, fourth)]
    assert alive == [True, False, True, True]


def test_signing_out_ends_the_session_for_good(now: datetime) -> None:
    token = opened(make_account(), now)
    actor = sessions.actor_of(token, now)
    assert actor is not None

    sessions.sign_out(actor=actor, now=now)

    assert sessions.actor_of(token, now) is None


def test_somebody_ends_an_own_session_and_never_another_persons(now: datetime) -> None:
    mine, theirs = make_account(), make_account()
    token, other = opened(mine, now), opened(theirs, now)
    actor = actor_of(mine)

    for row in session.scalars(select(SignInSession)).all():
        sessions.end_one(row.id, actor=actor, now=now)

    assert sessions.actor_of(token, now) is None
    assert sessions.actor_of(other, now) is not None


def test_disabling_ends_sessions_and_tokens_at_once(now: datetime) -> None:
    account = make_account()
    cookie = opened(account, now)
    _, bearer = tokens.create(
        account, label="reports", scopes=["read"], days=30, actor=TESTS, now=now
    )

    accounts.disable(account, actor=TESTS, now=now)

    assert sessions.actor_of(cookie, now) is None
    assert tokens.actor_of(bearer, now) is None
    assert sessions_of(account.id, now) == []


def test_enabling_again_does_not_bring_old_sessions_back(now: datetime) -> None:
    account = make_account()
    cookie = opened(account, now)
    accounts.disable(account, actor=TESTS, now=now)

    accounts.enable(account, actor=TESTS, now=now)

    assert sessions.actor_of(cookie, now) is None
    assert sessions.actor_of(opened(account, now), now) is not None


def test_confirming_the_password_gives_a_new_token_and_ends_the_old(now: datetime) -> None:
    account = make_account(email=EMAIL, password=PASSWORD)
    token = opened(account, now)
    actor = sessions.actor_of(token, now)
    assert actor is not None

    answer = sessions.confirm_password(PASSWORD, network_address="192.0.2.1", actor=actor, now=now)

    confirmed = sessions.actor_of(answer.token or "", now)
    assert sessions.actor_of(token, now) is None
    assert confirmed is not None
    assert confirmed.confirmed_within_step_up(now + timedelta(minutes=10))
    assert not confirmed.confirmed_within_step_up(now + timedelta(minutes=11))


def test_a_wrong_confirmation_confirms_nothing_and_is_throttled(now: datetime) -> None:
    account = make_account(email=EMAIL, password=PASSWORD)
    actor = sessions.actor_of(opened(account, now), now)
    assert actor is not None

    answers = [
        sessions.confirm_password("wrong", network_address="192.0.2.1", actor=actor, now=now)
        for _ in range(6)
    ]

    assert [each.token for each in answers] == [None] * 6
    assert [each.is_throttled for each in answers] == [False] * 5 + [True]


def test_changing_the_password_ends_the_other_sessions(now: datetime) -> None:
    account = make_account(email=EMAIL, password=PASSWORD)
    here, elsewhere = opened(account, now), opened(account, now)
    actor = sessions.actor_of(here, now)
    assert actor is not None

    accounts.change_password(
        account, current=PASSWORD, new="seven purple otters", actor=actor, now=now
    )

    assert sessions.actor_of(here, now) is not None
    assert sessions.actor_of(elsewhere, now) is None
    assert sign_in(now, password="seven purple otters").token is not None


@pytest.mark.parametrize(
    "password", ["short", "password1234", "samokoro2026", "aaaaaaaaaaaaaa", "x" * 201]
)
def test_a_weak_password_is_refused_with_what_to_do(password: str, now: datetime) -> None:
    account = make_account(name="Sam Okoro", email=EMAIL)

    with pytest.raises(Refused, match="password") as refused:
        accounts.set_password(account, password, actor=TESTS, now=now)

    assert refused.value.rule == "password.weak"


def test_one_address_has_one_account(now: datetime) -> None:
    make_account(email=EMAIL)

    with pytest.raises(Refused, match="already"):
        make_account(email=EMAIL.upper())


def test_nobody_changes_their_own_roles_or_ends_their_own_account(now: datetime) -> None:
    account = make_account(roles=[Role.ADMINISTRATOR])
    actor = actor_of(account)
    more = AccountDetails(
        account.email, account.name, frozenset({Role.ADMINISTRATOR, Role.SOCIAL_WORKER})
    )

    with pytest.raises(Refused):
        accounts.edit(account, more, version=account.version, actor=actor, now=now)
    with pytest.raises(Refused):
        accounts.disable(account, actor=actor, now=now)

    assert roles_of(account.id) == {Role.ADMINISTRATOR}


def test_another_administrator_changes_roles(now: datetime) -> None:
    account = make_account()
    details = AccountDetails(account.email, "Sam O.", frozenset({Role.CHAIR}), is_duty=True)

    accounts.edit(account, details, version=account.version, actor=TESTS, now=now)

    assert roles_of(account.id) == {Role.CHAIR}
    assert actor_of(account).is_duty


def test_an_account_changed_meanwhile_is_not_written_over(now: datetime) -> None:
    account = make_account()
    details = AccountDetails(account.email, "Sam O.", frozenset({Role.CHAIR}))

    with pytest.raises(Conflict):
        accounts.edit(account, details, version=account.version + 1, actor=TESTS, now=now)


def test_an_account_keeps_at_least_one_role() -> None:
    with pytest.raises(Refused):
        make_account(roles=[])


def test_an_actor_knows_its_teams_and_which_it_manages() -> None:
    team = make_team()
    manager = actor_of(make_account(roles=[Role.TEAM_MANAGER], team=team, is_manager=True))
    member = actor_of(make_account(team=team))

    assert (manager.team_ids, manager.managed_team_ids) == ({team.id}, {team.id})
    assert (member.team_ids, member.managed_team_ids) == ({team.id}, frozenset())


def test_a_token_acts_within_its_scopes_until_it_expires(now: datetime) -> None:
    account = make_account()
    row, token = tokens.create(
        account, label="reports", scopes=["read", "plan.edit"], days=90, actor=TESTS, now=now
    )

    found = tokens.actor_of(token, now + timedelta(days=89))
    expired = tokens.actor_of(token, now + timedelta(days=90))

    assert found is not None
    assert found[1] == {"read", "plan.edit"}
    assert expired is None
    assert row.token_hash != token
    assert str(row.last_used_on) == "2027-02-17"


@pytest.mark.parametrize(
    ("scopes", "days"), [(["read"], 91), (["read"], 0), ([], 30), (["everything"], 30)]
)
def test_a_token_too_long_or_too_wide_is_refused(
    scopes: list[str], days: int, now: datetime
) -> None:
    with pytest.raises(Refused):
        tokens.create(
            make_account(), label="reports", scopes=scopes, days=days, actor=TESTS, now=now
        )


def test_a_revoked_token_stops_at_once(now: datetime) -> None:
    row, token = tokens.create(
        make_account(), label="reports", scopes=["read"], days=1, actor=TESTS, now=now
    )

    tokens.revoke(row.id, actor=TESTS, now=now)

    assert tokens.actor_of(token, now) is None


def test_the_list_of_accounts_shows_roles_and_when_somebody_was_last_here(now: datetime) -> None:
    account = make_account(roles=[Role.CHAIR, Role.SOCIAL_WORKER])
    opened(account, now)

    (row,) = all_accounts()

    assert row.roles == (Role.CHAIR, Role.SOCIAL_WORKER)
    assert row.last_seen_at == now
    assert with_role(Role.CHAIR) == [account]
    assert with_role(Role.ADMINISTRATOR) == []
