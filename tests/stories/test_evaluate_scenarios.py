"""The field guide's scenarios, out of ``confer pack evaluate``: dates, and at least the seats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app import main
from procedures.shipped import default_text

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "tests" / "data" / "scenarios"
PACKS = ROOT / "procedures" / "packs"
EVERY_STRATEGY = {
    "allocated_social_worker", "team_manager", "police_safeguarding", "police_investigating",
    "safeguarding_nurse",
}  # fmt: skip


class Told:
    """What the command said to one file of facts."""

    def __init__(self, name: str, at: str, *more: str) -> None:
        command = ["pack", "evaluate", str(SCENARIOS / f"{name}.json"), "--at", at, "--json", *more]
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
        self.said: dict[str, Any] = json.loads(result.output)

    @property
    def meeting(self) -> tuple[str, str]:
        """The meeting needed, and by which day."""
        return self.said["meeting"]["type"], self.said["meeting"]["deadline"]["on"]

    @property
    def fired(self) -> set[str]:
        return {one["rule_id"] for one in self.said["fired"]}

    @property
    def roles(self) -> set[str]:
        """Every seat asked for."""
        return {seat["role"] for one in self.said["invitees"] for seat in (one, *one["also"])}

    def seat(self, role: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.said["invitees"] if one["role"] == role)
        return found

    def task(self, task_id: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.said["tasks"] if one["task_id"] == task_id)
        return found

    def by(self, rule_id: str) -> str:
        """The date that follows by one rule."""
        return str(
            next(one for one in self.said["follow_ons"] if one["rule_id"] == rule_id)["deadline"][
                "on"
            ]
        )

    def could_be(self, meeting_type: str) -> str:
        """The date of a meeting that an unknown fact could still bring."""
        others = self.said["alternatives"]
        return str(
            next(one for one in others if one["meeting_type"] == meeting_type)["deadline"]["on"]
        )

    def warns(self, words: str) -> bool:
        return any(words in one for one in self.said["warnings"])


@pytest.fixture(scope="module")
def kofi() -> Told:
    return Told("s1-stabbing-before-christmas", "2026-12-23T20:45")


def test_s1_the_meeting_is_due_on_christmas_eve_by_both_rules(kofi: Told) -> None:
    assert kofi.meeting == ("strategy", "2026-12-24")
    assert {"TR-01", "TR-05"} <= kofi.fired
    assert "1 working day after Wednesday 23 December 2026" in kofi.said["why"]


def test_s1_the_emergency_duty_team_is_rung_now(kofi: Told) -> None:
    assert kofi.said["decide_by"]["by"] == "now"
    assert kofi.warns("ring the emergency duty team now")


def test_s1_everybody_whom_the_guide_names_is_asked(kofi: Told) -> None:
    asked_besides = {
        "hospital_safeguarding_lead", "violence_navigator", "gp_safeguarding_lead",
        "youth_justice_duty", "designated_safeguarding_lead",
    }  # fmt: skip

    assert kofi.roles >= EVERY_STRATEGY | asked_besides
    assert kofi.seat("gp_safeguarding_lead")["contact"]["role"] == "practice_safeguarding_mailbox"
    assert {one["role"] for one in kofi.said["invitees"] if one["requirement"] == "quorum"} == {
        "allocated_social_worker", "police_safeguarding", "safeguarding_nurse",
    }  # fmt: skip


def test_s1_education_stands_in_for_the_closed_school(kofi: Told) -> None:
    school = kofi.seat("designated_safeguarding_lead")

    assert school["school_closed"]
    assert school["contact"]["role"] == "education_safeguarding"
    assert "The school is closed" in school["fallback"]


def test_s1_the_panel_and_every_date_that_follows(kofi: Told) -> None:
    assert kofi.task("consider_notification")["deadline"]["on"] == "2027-01-04"
    assert kofi.by("strategy") == "2026-12-29"
    assert kofi.by("FO-ICPC") == "2027-01-19"
    assert kofi.by("FO-LETTER") == "2027-01-20"
    assert kofi.by("initial_conference") == "2027-02-09"
    assert kofi.by("FO-CORE") == "2027-02-02"
    assert kofi.by("FO-RCPC-1") == "2027-04-19"


def test_s1_the_child_in_need_review_in_the_diary_does_not_serve(kofi: Told) -> None:
    booked = kofi.said["booked"]

    assert [(one["ref"], one["may_use"]) for one in booked] == [("child-in-need-review", False)]
    assert "stands alone" in booked[0]["why"]


@pytest.fixture(scope="module")
def ade() -> Told:
    return Told("s2-harmed-in-one-class", "2027-03-24T13:05")


@pytest.fixture(scope="module")
def marcus() -> Told:
    return Told("s2-suspected-in-one-class", "2027-03-24T13:05")


def test_s2_each_child_has_a_meeting_of_its_own_by_the_day_before_good_friday(
    ade: Told, marcus: Told
) -> None:
    assert ade.meeting == marcus.meeting == ("strategy", "2027-03-25")
    for told in (ade, marcus):
        assert "TR-03" in told.fired
        assert told.warns("Each child has a meeting and a record of their own")
        assert told.roles >= EVERY_STRATEGY


def test_s2_the_same_safeguarding_lead_is_asked_to_both(ade: Told, marcus: Told) -> None:
    lead = "designated_safeguarding_lead"

    assert ade.seat(lead)["contact"] == marcus.seat(lead)["contact"]


def test_s2_the_conference_for_ade_and_the_discussion_that_marcus_might_have(
    ade: Told, marcus: Told
) -> None:
    assert ade.by("FO-ICPC") == "2027-04-19"
    assert marcus.could_be("professional_discussion") == "2027-03-31"


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The shipped pack with the reviews that S3 puts into one sitting, added in TOML alone."""
    pack = tmp_path_factory.mktemp("packs") / "reviews.toml"
    pack.write_text(default_text() + (SCENARIOS / "s3-reviews.toml").read_text(encoding="utf-8"))
    return str(pack)


def test_s3_the_latest_day_of_each_review_is_known_before(reviews: str) -> None:
    told = Told("s3-before-one-sitting", "2027-02-01T10:00", "--pack", reviews)

    assert told.by("FO-LAC-2") == "2027-04-21"
    assert told.by("FO-EHC-N") == "2027-05-14"


def test_s3_papers_are_due_while_the_school_is_shut_so_its_last_day_is_named(reviews: str) -> None:
    told = Told("s3-papers-for-one-sitting", "2027-02-01T10:00", "--pack", reviews)

    planned = {
        one["rule_id"]: one["deadline"]["on"]
        for one in told.said["follow_ons"]
        if one["if_held_on"] == "2027-04-20"
    }
    assert planned["FO-EHC-PAPERS"] == "2027-04-06"
    assert told.warns("last day before is Thursday 25 March 2027")
    # The year's limit from the last review comes before the four weeks of this one.
    assert planned["FO-EHC-DECISION"] == "2027-05-18"
    assert told.by("FO-EHC-N") == "2027-05-14"


def test_s3_decisions_record_and_the_next_of_each_count_from_the_day_it_was_held(
    reviews: str,
) -> None:
    told = Told("s3-after-one-sitting", "2027-04-20T16:00", "--pack", reviews)

    assert told.by("FO-LAC-DECISIONS") == "2027-04-27"
    assert told.by("looked_after_review") == "2027-05-12"
    assert told.by("FO-LAC-OUT") == "2027-05-19"
    assert told.by("FO-LAC-N") == "2027-10-20"
    assert told.by("FO-YJS-N") == "2027-07-20"


@pytest.fixture(scope="module")
def rio() -> Told:
    return Told("s4-no-gp", "2027-05-27T10:05")


def test_s4_a_strategy_meeting_by_friday_or_a_discussion_past_the_holiday(rio: Told) -> None:
    assert rio.meeting == ("strategy", "2027-05-28")
    assert rio.could_be("professional_discussion") == "2027-06-02"


def test_s4_the_named_gp_is_asked_and_registration_and_father_are_somebodys_task(
    rio: Told,
) -> None:
    assert rio.seat("named_gp")["rule_id"] == "IN-08"
    assert "gp_safeguarding_lead" not in rio.roles
    assert rio.task("support_registration")["role"] == "school_nurse"
    assert rio.task("find_father")["role"] == "allocated_social_worker"


def test_s4_youth_justice_and_safer_schools_are_asked_and_the_gp_is_not_absent(rio: Told) -> None:
    assert rio.roles >= EVERY_STRATEGY | {"youth_justice_duty", "safer_schools_officer"}
    assert "not registered" in rio.seat("named_gp")["why"]


def test_s5_an_inquorate_meeting_is_followed_past_the_holiday_and_the_clock_runs() -> None:
    told = Told("s5-police-cannot-come", "2027-08-27T16:00")

    assert told.by("FO-STRAT-AGAIN") == "2027-08-31"
    assert told.by("FO-ICPC") == "2027-09-20"
    assert told.said["follow_ons"][0]["if_held_on"] is None


def test_s6_the_ladder_climbs_over_easter() -> None:
    told = Told("s6-drift-over-easter", "2027-03-01T09:00")

    ladder = [one for one in told.said["reminders"] if one["step"] != "owner_left"]
    assert [(one["on"], one["tells"]) for one in ladder] == [
        ("2027-03-18", ["owner"]),
        ("2027-03-24", ["owner"]),
        ("2027-03-30", ["owner", "owner_manager"]),
        ("2027-04-01", ["lead_practitioner"]),
        ("2027-04-05", ["agency_lead", "chair"]),
        ("2027-04-12", ["head_of_service"]),
        ("2027-04-19", ["partnership"]),
    ]


def test_s6_the_owner_who_left_is_replaced_that_day_and_no_date_moves() -> None:
    told = Told("s6-drift-over-easter", "2027-03-01T09:00")

    left = next(one for one in told.said["reminders"] if one["step"] == "owner_left")

    assert left["on"] == "2027-03-22"
    assert "the due date stays" in left["words"]


@pytest.fixture(scope="module")
def bella() -> Told:
    return Told("s7-move-across-borough", "2027-08-26T10:00")


def test_s7_receipt_is_confirmed_next_day_and_the_history_is_asked_for(bella: Told) -> None:
    assert bella.task("confirm_receipt")["deadline"]["on"] == "2027-08-27"
    assert bella.task("history_request")["words"].startswith("Ask the other area")


def test_s7_the_transfer_conference_and_what_follows_leave_out_the_holiday(bella: Told) -> None:
    assert bella.meeting == ("transfer_conference", "2027-09-17")
    assert bella.by("FO-CORE") == "2027-10-01"
    assert bella.by("FO-RCPC-1") == "2027-12-17"


def test_s7_both_areas_both_schools_and_both_practices_are_asked(bella: Told) -> None:
    agencies = {(seat["role"], seat["agency"]) for one in bella.said["invitees"] for seat in (one,)}

    assert {"allocated_social_worker", "other_area_social_care"} <= bella.roles
    for school in ("Calderwick High", "Northmere Academy"):
        assert ("designated_safeguarding_lead", school) in agencies
    for practice in ("Weir Surgery", "Park Road Surgery"):
        assert ("gp_safeguarding_lead", practice) in agencies


@pytest.fixture(scope="module")
def dean() -> Told:
    return Told("s8-permanent-exclusion", "2027-04-29T16:00")


def test_s8_the_decision_the_sixth_day_and_the_governors_by_school_days(dean: Told) -> None:
    assert dean.meeting == ("professional_discussion", "2027-05-05")
    assert "TR-13" in dean.fired
    assert dean.task("tell_virtual_school")["deadline"]["on"] == "2027-04-29"
    assert dean.task("sixth_day_education")["deadline"]["on"] == "2027-05-10"
    assert dean.task("governors_meeting")["deadline"]["on"] == "2027-05-21"


def test_s8_social_work_virtual_school_special_needs_and_youth_justice_are_asked(
    dean: Told,
) -> None:
    assert dean.roles >= {
        "allocated_social_worker", "virtual_school_head", "special_needs_officer",
        "youth_justice_case_manager",
    }  # fmt: skip


@pytest.fixture(scope="module")
def zara() -> Told:
    return Told("s9-missing-three-times", "2027-05-02T10:00")


def test_s9_the_return_interview_counts_hours_over_the_holiday(zara: Told) -> None:
    interview = zara.task("return_interview")["deadline"]

    assert interview["is_elapsed"]
    assert interview["at"] == "2027-05-04T22:30:00+00:00"


def test_s9_the_missing_meeting_and_the_window_in_which_returns_were_counted(zara: Told) -> None:
    assert zara.meeting == ("missing_meeting", "2027-05-10")
    assert zara.said["counted"] == [
        {
            "fact": "missing_episodes_90_days",
            "value": 3,
            "from_on": "2027-01-31",
            "to_on": "2027-05-01",
        }
    ]
    assert [one["ref"] for one in zara.said["booked"]] == ["core-group"]


OUTSIDE_HOME = PACKS / "illustration-outside-home.toml"


def test_s10_where_the_area_holds_such_conferences_it_is_one_about_harm_outside_the_home() -> None:
    told = Told("s10-outside-the-home", "2027-05-26T10:00", "--pack", str(OUTSIDE_HOME))

    assert told.by("FO-OUTSIDE") == "2027-06-17"
    assert told.by("FO-LETTER") == "2027-06-18"
    assert told.by("FO-CORE") == "2027-07-01"
    assert told.by("FO-RCPC-1") == "2027-09-17"


def test_s10_the_conference_asks_the_places_guardians_too() -> None:
    told = Told("s10-conference-outside-the-home", "2027-05-26T10:00", "--pack", str(OUTSIDE_HOME))

    assert told.said["asked"]["type"] == "outside_home_conference"
    assert told.roles >= {
        "community_safety_officer", "transport_operator", "detached_youth_worker",
        "police_neighbourhood",
    }  # fmt: skip


def test_s10_elsewhere_the_dates_are_those_of_a_child_protection_conference() -> None:
    told = Told("s10-outside-the-home", "2027-05-26T10:00")

    assert told.by("FO-ICPC") == "2027-06-17"
    assert told.by("FO-LETTER") == "2027-06-18"
    assert told.by("FO-CORE") == "2027-07-01"
    assert told.by("FO-RCPC-1") == "2027-09-17"
