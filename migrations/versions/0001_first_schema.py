"""The first schema: everything the main job stands on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.append_only import refuse_changes
from core.db import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "audit_entries",
    "audit_seals",
    "action_events",
    "answers",
    "plan_versions",
    "record_edits",
)


def upgrade() -> None:
    """Make every table; the audit's refuse to be changed."""
    op.create_table(
        "agencies",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("ref", sa.String(length=12), nullable=False, comment="what stands in its URL"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="name as people say it"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="agency kind of the pack"),
        sa.Column("telephone", sa.String(length=40), nullable=True, comment="main telephone"),
        sa.Column(
            "mail_name", sa.String(length=120), nullable=True, comment="neutral name in mail"
        ),
        sa.Column(
            "manager_name", sa.String(length=120), nullable=True, comment="who chases for it"
        ),
        sa.Column(
            "manager_email", sa.String(length=254), nullable=True, comment="the manager's address"
        ),
        sa.Column(
            "lead_name", sa.String(length=120), nullable=True, comment="agency safeguarding lead"
        ),
        sa.Column("lead_email", sa.String(length=254), nullable=True, comment="the lead's address"),
        sa.Column(
            "register_code",
            sa.String(length=20),
            nullable=True,
            comment="URN of a school, ODS code of a practice",
        ),
        sa.Column(
            "local_authority", sa.String(length=80), nullable=True, comment="area it belongs to"
        ),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="London date on which it closed"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("ref", name=op.f("uq_agencies_ref")),
    )
    op.create_index(op.f("ix_agencies_kind"), "agencies", ["kind"], unique=False)
    op.create_index(op.f("ix_agencies_name"), "agencies", ["name"], unique=False)
    op.create_index(op.f("ix_agencies_register_code"), "agencies", ["register_code"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
            comment="order of writing",
        ),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when"),
        sa.Column("account_id", sa.Uuid(), nullable=True, comment="who, if an account"),
        sa.Column("who", sa.String(length=200), nullable=False, comment="who, in words"),
        sa.Column(
            "verb", sa.String(length=80), nullable=False, comment="what was done, as noun.verb"
        ),
        sa.Column("subject", sa.String(length=60), nullable=False, comment="kind of thing"),
        sa.Column(
            "subject_id", sa.String(length=64), nullable=False, comment="row id of the thing"
        ),
        sa.Column("child_id", sa.Uuid(), nullable=True, comment="whose record"),
        sa.Column(
            "decision", sa.String(length=10), nullable=False, comment="done, read or refused"
        ),
        sa.Column(
            "detail",
            sa.String(length=400),
            nullable=True,
            comment="names of fields or the rule; never content",
        ),
        sa.Column(
            "request_id", sa.String(length=40), nullable=True, comment="request it came with"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_child_id"), "audit_entries", ["child_id"], unique=False)
    op.create_table(
        "audit_seals",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="place in the chain",
        ),
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the audit row sealed",
        ),
        sa.Column(
            "digest",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 over the last digest and row",
        ),
        sa.Column("sealed_at", UtcDateTime(), nullable=False, comment="when it was sealed"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("seq", name=op.f("uq_audit_seals_seq")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="whose draft"),
        sa.Column(
            "key", sa.String(length=100), nullable=False, comment="which form, for which thing"
        ),
        sa.Column("data", sa.JSON(), nullable=False, comment="field names and what was typed"),
        sa.Column("saved_at", UtcDateTime(), nullable=False, comment="when it was last saved"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_drafts_account_id")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("worker", sa.String(length=60), nullable=False, comment="which worker"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="last sign of life"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeats")),
        sa.UniqueConstraint("worker", name=op.f("uq_heartbeats_worker")),
    )
    op.create_table(
        "inbound_messages",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("received_at", UtcDateTime(), nullable=False, comment="when we took it in"),
        sa.Column(
            "channel",
            sa.Enum("imap", "stdin", "webhook", name="channel", native_enum=False, length=40),
            nullable=False,
            comment="imap, stdin or webhook",
        ),
        sa.Column(
            "raw",
            sa.LargeBinary(),
            nullable=False,
            comment="the message; only its beginning when too large",
        ),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes of the whole message"),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=False,
            comment="of the whole message; the same one is taken once",
        ),
        sa.Column(
            "mailbox_uid",
            sa.String(length=60),
            nullable=True,
            comment="UIDVALIDITY and UID in the mailbox",
        ),
        sa.Column("token", sa.String(length=48), nullable=True, comment="reply token it came to"),
        sa.Column("message_id", sa.String(length=254), nullable=False, comment="its Message-ID"),
        sa.Column(
            "kind",
            sa.Enum(
                "reply",
                "counter",
                "refresh",
                "delivery_report",
                "auto_reply",
                "free_text",
                "foreign_method",
                "odd",
                name="inboundkind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
            comment="what it is; empty until read",
        ),
        sa.Column("parsed", sa.JSON(), nullable=True, comment="what was read from it"),
        sa.Column(
            "outcome",
            sa.Enum(
                "waiting",
                "applied",
                "stale",
                "ignored",
                "review",
                "noted",
                "alert",
                name="inboundoutcome",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="what became of it",
        ),
        sa.Column("why", sa.Text(), nullable=False, comment="the outcome in one sentence"),
        sa.Column(
            "handled_by_id",
            sa.Uuid(),
            nullable=True,
            comment="account that settled it in the review queue",
        ),
        sa.Column("handled_at", UtcDateTime(), nullable=True, comment="when it was settled"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_messages")),
        sa.UniqueConstraint("sha256", name=op.f("uq_inbound_messages_sha256")),
    )
    op.create_index(
        "ix_inbound_messages_outcome_received_at",
        "inbound_messages",
        ["outcome", "received_at"],
        unique=False,
    )
    op.create_index(op.f("ix_inbound_messages_token"), "inbound_messages", ["token"], unique=False)
    op.create_table(
        "job_claims",
        sa.Column("job", sa.String(length=60), nullable=False, comment="job's name"),
        sa.Column("slot_at", UtcDateTime(), nullable=False, comment="the slot"),
        sa.Column("claimed_at", UtcDateTime(), nullable=False, comment="when it was taken"),
        sa.PrimaryKeyConstraint("job", "slot_at", name=op.f("pk_job_claims")),
    )
    op.create_table(
        "kept_answers",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="whose key"),
        sa.Column("key", sa.String(length=100), nullable=False, comment="the Idempotency-Key"),
        sa.Column(
            "request_hash",
            sa.String(length=64),
            nullable=False,
            comment="path and body it came with",
        ),
        sa.Column("status", sa.Integer(), nullable=False, comment="status answered"),
        sa.Column("body", sa.Text(), nullable=False, comment="body answered"),
        sa.Column("location", sa.String(length=200), nullable=True, comment="Location answered"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answers")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_kept_answers_account_id")),
    )
    op.create_table(
        "link_codes",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="kind of link"),
        sa.Column("link_id", sa.Uuid(), nullable=False, comment="row the link is for"),
        sa.Column(
            "code_hash", sa.String(length=64), nullable=False, comment="keyed hash of the code"
        ),
        sa.Column("salt", sa.String(length=64), nullable=False, comment="random, per code"),
        sa.Column("issued_at", UtcDateTime(), nullable=False, comment="when it was given out"),
        sa.Column("expires_at", UtcDateTime(), nullable=False, comment="when it stops working"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="wrong tries so far"),
        sa.Column("used_at", UtcDateTime(), nullable=True, comment="when it was used; once only"),
        sa.Column(
            "sent_by", sa.String(length=20), nullable=False, comment="mail, telephone or text"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
    )
    op.create_index(op.f("ix_link_codes_link_id"), "link_codes", ["link_id"], unique=False)
    op.create_table(
        "link_passes",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="kind of link"),
        sa.Column("link_id", sa.Uuid(), nullable=False, comment="row the link is for"),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="hash of the cookie"),
        sa.Column(
            "person_name", sa.String(length=120), nullable=False, comment="who entered the code"
        ),
        sa.Column("person_role", sa.String(length=120), nullable=False, comment="their role"),
        sa.Column("given_at", UtcDateTime(), nullable=False, comment="when"),
        sa.Column(
            "until_at", UtcDateTime(), nullable=False, comment="when the code is asked again"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_passes")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_passes_token_hash")),
    )
    op.create_table(
        "mailbox_cursors",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column(
            "mailbox", sa.String(length=254), nullable=False, comment="host, user and folder"
        ),
        sa.Column(
            "uid_validity",
            sa.String(length=20),
            nullable=False,
            comment="changes when UIDs start anew",
        ),
        sa.Column("last_uid", sa.Integer(), nullable=False, comment="highest UID taken in"),
        sa.Column(
            "read_at", UtcDateTime(), nullable=False, comment="when the mailbox was last looked at"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_cursors")),
        sa.UniqueConstraint("mailbox", name=op.f("uq_mailbox_cursors_mailbox")),
    )
    op.create_table(
        "marks",
        sa.Column("key", sa.String(length=40), nullable=False, comment="what is said"),
        sa.Column("value", sa.String(length=200), nullable=False, comment="what it is"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_marks")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="kind of letter"),
        sa.Column(
            "lane",
            sa.Enum("urgent", "normal", "bulk", name="lane", native_enum=False, length=40),
            nullable=False,
            comment="urgent, normal or bulk",
        ),
        sa.Column(
            "purpose_key",
            sa.String(length=200),
            nullable=False,
            comment="what this mail is for; a second one is not made",
        ),
        sa.Column(
            "subject_id",
            sa.Uuid(),
            nullable=False,
            comment="the invitation, action or account it concerns; no foreign key, rooms above own it",
        ),
        sa.Column(
            "reference",
            sa.String(length=20),
            nullable=False,
            comment="M- or A- reference people see",
        ),
        sa.Column("to_address", sa.String(length=254), nullable=False, comment="the one addressee"),
        sa.Column(
            "token",
            sa.String(length=48),
            nullable=False,
            comment="reply token in Reply-To and envelope sender",
        ),
        sa.Column(
            "envelope_sender", sa.String(length=254), nullable=False, comment="where bounces go"
        ),
        sa.Column(
            "message_id",
            sa.String(length=254),
            nullable=False,
            comment="made from the row id, the same on every try",
        ),
        sa.Column("is_entry", sa.Boolean(), nullable=False, comment="carries a calendar part"),
        sa.Column(
            "method",
            sa.String(length=20),
            nullable=False,
            comment="REQUEST, CANCEL or DECLINECOUNTER, or empty",
        ),
        sa.Column("sequence", sa.Integer(), nullable=True, comment="SEQUENCE of the calendar part"),
        sa.Column(
            "starts_at", UtcDateTime(), nullable=True, comment="start of the meeting it states"
        ),
        sa.Column("ends_at", UtcDateTime(), nullable=True, comment="end of the meeting it states"),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "claimed",
                "handed",
                "failed",
                "bounced",
                "suppressed",
                name="deliverystate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="how far it has come",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="tries begun"),
        sa.Column("next_try_at", UtcDateTime(), nullable=False, comment="not before this instant"),
        sa.Column("leased_until", UtcDateTime(), nullable=True, comment="end of a sender's claim"),
        sa.Column(
            "lease_holder", sa.Uuid(), nullable=True, comment="the claim, to fence a late one"
        ),
        sa.Column(
            "handed_at", UtcDateTime(), nullable=True, comment="when the next server took it"
        ),
        sa.Column(
            "settled_at",
            UtcDateTime(),
            nullable=True,
            comment="when it was handed, failed, bounced or suppressed",
        ),
        sa.Column("last_error", sa.Text(), nullable=False, comment="code and kind of fault"),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when it was written"),
        sa.Column("expires_at", UtcDateTime(), nullable=False, comment="no try after this instant"),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=False,
            comment="sent as it is on every try; emptied once there is none",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_messages_message_id")),
        sa.UniqueConstraint("purpose_key", name=op.f("uq_outbox_messages_purpose_key")),
    )
    op.create_index(
        "ix_outbox_messages_due",
        "outbox_messages",
        ["lane", "next_try_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'claimed')"),
        sqlite_where=sa.text("state IN ('queued', 'claimed')"),
    )
    op.create_index(
        "ix_outbox_messages_state_settled_at",
        "outbox_messages",
        ["state", "settled_at"],
        unique=False,
    )
    op.create_index(
        "ix_outbox_messages_subject_id_created_at",
        "outbox_messages",
        ["subject_id", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_outbox_messages_token"), "outbox_messages", ["token"], unique=False)
    op.create_table(
        "pack_versions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("name", sa.String(length=80), nullable=False, comment="the pack's name"),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="its number, as the text says it"
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="the TOML text, byte for byte"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="digest of the text"),
        sa.Column(
            "effective_from_on",
            sa.Date(),
            nullable=False,
            comment="London date from which it judges",
        ),
        sa.Column(
            "recorded_at", UtcDateTime(), nullable=False, comment="when it was recorded here"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_versions")),
        sa.UniqueConstraint("sha256", name="uq_pack_versions_sha256"),
    )
    op.create_table(
        "secure_domains",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("domain", sa.String(length=253), nullable=False, comment="lower-case domain"),
        sa.Column(
            "marked_by", sa.String(length=120), nullable=False, comment="who said it is secure"
        ),
        sa.Column("marked_at", UtcDateTime(), nullable=False, comment="when"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secure_domains")),
        sa.UniqueConstraint("domain", name=op.f("uq_secure_domains_domain")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column(
            "key_hash",
            sa.String(length=64),
            nullable=False,
            comment="keyed hash of what is throttled",
        ),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when"),
        sa.Column(
            "succeeded", sa.Boolean(), nullable=False, comment="whether the password was right"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(op.f("ix_sign_in_attempts_at"), "sign_in_attempts", ["at"], unique=False)
    op.create_index(
        op.f("ix_sign_in_attempts_key_hash"), "sign_in_attempts", ["key_hash"], unique=False
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("ref", sa.String(length=12), nullable=False, comment="what stands in its URL"),
        sa.Column("email", sa.String(length=254), nullable=False, comment="lower-case address"),
        sa.Column("name", sa.String(length=120), nullable=False, comment="name as others see it"),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="argon2id hash"),
        sa.Column("agency_id", sa.Uuid(), nullable=True, comment="the agency they work for"),
        sa.Column("telephone", sa.String(length=40), nullable=True, comment="work telephone"),
        sa.Column("is_duty", sa.Boolean(), nullable=False, comment="may find every child"),
        sa.Column("is_disabled", sa.Boolean(), nullable=False, comment="cannot sign in any more"),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when it was made"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_accounts_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("ref", name=op.f("uq_accounts_ref")),
    )
    op.create_index(op.f("ix_accounts_agency_id"), "accounts", ["agency_id"], unique=False)
    op.create_table(
        "closures",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("agency_id", sa.Uuid(), nullable=False, comment="the agency that is closed"),
        sa.Column("from_on", sa.Date(), nullable=False, comment="first closed day, London date"),
        sa.Column(
            "to_on", sa.Date(), nullable=False, comment="last closed day, London date, included"
        ),
        sa.Column("why", sa.String(length=120), nullable=False, comment="such as Easter holiday"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_closures_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    op.create_index(op.f("ix_closures_agency_id"), "closures", ["agency_id"], unique=False)
    op.create_table(
        "pack_drafts",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column(
            "status",
            sa.Enum(
                "working",
                "waiting",
                "published",
                "dropped",
                name="draftstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="working, waiting, published or dropped",
        ),
        sa.Column(
            "is_open",
            sa.Boolean(),
            nullable=False,
            comment="working or waiting: there is one at most",
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="the TOML text as changed so far"),
        sa.Column(
            "based_on_id", sa.Uuid(), nullable=False, comment="the version it was copied from"
        ),
        sa.Column("version_id", sa.Uuid(), nullable=True, comment="the version it became"),
        sa.Column("made_by_id", sa.Uuid(), nullable=True, comment="account that began it"),
        sa.Column("made_at", UtcDateTime(), nullable=False, comment="when it was begun"),
        sa.Column(
            "editor_ids",
            sa.JSON(),
            nullable=False,
            comment="accounts that changed it: none of them may publish it",
        ),
        sa.Column(
            "starts_on", sa.Date(), nullable=True, comment="London date from which it is to judge"
        ),
        sa.Column("note", sa.Text(), nullable=False, comment="why the rules change"),
        sa.Column(
            "examples",
            sa.JSON(),
            nullable=False,
            comment="facts of past incidents without names, with what must come out",
        ),
        sa.Column(
            "trials", sa.JSON(), nullable=False, comment="what the last trials said, without names"
        ),
        sa.Column("offered_at", UtcDateTime(), nullable=True, comment="when consent was asked for"),
        sa.Column(
            "refused_why", sa.Text(), nullable=False, comment="why the second person sent it back"
        ),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True, comment="account that published it"),
        sa.Column("agreed_at", UtcDateTime(), nullable=True, comment="when it was published"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, so none is lost"
        ),
        sa.ForeignKeyConstraint(
            ["based_on_id"],
            ["pack_versions.id"],
            name=op.f("fk_pack_drafts_based_on_id_pack_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["pack_versions.id"],
            name=op.f("fk_pack_drafts_version_id_pack_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_drafts")),
    )
    op.create_index(
        op.f("ix_pack_drafts_based_on_id"), "pack_drafts", ["based_on_id"], unique=False
    )
    op.create_index(op.f("ix_pack_drafts_version_id"), "pack_drafts", ["version_id"], unique=False)
    op.create_index(
        "uq_pack_drafts_one_open",
        "pack_drafts",
        ["is_open"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "register_entries",
        sa.Column("agency_id", sa.Uuid(), nullable=False, comment="the agency"),
        sa.Column(
            "register",
            sa.Enum("schools", "practices", name="register", native_enum=False, length=40),
            nullable=False,
            comment="which register",
        ),
        sa.Column("code", sa.String(length=20), nullable=False, comment="URN or ODS code"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="name in the register"),
        sa.Column(
            "area",
            sa.String(length=20),
            nullable=False,
            comment="code of the local authority, or of the commissioner",
        ),
        sa.Column(
            "authority", sa.String(length=80), nullable=True, comment="name of the local authority"
        ),
        sa.Column(
            "telephone", sa.String(length=40), nullable=True, comment="telephone in the register"
        ),
        sa.Column(
            "town", sa.String(length=80), nullable=True, comment="town, to tell namesakes apart"
        ),
        sa.Column("postcode", sa.String(length=10), nullable=True, comment="postcode"),
        sa.Column(
            "is_closed", sa.Boolean(), nullable=False, comment="the register says it is closed"
        ),
        sa.Column(
            "closed_on",
            sa.Date(),
            nullable=True,
            comment="London date of closing, empty when the register does not say",
        ),
        sa.Column(
            "digest",
            sa.String(length=32),
            nullable=False,
            comment="of the row as read; the same digest means nothing changed",
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_register_entries_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_register_entries")),
        sa.UniqueConstraint("register", "code", name=op.f("uq_register_entries_register")),
    )
    op.create_table(
        "role_mailboxes",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("agency_id", sa.Uuid(), nullable=False, comment="the agency it belongs to"),
        sa.Column("role", sa.String(length=60), nullable=False, comment="role id of the pack"),
        sa.Column("label", sa.String(length=120), nullable=False, comment="the role in words"),
        sa.Column("email", sa.String(length=254), nullable=True, comment="shared address"),
        sa.Column(
            "telephone", sa.String(length=40), nullable=True, comment="telephone of the role"
        ),
        sa.Column("opens", sa.Time(), nullable=True, comment="London time it is first read"),
        sa.Column("closes", sa.Time(), nullable=True, comment="London time it is last read"),
        sa.Column(
            "is_out_of_term",
            sa.Boolean(),
            nullable=False,
            comment="the contact for a school's closed weeks",
        ),
        sa.Column(
            "is_out_of_hours",
            sa.Boolean(),
            nullable=False,
            comment="the contact for nights and weekends",
        ),
        sa.Column("position", sa.Integer(), nullable=False, comment="order of trying, 1 first"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_role_mailboxes_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_mailboxes")),
    )
    op.create_index(
        op.f("ix_role_mailboxes_agency_id"), "role_mailboxes", ["agency_id"], unique=False
    )
    op.create_index(op.f("ix_role_mailboxes_role"), "role_mailboxes", ["role"], unique=False)
    op.create_table(
        "teams",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("agency_id", sa.Uuid(), nullable=False, comment="the agency it belongs to"),
        sa.Column("ref", sa.String(length=12), nullable=False, comment="what stands in its URL"),
        sa.Column("name", sa.String(length=120), nullable=False, comment="name as people say it"),
        sa.Column(
            "mail_name",
            sa.String(length=120),
            nullable=False,
            comment="neutral name that stands in mail",
        ),
        sa.Column(
            "mailbox", sa.String(length=254), nullable=True, comment="shared address of the team"
        ),
        sa.Column("telephone", sa.String(length=40), nullable=True, comment="the team's telephone"),
        sa.Column("opens", sa.Time(), nullable=True, comment="London time the team opens"),
        sa.Column("closes", sa.Time(), nullable=True, comment="London time the team closes"),
        sa.Column(
            "is_out_of_hours",
            sa.Boolean(),
            nullable=False,
            comment="the emergency duty team, which answers when others are closed",
        ),
        sa.Column(
            "role",
            sa.String(length=60),
            nullable=True,
            comment="role id of the pack that the team answers for, such as duty",
        ),
        sa.Column(
            "joining",
            sa.String(length=400),
            nullable=True,
            comment="joining details the team uses unless others are typed",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_teams_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("ref", name=op.f("uq_teams_ref")),
    )
    op.create_index(op.f("ix_teams_agency_id"), "teams", ["agency_id"], unique=False)
    op.create_table(
        "account_roles",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="the account"),
        sa.Column(
            "role",
            sa.Enum(
                "social_worker",
                "team_manager",
                "chair",
                "business_support",
                "professional",
                "privacy_officer",
                "administrator",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="the role",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_roles_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_roles")),
        sa.UniqueConstraint("account_id", "role", name=op.f("uq_account_roles_account_id")),
    )
    op.create_index(
        op.f("ix_account_roles_account_id"), "account_roles", ["account_id"], unique=False
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column(
            "token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token"
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="on whose behalf it acts"),
        sa.Column("label", sa.String(length=120), nullable=False, comment="what it is for"),
        sa.Column("scopes", sa.JSON(), nullable=False, comment="permission names it may use"),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when it was made"),
        sa.Column("expires_at", UtcDateTime(), nullable=False, comment="when it stops working"),
        sa.Column("revoked_at", UtcDateTime(), nullable=True, comment="when it was revoked"),
        sa.Column("last_used_on", sa.Date(), nullable=True, comment="London date of the last use"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_api_tokens_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_index(op.f("ix_api_tokens_account_id"), "api_tokens", ["account_id"], unique=False)
    op.create_table(
        "children",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("ref", sa.String(length=12), nullable=False, comment="reference people read out"),
        sa.Column("given_name", sa.String(length=80), nullable=False, comment="given names"),
        sa.Column("family_name", sa.String(length=80), nullable=False, comment="family name"),
        sa.Column(
            "preferred_name", sa.String(length=80), nullable=True, comment="name the child uses"
        ),
        sa.Column(
            "pronouns", sa.String(length=40), nullable=True, comment="pronouns the child uses"
        ),
        sa.Column("born_on", sa.Date(), nullable=False, comment="date of birth, London date"),
        sa.Column(
            "is_birth_estimated",
            sa.Boolean(),
            nullable=False,
            comment="the date of birth is a best guess",
        ),
        sa.Column("nhs_number", sa.String(length=10), nullable=True, comment="ten digits, checked"),
        sa.Column(
            "upn",
            sa.String(length=13),
            nullable=True,
            comment="unique pupil number, thirteen characters",
        ),
        sa.Column(
            "sex", sa.String(length=20), nullable=True, comment="sex as recorded by social care"
        ),
        sa.Column(
            "ethnicity",
            sa.String(length=80),
            nullable=True,
            comment="census code or own words; empty means not asked",
        ),
        sa.Column(
            "disability",
            sa.Enum(
                "yes", "no", "not_asked", "awaiting", name="asked", native_enum=False, length=40
            ),
            nullable=False,
            comment="has a disability",
        ),
        sa.Column(
            "disability_awaiting_since_on",
            sa.Date(),
            nullable=True,
            comment="awaiting assessment since, London date",
        ),
        sa.Column(
            "sen",
            sa.Enum(
                "yes", "no", "not_asked", "awaiting", name="asked", native_enum=False, length=40
            ),
            nullable=False,
            comment="special educational needs",
        ),
        sa.Column(
            "sen_awaiting_since_on",
            sa.Date(),
            nullable=True,
            comment="awaiting assessment since, London date",
        ),
        sa.Column(
            "ehc_plan",
            sa.Enum(
                "yes", "no", "not_asked", "awaiting", name="asked", native_enum=False, length=40
            ),
            nullable=False,
            comment="education, health and care plan",
        ),
        sa.Column(
            "ehc_plan_awaiting_since_on",
            sa.Date(),
            nullable=True,
            comment="awaiting the plan since, London date",
        ),
        sa.Column("first_language", sa.String(length=60), nullable=True, comment="first language"),
        sa.Column(
            "interpreter",
            sa.Enum(
                "yes", "no", "not_asked", "awaiting", name="asked", native_enum=False, length=40
            ),
            nullable=False,
            comment="needs an interpreter",
        ),
        sa.Column(
            "legal_status",
            sa.String(length=40),
            nullable=False,
            comment="legal status id of the pack",
        ),
        sa.Column(
            "team_id", sa.Uuid(), nullable=True, comment="the team the child is allocated to"
        ),
        sa.Column("allocated_to_id", sa.Uuid(), nullable=True, comment="the allocated worker"),
        sa.Column(
            "search_key",
            sa.String(length=260),
            nullable=False,
            comment="names in plain small letters, sorted",
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when the record was made"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["allocated_to_id"], ["accounts.id"], name=op.f("fk_children_allocated_to_id_accounts")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_children_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        sa.UniqueConstraint("nhs_number", name=op.f("uq_children_nhs_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_children_ref")),
        sa.UniqueConstraint("upn", name=op.f("uq_children_upn")),
    )
    op.create_index(
        op.f("ix_children_allocated_to_id"), "children", ["allocated_to_id"], unique=False
    )
    op.create_index(op.f("ix_children_born_on"), "children", ["born_on"], unique=False)
    op.create_index(op.f("ix_children_search_key"), "children", ["search_key"], unique=False)
    op.create_index(op.f("ix_children_team_id"), "children", ["team_id"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("ref", sa.String(length=12), nullable=False, comment="what stands in its URL"),
        sa.Column(
            "register",
            sa.Enum("schools", "practices", name="register", native_enum=False, length=40),
            nullable=False,
            comment="which register",
        ),
        sa.Column(
            "state",
            sa.Enum("checked", "applied", name="importstate", native_enum=False, length=40),
            nullable=False,
            comment="how far it has come",
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the file"),
        sa.Column(
            "areas",
            sa.JSON(),
            nullable=False,
            comment="codes of the areas asked for, empty for all",
        ),
        sa.Column(
            "report", sa.JSON(), nullable=False, comment="counts, remarks by line, what closes"
        ),
        sa.Column(
            "content",
            sa.LargeBinary(),
            nullable=True,
            comment="the file, until it is written to the directory",
        ),
        sa.Column("by_name", sa.String(length=200), nullable=False, comment="who brought the file"),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="their account; empty for a command"),
        sa.Column("checked_at", UtcDateTime(), nullable=False, comment="when the file was read"),
        sa.Column("applied_at", UtcDateTime(), nullable=True, comment="when it was written"),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_imports_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("ref", name=op.f("uq_imports_ref")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column(
            "opaque_ref",
            sa.String(length=12),
            nullable=False,
            comment="joins the children; shown to few, says nothing",
        ),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True, comment="who recorded it"),
        sa.Column("team_id", sa.Uuid(), nullable=True, comment="the team that recorded it"),
        sa.Column("recorded_at", UtcDateTime(), nullable=False, comment="when it was recorded"),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_incidents_recorded_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_incidents_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("opaque_ref", name=op.f("uq_incidents_opaque_ref")),
    )
    op.create_index(op.f("ix_incidents_recorded_at"), "incidents", ["recorded_at"], unique=False)
    op.create_index(
        op.f("ix_incidents_recorded_by_id"), "incidents", ["recorded_by_id"], unique=False
    )
    op.create_index(op.f("ix_incidents_team_id"), "incidents", ["team_id"], unique=False)
    op.create_table(
        "professionals",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("agency_id", sa.Uuid(), nullable=False, comment="the agency they work for"),
        sa.Column("name", sa.String(length=120), nullable=False, comment="their name"),
        sa.Column("role", sa.String(length=60), nullable=False, comment="role id of the pack"),
        sa.Column("email", sa.String(length=254), nullable=True, comment="their own work address"),
        sa.Column("telephone", sa.String(length=40), nullable=True, comment="their work telephone"),
        sa.Column(
            "account_id", sa.Uuid(), nullable=True, comment="their sign-in, if they have one"
        ),
        sa.Column("left_on", sa.Date(), nullable=True, comment="London date they left the post"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_professionals_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_professionals_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professionals")),
    )
    op.create_index(
        op.f("ix_professionals_account_id"), "professionals", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_professionals_agency_id"), "professionals", ["agency_id"], unique=False
    )
    op.create_index(op.f("ix_professionals_role"), "professionals", ["role"], unique=False)
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column(
            "token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token"
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="who is signed in"),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when they signed in"),
        sa.Column(
            "seen_at",
            UtcDateTime(),
            nullable=False,
            comment="when the browser last asked for a page",
        ),
        sa.Column(
            "expires_at", UtcDateTime(), nullable=False, comment="latest end, whatever happens"
        ),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when it was ended"),
        sa.Column(
            "confirmed_at",
            UtcDateTime(),
            nullable=True,
            comment="when the password was last asked again",
        ),
        sa.Column(
            "browser",
            sa.String(length=120),
            nullable=True,
            comment="what the browser calls itself, for the list of own sessions",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_in_sessions_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_sessions_token_hash")),
    )
    op.create_index(
        op.f("ix_sign_in_sessions_account_id"), "sign_in_sessions", ["account_id"], unique=False
    )
    op.create_table(
        "team_members",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("team_id", sa.Uuid(), nullable=False, comment="the team"),
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="the member"),
        sa.Column("is_manager", sa.Boolean(), nullable=False, comment="manages the team"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_team_members_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id_teams")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
        sa.UniqueConstraint("team_id", "account_id", name=op.f("uq_team_members_team_id")),
    )
    op.create_index(
        op.f("ix_team_members_account_id"), "team_members", ["account_id"], unique=False
    )
    op.create_table(
        "connections",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("child_id", sa.Uuid(), nullable=False, comment="the child"),
        sa.Column(
            "kind",
            sa.Enum(
                "school",
                "gp",
                "youth_justice",
                "social_worker",
                "parent",
                "carer",
                "sibling",
                "trusted_adult",
                "other_service",
                name="connectionkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="what sort of connection",
        ),
        sa.Column(
            "status",
            sa.Enum(
                "known",
                "not_known",
                "not_registered",
                "enquiry_made",
                "unsafe_to_involve",
                "none",
                name="connectionstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="what is known of it",
        ),
        sa.Column("agency_id", sa.Uuid(), nullable=True, comment="the agency, if it is one"),
        sa.Column(
            "professional_id",
            sa.Uuid(),
            nullable=True,
            comment="the professional, if named in the directory",
        ),
        sa.Column("person_name", sa.String(length=120), nullable=True, comment="the person's name"),
        sa.Column(
            "relationship",
            sa.String(length=80),
            nullable=True,
            comment="what they are to the child, such as mother",
        ),
        sa.Column(
            "is_male_carer",
            sa.Boolean(),
            nullable=False,
            comment="father or male carer, asked for by name",
        ),
        sa.Column(
            "has_parental_responsibility",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="parental responsibility",
        ),
        sa.Column("telephone", sa.String(length=40), nullable=True, comment="their telephone"),
        sa.Column(
            "why",
            sa.String(length=400),
            nullable=True,
            comment="why it is unsafe, who was asked, or how it was checked",
        ),
        sa.Column("from_on", sa.Date(), nullable=False, comment="true from, London date, included"),
        sa.Column(
            "to_on", sa.Date(), nullable=True, comment="true until, London date, not included"
        ),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True, comment="who wrote it down"),
        sa.Column("recorded_at", UtcDateTime(), nullable=False, comment="when it was written down"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_connections_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_connections_child_id_children")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professionals.id"],
            name=op.f("fk_connections_professional_id_professionals"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_connections_recorded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
    )
    op.create_index(op.f("ix_connections_agency_id"), "connections", ["agency_id"], unique=False)
    op.create_index(op.f("ix_connections_child_id"), "connections", ["child_id"], unique=False)
    op.create_table(
        "involvements",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("ref", sa.String(length=12), nullable=False, comment="reference people read out"),
        sa.Column("incident_id", sa.Uuid(), nullable=False, comment="the incident"),
        sa.Column("child_id", sa.Uuid(), nullable=False, comment="the child"),
        sa.Column(
            "part",
            sa.String(length=20),
            nullable=False,
            comment="harmed, suspected, both, present or at_risk",
        ),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="kind of incident"),
        sa.Column("happened_at", UtcDateTime(), nullable=False, comment="when it happened"),
        sa.Column(
            "known_at",
            UtcDateTime(),
            nullable=False,
            comment="when the partnership knew: day 0 of every limit",
        ),
        sa.Column("narrative", sa.Text(), nullable=False, comment="what happened, for this child"),
        sa.Column(
            "safe_now",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="whether the child is safe now; not known puts 999 first too",
        ),
        sa.Column(
            "weapon_used",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="a weapon was used",
        ),
        sa.Column(
            "serious_injury",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="somebody was seriously hurt",
        ),
        sa.Column(
            "class_a_supply",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="supply of a class A drug",
        ),
        sa.Column(
            "retaliation_risk",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="risk that somebody will retaliate",
        ),
        sa.Column(
            "exploitation_suspected",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="exploitation of this child is suspected",
        ),
        sa.Column(
            "harm_suspected",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="significant harm to this child is suspected",
        ),
        sa.Column(
            "hospital_attended",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="the child was seen in hospital",
        ),
        sa.Column(
            "at_school",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="it happened at or on the way to school",
        ),
        sa.Column(
            "threat_to_life",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="a credible threat to this child's life",
        ),
        sa.Column(
            "ambulance_attended",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="an ambulance was called",
        ),
        sa.Column(
            "has_died",
            sa.Enum("yes", "no", "not_known", name="tristate", native_enum=False, length=40),
            nullable=False,
            comment="the child has died",
        ),
        sa.Column(
            "notified_at",
            UtcDateTime(),
            nullable=True,
            comment="when the national Panel was notified, if it was",
        ),
        sa.Column(
            "cleared_by_id",
            sa.Uuid(),
            nullable=True,
            comment="the manager who recorded that neither harm nor exploitation is suspected",
        ),
        sa.Column(
            "cleared_at", UtcDateTime(), nullable=True, comment="when the manager recorded it"
        ),
        sa.Column("cleared_why", sa.Text(), nullable=True, comment="the manager's reason"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_involvements_child_id_children")
        ),
        sa.ForeignKeyConstraint(
            ["cleared_by_id"], ["accounts.id"], name=op.f("fk_involvements_cleared_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_involvements_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvements")),
        sa.UniqueConstraint("incident_id", "child_id", name=op.f("uq_involvements_incident_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_involvements_ref")),
    )
    op.create_index(op.f("ix_involvements_child_id"), "involvements", ["child_id"], unique=False)
    op.create_index(
        op.f("ix_involvements_incident_id"), "involvements", ["incident_id"], unique=False
    )
    op.create_index(op.f("ix_involvements_known_at"), "involvements", ["known_at"], unique=False)
    op.create_table(
        "name_pieces",
        sa.Column("child_id", sa.Uuid(), nullable=False, comment="whose name"),
        sa.Column("piece", sa.String(length=3), nullable=False, comment="three letters"),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_name_pieces_child_id_children")
        ),
        sa.PrimaryKeyConstraint("child_id", "piece", name=op.f("pk_name_pieces")),
    )
    op.create_index(
        "ix_name_pieces_piece_child_id", "name_pieces", ["piece", "child_id"], unique=False
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("child_id", sa.Uuid(), nullable=False, comment="whose plan"),
        sa.Column(
            "status",
            sa.Enum("open", "closed", name="planstatus", native_enum=False, length=40),
            nullable=False,
            comment="open or closed",
        ),
        sa.Column(
            "lead_account_id",
            sa.Uuid(),
            nullable=True,
            comment="lead practitioner, if they have an account",
        ),
        sa.Column("lead_name", sa.String(length=120), nullable=True, comment="lead practitioner"),
        sa.Column(
            "lead_agency_id", sa.Uuid(), nullable=True, comment="agency of the lead practitioner"
        ),
        sa.Column("lead_telephone", sa.String(length=40), nullable=True, comment="their telephone"),
        sa.Column(
            "lead_email", sa.String(length=254), nullable=True, comment="where they are written to"
        ),
        sa.Column(
            "chair_account_id",
            sa.Uuid(),
            nullable=True,
            comment="chair of the last meeting that agreed something",
        ),
        sa.Column("chair_name", sa.String(length=120), nullable=True, comment="that chair"),
        sa.Column(
            "chair_email", sa.String(length=254), nullable=True, comment="where they are written"
        ),
        sa.Column("opened_at", UtcDateTime(), nullable=False, comment="when it was opened"),
        sa.Column(
            "opened_from_meeting_id",
            sa.Uuid(),
            nullable=True,
            comment="meeting whose decision opened it; a plain id",
        ),
        sa.Column("review_on", sa.Date(), nullable=True, comment="London date of the next review"),
        sa.Column("closed_at", UtcDateTime(), nullable=True, comment="when it was closed"),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="number of the present version; each agreed change adds one",
        ),
        sa.ForeignKeyConstraint(
            ["chair_account_id"], ["accounts.id"], name=op.f("fk_plans_chair_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_plans_child_id_children")
        ),
        sa.ForeignKeyConstraint(
            ["lead_account_id"], ["accounts.id"], name=op.f("fk_plans_lead_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["lead_agency_id"], ["agencies.id"], name=op.f("fk_plans_lead_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_chair_account_id"), "plans", ["chair_account_id"], unique=False)
    op.create_index(op.f("ix_plans_child_id"), "plans", ["child_id"], unique=False)
    op.create_index(op.f("ix_plans_lead_account_id"), "plans", ["lead_account_id"], unique=False)
    op.create_index(
        "uq_plans_one_open_per_child",
        "plans",
        ["child_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "relations",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="who may open"),
        sa.Column("child_id", sa.Uuid(), nullable=False, comment="whose record"),
        sa.Column(
            "kind",
            sa.Enum(
                "allocated",
                "team",
                "recorded_incident",
                "chair",
                "convenor",
                "invited",
                "action_owner",
                "lead_practitioner",
                "manager",
                "privacy",
                name="relationkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="the reason as a word",
        ),
        sa.Column("valid_from_at", UtcDateTime(), nullable=False, comment="open from, included"),
        sa.Column("valid_to_at", UtcDateTime(), nullable=True, comment="open until, not included"),
        sa.Column("why", sa.String(length=200), nullable=False, comment="the reason as a sentence"),
        sa.Column(
            "given_by_id",
            sa.Uuid(),
            nullable=True,
            comment="who gave it; empty when the service did",
        ),
        sa.Column(
            "meeting_id",
            sa.Uuid(),
            nullable=True,
            comment="the meeting it came with; it opens no other",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_relations_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_relations_child_id_children")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["accounts.id"], name=op.f("fk_relations_given_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
    )
    op.create_index(
        "ix_relations_account_id_child_id", "relations", ["account_id", "child_id"], unique=False
    )
    op.create_index(op.f("ix_relations_child_id"), "relations", ["child_id"], unique=False)
    op.create_index(op.f("ix_relations_meeting_id"), "relations", ["meeting_id"], unique=False)
    op.create_table(
        "actions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("ref", sa.String(length=10), nullable=False, comment="reference, A- and six"),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="which plan"),
        sa.Column("child_id", sa.Uuid(), nullable=False, comment="for which child"),
        sa.Column("what", sa.Text(), nullable=False, comment="what is to be done"),
        sa.Column(
            "kind",
            sa.Enum(
                "support",
                "monitor",
                "disrupt",
                "safety",
                name="actionkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="support, monitor, disrupt or safety",
        ),
        sa.Column("agency_id", sa.Uuid(), nullable=False, comment="whose action it is"),
        sa.Column("owner_name", sa.String(length=120), nullable=True, comment="the named owner"),
        sa.Column(
            "owner_email",
            sa.String(length=254),
            nullable=True,
            comment="where the owner is written to",
        ),
        sa.Column(
            "owner_account_id", sa.Uuid(), nullable=True, comment="the owner's account, if any"
        ),
        sa.Column("deputy_name", sa.String(length=120), nullable=True, comment="who steps in"),
        sa.Column(
            "deputy_email", sa.String(length=254), nullable=True, comment="the deputy's address"
        ),
        sa.Column(
            "due_on", sa.Date(), nullable=False, comment="London date by which it is to be done"
        ),
        sa.Column(
            "original_due_on",
            sa.Date(),
            nullable=False,
            comment="the first due date; never changed",
        ),
        sa.Column(
            "dated_on",
            sa.Date(),
            nullable=False,
            comment="London date the present due date was given",
        ),
        sa.Column("how_known", sa.Text(), nullable=True, comment="how everybody knows it is done"),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "done",
                "no_longer_needed",
                name="actionstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="open, done or no longer needed",
        ),
        sa.Column("evidence", sa.Text(), nullable=True, comment="what was done"),
        sa.Column("done_at", UtcDateTime(), nullable=True, comment="when it was closed"),
        sa.Column(
            "meeting_id", sa.Uuid(), nullable=True, comment="meeting that agreed it; a plain id"
        ),
        sa.Column(
            "meeting_ref", sa.String(length=10), nullable=True, comment="that meeting's reference"
        ),
        sa.Column(
            "decision_id", sa.Uuid(), nullable=True, comment="decision it carries out; a plain id"
        ),
        sa.Column(
            "source_id",
            sa.Uuid(),
            nullable=True,
            comment="row it was adopted from, so that it is adopted once",
        ),
        sa.Column(
            "date_version", sa.Integer(), nullable=False, comment="rises with each agreed due date"
        ),
        sa.Column(
            "mark",
            sa.String(length=40),
            nullable=True,
            comment="a state the ladder gave it, such as drift; ends with a new date",
        ),
        sa.Column(
            "owner_left_on",
            sa.Date(),
            nullable=True,
            comment="London date on which the owner was found gone and nobody stepped in",
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when it was given"),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_actions_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_actions_child_id_children")
        ),
        sa.ForeignKeyConstraint(
            ["owner_account_id"], ["accounts.id"], name=op.f("fk_actions_owner_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_actions_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("ref", name=op.f("uq_actions_ref")),
        sa.UniqueConstraint("source_id", name=op.f("uq_actions_source_id")),
    )
    op.create_index(op.f("ix_actions_agency_id"), "actions", ["agency_id"], unique=False)
    op.create_index(
        "ix_actions_child_id_status_due_on",
        "actions",
        ["child_id", "status", "due_on"],
        unique=False,
    )
    op.create_index(op.f("ix_actions_meeting_id"), "actions", ["meeting_id"], unique=False)
    op.create_index(
        "ix_actions_open_due",
        "actions",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_actions_owner_account_id_status_due_on",
        "actions",
        ["owner_account_id", "status", "due_on"],
        unique=False,
    )
    op.create_index(op.f("ix_actions_owner_email"), "actions", ["owner_email"], unique=False)
    op.create_index(op.f("ix_actions_plan_id"), "actions", ["plan_id"], unique=False)
    op.create_table(
        "judgements",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column(
            "involvement_id", sa.Uuid(), nullable=False, comment="the child's part that was judged"
        ),
        sa.Column("child_id", sa.Uuid(), nullable=False, comment="the child"),
        sa.Column(
            "pack_version_id",
            sa.Uuid(),
            nullable=False,
            comment="the procedure pack it was judged by",
        ),
        sa.Column(
            "verdict",
            sa.JSON(),
            nullable=False,
            comment="the explained verdict, as the rules gave it",
        ),
        sa.Column(
            "change",
            sa.JSON(),
            nullable=True,
            comment="what differs from the judgement it replaces, and why it was judged again",
        ),
        sa.Column("replaces_id", sa.Uuid(), nullable=True, comment="the judgement it replaces"),
        sa.Column(
            "meeting_type",
            sa.String(length=40),
            nullable=True,
            comment="meeting type id of the pack; empty when no rule asks for one",
        ),
        sa.Column(
            "deadline_on", sa.Date(), nullable=True, comment="latest London date of the meeting"
        ),
        sa.Column(
            "deadline_at",
            UtcDateTime(),
            nullable=True,
            comment="latest instant at which the meeting may start",
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "arranged",
                "held",
                "none_proposed",
                "none_confirmed",
                "superseded",
                name="judgementstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="how far the decision is",
        ),
        sa.Column("meeting_id", sa.Uuid(), nullable=True, comment="the meeting that answers it"),
        sa.Column(
            "choice",
            sa.JSON(),
            nullable=True,
            comment="what the worker asked the manager to agree to",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why no meeting, in words"),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True, comment="who decided"),
        sa.Column("decided_at", UtcDateTime(), nullable=True, comment="when it was decided"),
        sa.Column(
            "confirmed_by_id",
            sa.Uuid(),
            nullable=True,
            comment="the manager who confirmed that no meeting is held",
        ),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True, comment="when it was confirmed"),
        sa.Column("made_at", UtcDateTime(), nullable=False, comment="when the rules answered"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_judgements_child_id_children")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["accounts.id"],
            name=op.f("fk_judgements_confirmed_by_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_judgements_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["involvement_id"],
            ["involvements.id"],
            name=op.f("fk_judgements_involvement_id_involvements"),
        ),
        sa.ForeignKeyConstraint(
            ["pack_version_id"],
            ["pack_versions.id"],
            name=op.f("fk_judgements_pack_version_id_pack_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["judgements.id"], name=op.f("fk_judgements_replaces_id_judgements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
    )
    op.create_index(
        "ix_judgements_child_id_status", "judgements", ["child_id", "status"], unique=False
    )
    op.create_index(op.f("ix_judgements_deadline_at"), "judgements", ["deadline_at"], unique=False)
    op.create_index(
        op.f("ix_judgements_involvement_id"), "judgements", ["involvement_id"], unique=False
    )
    op.create_index(op.f("ix_judgements_meeting_id"), "judgements", ["meeting_id"], unique=False)
    op.create_index(
        "ix_judgements_open",
        "judgements",
        ["deadline_at"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "uq_judgements_standing",
        "judgements",
        ["involvement_id"],
        unique=True,
        sqlite_where=sa.text("status != 'superseded'"),
        postgresql_where=sa.text("status != 'superseded'"),
    )
    op.create_table(
        "orders",
        sa.Column(
            "kind",
            sa.Enum(
                "police_bail",
                "released_under_investigation",
                "court_bail",
                "curfew",
                "electronic_tag",
                "non_contact",
                "referral_order",
                "youth_rehabilitation_order",
                "custody_licence",
                "injunction",
                "criminal_behaviour_order",
                "knife_crime_prevention_order",
                "other",
                name="orderkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="kind of order",
        ),
        sa.Column("conditions", sa.Text(), nullable=False, comment="what it asks or forbids"),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="London date it began"),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="last London date it holds"),
        sa.Column("watched_by", sa.String(length=200), nullable=True, comment="who checks it"),
        sa.Column(
            "conflict_note",
            sa.Text(),
            nullable=True,
            comment="where it collides with the plan, such as a curfew with travel to school",
        ),
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="which plan"),
        sa.Column(
            "position", sa.Integer(), nullable=False, comment="number within its part of the plan"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.Column("changed_at", UtcDateTime(), nullable=False, comment="when it was last changed"),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False, comment="by whom"),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when it left the plan"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_orders_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_orders_plan_id")),
    )
    op.create_index(op.f("ix_orders_plan_id"), "orders", ["plan_id"], unique=False)
    op.create_table(
        "plan_entries",
        sa.Column(
            "section",
            sa.Enum(
                "matters",
                "worry",
                "strength",
                "goal",
                "contingency",
                name="section",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="which part of the plan",
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="the sentence"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="which plan"),
        sa.Column(
            "position", sa.Integer(), nullable=False, comment="number within its part of the plan"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.Column("changed_at", UtcDateTime(), nullable=False, comment="when it was last changed"),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False, comment="by whom"),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when it left the plan"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_entries_plan_id_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_entries")),
        sa.UniqueConstraint("plan_id", "section", "position", name=op.f("uq_plan_entries_plan_id")),
    )
    op.create_index(op.f("ix_plan_entries_plan_id"), "plan_entries", ["plan_id"], unique=False)
    op.create_table(
        "plan_versions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="which plan"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first"),
        sa.Column(
            "content", sa.JSON(), nullable=False, comment="items with key, section and fields"
        ),
        sa.Column(
            "why", sa.String(length=400), nullable=False, comment="what was agreed, in words"
        ),
        sa.Column("agreed_at", UtcDateTime(), nullable=False, comment="when"),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="who, if an account"),
        sa.Column("by_name", sa.String(length=200), nullable=False, comment="who, in words"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_plan_versions_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_versions_plan_id_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_versions_plan_id")),
    )
    op.create_table(
        "scores",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column(
            "involvement_id", sa.Uuid(), nullable=False, comment="the child's part that was scored"
        ),
        sa.Column("scale", sa.String(length=40), nullable=False, comment="scale id of the pack"),
        sa.Column(
            "scale_version", sa.String(length=40), nullable=False, comment="version of the scale"
        ),
        sa.Column("value", sa.Integer(), nullable=False, comment="the score on that scale"),
        sa.Column("scored_by", sa.String(length=120), nullable=False, comment="who scored it"),
        sa.Column("scored_on", sa.Date(), nullable=False, comment="London date it was scored"),
        sa.Column("recorded_at", UtcDateTime(), nullable=False, comment="when it was written down"),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True, comment="who wrote it down"),
        sa.ForeignKeyConstraint(
            ["involvement_id"],
            ["involvements.id"],
            name=op.f("fk_scores_involvement_id_involvements"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_scores_recorded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
    )
    op.create_index(op.f("ix_scores_involvement_id"), "scores", ["involvement_id"], unique=False)
    op.create_table(
        "strands",
        sa.Column(
            "kind",
            sa.Enum(
                "early_help",
                "child_in_need",
                "child_protection",
                "looked_after",
                "health",
                "personal_education",
                "ehc",
                "pathway",
                "youth_justice",
                "other",
                name="strandkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="kind of plan",
        ),
        sa.Column("review_on", sa.Date(), nullable=True, comment="London date of its next review"),
        sa.Column("note", sa.Text(), nullable=True, comment="who keeps it and where"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="which plan"),
        sa.Column(
            "position", sa.Integer(), nullable=False, comment="number within its part of the plan"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.Column("changed_at", UtcDateTime(), nullable=False, comment="when it was last changed"),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False, comment="by whom"),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when it left the plan"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_strands_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strands")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_strands_plan_id")),
    )
    op.create_index(op.f("ix_strands_plan_id"), "strands", ["plan_id"], unique=False)
    op.create_table(
        "voices",
        sa.Column(
            "whose",
            sa.Enum(
                "child",
                "mother",
                "father",
                "carer",
                "other",
                name="whose",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="child, mother, father or male carer ...",
        ),
        sa.Column("person_name", sa.String(length=120), nullable=True, comment="who it is"),
        sa.Column("words", sa.Text(), nullable=True, comment="their own words"),
        sa.Column("said_on", sa.Date(), nullable=True, comment="London date on which it was said"),
        sa.Column("told_to", sa.String(length=120), nullable=True, comment="who heard it"),
        sa.Column("missing_reason", sa.Text(), nullable=True, comment="why nobody was heard"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("plan_id", sa.Uuid(), nullable=False, comment="which plan"),
        sa.Column(
            "position", sa.Integer(), nullable=False, comment="number within its part of the plan"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.Column("changed_at", UtcDateTime(), nullable=False, comment="when it was last changed"),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False, comment="by whom"),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when it left the plan"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_voices_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voices")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_voices_plan_id")),
    )
    op.create_index(op.f("ix_voices_plan_id"), "voices", ["plan_id"], unique=False)
    op.create_table(
        "action_events",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("action_id", sa.Uuid(), nullable=False, comment="which action"),
        sa.Column(
            "kind",
            sa.Enum(
                "given",
                "done",
                "date_asked",
                "date_agreed",
                "date_refused",
                "hand_over_offered",
                "hand_over_accepted",
                "hand_over_refused",
                "no_longer_needed",
                "owner_left",
                "deputy_took_over",
                "chased",
                name="eventkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="what happened",
        ),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when"),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="who, if an account"),
        sa.Column("by_name", sa.String(length=260), nullable=False, comment="who, in words"),
        sa.Column("note", sa.Text(), nullable=True, comment="evidence, reason or who is told"),
        sa.Column("old_due_on", sa.Date(), nullable=True, comment="due date before"),
        sa.Column("new_due_on", sa.Date(), nullable=True, comment="due date asked for or agreed"),
        sa.ForeignKeyConstraint(
            ["action_id"], ["actions.id"], name=op.f("fk_action_events_action_id_actions")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_action_events_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_events")),
    )
    op.create_index(
        op.f("ix_action_events_action_id"), "action_events", ["action_id"], unique=False
    )
    op.create_table(
        "date_requests",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("action_id", sa.Uuid(), nullable=False, comment="which action"),
        sa.Column("new_due_on", sa.Date(), nullable=False, comment="London date asked for"),
        sa.Column(
            "reason",
            sa.Enum(
                "blocked",
                "refused_by_family",
                "waiting_list",
                "no_capacity",
                "superseded",
                name="delayreason",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="why, from the fixed list",
        ),
        sa.Column("asked_by_name", sa.String(length=260), nullable=False, comment="who asked"),
        sa.Column("asked_at", UtcDateTime(), nullable=False, comment="when"),
        sa.Column(
            "status",
            sa.Enum(
                "waiting", "agreed", "refused", name="requeststatus", native_enum=False, length=40
            ),
            nullable=False,
            comment="waiting, agreed or refused",
        ),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True, comment="who decided"),
        sa.Column("decided_at", UtcDateTime(), nullable=True, comment="when"),
        sa.Column("decision_note", sa.Text(), nullable=True, comment="the reason given"),
        sa.ForeignKeyConstraint(
            ["action_id"], ["actions.id"], name=op.f("fk_date_requests_action_id_actions")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_date_requests_decided_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_requests")),
    )
    op.create_index(
        op.f("ix_date_requests_action_id"), "date_requests", ["action_id"], unique=False
    )
    op.create_index(
        "uq_date_requests_one_waiting",
        "date_requests",
        ["action_id"],
        unique=True,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("action_id", sa.Uuid(), nullable=False, comment="which action"),
        sa.Column(
            "to_name", sa.String(length=120), nullable=False, comment="who is asked to take it"
        ),
        sa.Column(
            "to_email", sa.String(length=254), nullable=False, comment="where they are written to"
        ),
        sa.Column("to_agency_id", sa.Uuid(), nullable=False, comment="their agency"),
        sa.Column("to_account_id", sa.Uuid(), nullable=True, comment="their account, if any"),
        sa.Column("why", sa.String(length=400), nullable=False, comment="why it is handed over"),
        sa.Column(
            "offered_by_name", sa.String(length=260), nullable=False, comment="who offered it"
        ),
        sa.Column("offered_at", UtcDateTime(), nullable=False, comment="when"),
        sa.Column("accepted_at", UtcDateTime(), nullable=True, comment="when it was accepted"),
        sa.Column("refused_at", UtcDateTime(), nullable=True, comment="when it was refused"),
        sa.ForeignKeyConstraint(
            ["action_id"], ["actions.id"], name=op.f("fk_hand_overs_action_id_actions")
        ),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["accounts.id"], name=op.f("fk_hand_overs_to_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["to_agency_id"], ["agencies.id"], name=op.f("fk_hand_overs_to_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    op.create_index(op.f("ix_hand_overs_action_id"), "hand_overs", ["action_id"], unique=False)
    op.create_index(
        "uq_hand_overs_one_offered",
        "hand_overs",
        ["action_id"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NULL AND refused_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND refused_at IS NULL"),
    )
    op.create_table(
        "ladder_steps",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("action_id", sa.Uuid(), nullable=False, comment="which action"),
        sa.Column("date_version", sa.Integer(), nullable=False, comment="for which due date"),
        sa.Column(
            "step", sa.String(length=20), nullable=False, comment="the pack's id of the step"
        ),
        sa.Column("sent_at", UtcDateTime(), nullable=False, comment="when it was taken"),
        sa.Column(
            "told",
            sa.String(length=200),
            nullable=False,
            comment="who was told, as words of the ladder; empty for a passed reminder",
        ),
        sa.Column(
            "digest_to",
            sa.String(length=254),
            nullable=True,
            comment="whose next digest names it; empty once it went out",
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["actions.id"], name=op.f("fk_ladder_steps_action_id_actions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_steps")),
        sa.UniqueConstraint(
            "action_id", "date_version", "step", name=op.f("uq_ladder_steps_action_id")
        ),
    )
    op.create_index(op.f("ix_ladder_steps_digest_to"), "ladder_steps", ["digest_to"], unique=False)
    op.create_table(
        "meetings",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("ref", sa.String(length=12), nullable=False, comment="reference people read out"),
        sa.Column(
            "uid", sa.String(length=255), nullable=False, comment="identity of the calendar entry"
        ),
        sa.Column(
            "sequence", sa.Integer(), nullable=False, comment="SEQUENCE last sent; only rises"
        ),
        sa.Column("child_id", sa.Uuid(), nullable=False, comment="the one child it is about"),
        sa.Column(
            "type", sa.String(length=40), nullable=False, comment="meeting type id of the pack"
        ),
        sa.Column("type_name", sa.String(length=120), nullable=False, comment="the type in words"),
        sa.Column(
            "pack_version_id",
            sa.Uuid(),
            nullable=False,
            comment="the procedure pack it was judged by",
        ),
        sa.Column("judgement_id", sa.Uuid(), nullable=True, comment="the judgement it answers"),
        sa.Column(
            "follows_id", sa.Uuid(), nullable=True, comment="the meeting it follows or replaces"
        ),
        sa.Column("starts_at", UtcDateTime(), nullable=False, comment="start, as an instant"),
        sa.Column("ends_at", UtcDateTime(), nullable=False, comment="end, as an instant"),
        sa.Column("wall_date", sa.Date(), nullable=False, comment="London date of the start"),
        sa.Column("wall_time", sa.Time(), nullable=False, comment="London wall time of the start"),
        sa.Column("minutes", sa.Integer(), nullable=False, comment="length in minutes"),
        sa.Column(
            "status",
            sa.Enum(
                "arranged",
                "in_progress",
                "held",
                "stood_down",
                name="meetingstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="how far it is",
        ),
        sa.Column(
            "how",
            sa.Enum(
                "online", "telephone", "in_person", name="meetinghow", native_enum=False, length=40
            ),
            nullable=False,
            comment="how people meet",
        ),
        sa.Column(
            "joining",
            sa.String(length=400),
            nullable=True,
            comment="link, number or room; shown on pages, never in mail",
        ),
        sa.Column("chair_id", sa.Uuid(), nullable=True, comment="the chair"),
        sa.Column("convenor_id", sa.Uuid(), nullable=True, comment="who convened it"),
        sa.Column("team_id", sa.Uuid(), nullable=True, comment="the convening team"),
        sa.Column(
            "deadline_on", sa.Date(), nullable=True, comment="latest London date, if it has one"
        ),
        sa.Column(
            "deadline_at",
            UtcDateTime(),
            nullable=True,
            comment="latest instant at which it may start, if it has one",
        ),
        sa.Column(
            "late_reason", sa.Text(), nullable=True, comment="why it starts after its deadline"
        ),
        sa.Column(
            "overlap_reason",
            sa.Text(),
            nullable=True,
            comment="why it is held beside a meeting that looks like the same one",
        ),
        sa.Column("stood_down_reason", sa.Text(), nullable=True, comment="why it was stood down"),
        sa.Column("started_at", UtcDateTime(), nullable=True, comment="when it really started"),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when it really ended"),
        sa.Column(
            "is_immediate",
            sa.Boolean(),
            nullable=False,
            comment="a discussion held at once by telephone",
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when it was arranged"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["chair_id"], ["accounts.id"], name=op.f("fk_meetings_chair_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_meetings_child_id_children")
        ),
        sa.ForeignKeyConstraint(
            ["convenor_id"], ["accounts.id"], name=op.f("fk_meetings_convenor_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["meetings.id"], name=op.f("fk_meetings_follows_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["judgement_id"], ["judgements.id"], name=op.f("fk_meetings_judgement_id_judgements")
        ),
        sa.ForeignKeyConstraint(
            ["pack_version_id"],
            ["pack_versions.id"],
            name=op.f("fk_meetings_pack_version_id_pack_versions"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_meetings_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("ref", name=op.f("uq_meetings_ref")),
        sa.UniqueConstraint("uid", name=op.f("uq_meetings_uid")),
    )
    op.create_index(
        "ix_meetings_chair_id_status_starts_at",
        "meetings",
        ["chair_id", "status", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_meetings_child_id"), "meetings", ["child_id"], unique=False)
    op.create_index(
        "ix_meetings_convenor_id_status_starts_at",
        "meetings",
        ["convenor_id", "status", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_meetings_judgement_id"), "meetings", ["judgement_id"], unique=False)
    op.create_index(op.f("ix_meetings_starts_at"), "meetings", ["starts_at"], unique=False)
    op.create_index(
        "ix_meetings_team_id_status_starts_at",
        "meetings",
        ["team_id", "status", "starts_at"],
        unique=False,
    )
    op.create_index(
        "uq_meetings_judgement_live",
        "meetings",
        ["judgement_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('arranged', 'in_progress')"),
        postgresql_where=sa.text("status IN ('arranged', 'in_progress')"),
    )
    op.create_table(
        "action_links",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("action_id", sa.Uuid(), nullable=False, comment="which action"),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="hash of the token"),
        sa.Column(
            "holder",
            sa.Enum(
                "owner",
                "offered",
                "manager",
                "agency_lead",
                name="linkholder",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="for whom it was made",
        ),
        sa.Column(
            "holder_name", sa.String(length=120), nullable=False, comment="to whom it was sent"
        ),
        sa.Column(
            "holder_email", sa.String(length=254), nullable=False, comment="where it was sent"
        ),
        sa.Column("hand_over_id", sa.Uuid(), nullable=True, comment="the offer it answers"),
        sa.Column("made_at", UtcDateTime(), nullable=False, comment="when it was made"),
        sa.Column(
            "code_asked_at",
            UtcDateTime(),
            nullable=True,
            comment="when its holder asked to be rung with a code; empty once one was given",
        ),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when it stopped working"),
        sa.ForeignKeyConstraint(
            ["action_id"], ["actions.id"], name=op.f("fk_action_links_action_id_actions")
        ),
        sa.ForeignKeyConstraint(
            ["hand_over_id"],
            ["hand_overs.id"],
            name=op.f("fk_action_links_hand_over_id_hand_overs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_action_links_token_hash")),
    )
    op.create_index(op.f("ix_action_links_action_id"), "action_links", ["action_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False, comment="the meeting"),
        sa.Column("kind", sa.String(length=60), nullable=False, comment="decision id of the pack"),
        sa.Column("kind_name", sa.String(length=200), nullable=False, comment="the kind in words"),
        sa.Column("text", sa.Text(), nullable=False, comment="what was decided"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order on the page"),
        sa.Column("made_at", UtcDateTime(), nullable=False, comment="when it was written down"),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="who wrote it down"),
        sa.Column(
            "removed_at", UtcDateTime(), nullable=True, comment="when it was taken out of the draft"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_decisions_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_decisions_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_meeting_id"), "decisions", ["meeting_id"], unique=False)
    op.create_table(
        "dissents",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False, comment="the meeting"),
        sa.Column(
            "agency_name", sa.String(length=200), nullable=False, comment="who did not agree"
        ),
        sa.Column("what", sa.Text(), nullable=False, comment="with what"),
        sa.Column("why", sa.Text(), nullable=False, comment="why"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order on the page"),
        sa.Column("made_at", UtcDateTime(), nullable=False, comment="when it was written down"),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="who wrote it down"),
        sa.Column(
            "removed_at", UtcDateTime(), nullable=True, comment="when it was taken out of the draft"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_dissents_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_dissents_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dissents")),
    )
    op.create_index(op.f("ix_dissents_meeting_id"), "dissents", ["meeting_id"], unique=False)
    op.create_table(
        "dropped_roles",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False, comment="the meeting"),
        sa.Column("role", sa.String(length=60), nullable=False, comment="role id of the pack"),
        sa.Column("role_name", sa.String(length=160), nullable=False, comment="the role in words"),
        sa.Column(
            "agency_name", sa.String(length=200), nullable=False, comment="the agency in words"
        ),
        sa.Column(
            "rule_id", sa.String(length=40), nullable=False, comment="the rule that asked for it"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it is not invited"),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="who decided it"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_dropped_roles_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_dropped_roles_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dropped_roles")),
    )
    op.create_index(
        op.f("ix_dropped_roles_meeting_id"), "dropped_roles", ["meeting_id"], unique=False
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False, comment="the meeting"),
        sa.Column(
            "agency_id", sa.Uuid(), nullable=True, comment="the agency, if the directory has it"
        ),
        sa.Column(
            "agency_name",
            sa.String(length=200),
            nullable=False,
            comment="the agency as it was called",
        ),
        sa.Column(
            "agency_kind",
            sa.String(length=40),
            nullable=False,
            comment="agency kind id of the pack",
        ),
        sa.Column("role", sa.String(length=60), nullable=False, comment="role id of the pack"),
        sa.Column("role_name", sa.String(length=160), nullable=False, comment="the role in words"),
        sa.Column(
            "also_roles",
            sa.JSON(),
            nullable=False,
            comment="further role ids the same contact answers for",
        ),
        sa.Column(
            "rule_id",
            sa.String(length=40),
            nullable=True,
            comment="the rule that asks for it; empty when added by hand",
        ),
        sa.Column("why", sa.Text(), nullable=False, comment="why invited, in words"),
        sa.Column(
            "requirement",
            sa.Enum(
                "quorum",
                "expected",
                "optional",
                "report_only",
                "inform",
                name="requirement",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="how much the invitee is needed",
        ),
        sa.Column("is_statutory", sa.Boolean(), nullable=False, comment="cannot be dropped"),
        sa.Column(
            "is_excused",
            sa.Boolean(),
            nullable=False,
            comment="the school is closed that day; its absence is not counted",
        ),
        sa.Column(
            "ring",
            sa.Text(),
            nullable=True,
            comment="why somebody must ring rather than trust the mail",
        ),
        sa.Column(
            "name", sa.String(length=160), nullable=True, comment="the person, if one is named"
        ),
        sa.Column(
            "email",
            sa.String(length=254),
            nullable=True,
            comment="where it goes; empty means a person must ring",
        ),
        sa.Column("telephone", sa.String(length=40), nullable=True, comment="the number to ring"),
        sa.Column(
            "fallback",
            sa.Text(),
            nullable=True,
            comment="which contact stands in for whom, in words",
        ),
        sa.Column(
            "link_token_hash",
            sa.String(length=64),
            nullable=True,
            comment="SHA-256 of the token of the answer link",
        ),
        sa.Column(
            "reply_token",
            sa.String(length=48),
            nullable=True,
            comment="token of the address that answers by mail come to",
        ),
        sa.Column(
            "sequence",
            sa.Integer(),
            nullable=False,
            comment="SEQUENCE last sent to this invitee; only rises",
        ),
        sa.Column(
            "state",
            sa.Enum(
                "not_sent",
                "no_answer",
                "accepted",
                "accepted_part",
                "tentative",
                "declined",
                "deputy",
                "information",
                "undeliverable",
                "withdrawn",
                name="invitationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="what is known of the answer",
        ),
        sa.Column("part_note", sa.Text(), nullable=True, comment="which part they can attend"),
        sa.Column("deputy_name", sa.String(length=160), nullable=True, comment="who comes instead"),
        sa.Column(
            "deputy_email", sa.String(length=254), nullable=True, comment="the deputy's address"
        ),
        sa.Column("answered_at", UtcDateTime(), nullable=True, comment="when the answer came"),
        sa.Column(
            "answer_sequence", sa.Integer(), nullable=True, comment="SEQUENCE the answer was for"
        ),
        sa.Column(
            "answer_dtstamp",
            UtcDateTime(),
            nullable=True,
            comment="DTSTAMP of the answer; orders answers by mail",
        ),
        sa.Column(
            "answer_channel",
            sa.Enum(
                "link",
                "mail",
                "telephone",
                "page",
                name="answerchannel",
                native_enum=False,
                length=40,
            ),
            nullable=True,
            comment="how the answer came",
        ),
        sa.Column(
            "is_stale", sa.Boolean(), nullable=False, comment="the answer was for an earlier time"
        ),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True, comment="when it was withdrawn"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column(
            "professional_id",
            sa.Uuid(),
            nullable=True,
            comment="the professional, if named in the directory",
        ),
        sa.Column(
            "account_id", sa.Uuid(), nullable=True, comment="the invitee's account, if there is one"
        ),
        sa.Column("position", sa.Integer(), nullable=False, comment="order on the page"),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when it was made"),
        sa.Column("version", sa.Integer(), nullable=False, comment="raised by each change"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_invitations_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_invitations_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_invitations_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professionals.id"],
            name=op.f("fk_invitations_professional_id_professionals"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("link_token_hash", name=op.f("uq_invitations_link_token_hash")),
        sa.UniqueConstraint("reply_token", name=op.f("uq_invitations_reply_token")),
    )
    op.create_index(op.f("ix_invitations_account_id"), "invitations", ["account_id"], unique=False)
    op.create_index(op.f("ix_invitations_agency_id"), "invitations", ["agency_id"], unique=False)
    op.create_index(
        "ix_invitations_meeting_id_state", "invitations", ["meeting_id", "state"], unique=False
    )
    op.create_table(
        "records",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False, comment="the meeting"),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "approved", "released", name="recordstatus", native_enum=False, length=40
            ),
            nullable=False,
            comment="draft, approved or released",
        ),
        sa.Column("due_on", sa.Date(), nullable=True, comment="London date by which it goes out"),
        sa.Column(
            "due_at",
            UtcDateTime(),
            nullable=True,
            comment="instant by which it goes out; empty before the meeting is finished",
        ),
        sa.Column(
            "is_quorate",
            sa.Boolean(),
            nullable=True,
            comment="the legal quorum took part; empty before the meeting is finished",
        ),
        sa.Column(
            "quorum", sa.JSON(), nullable=True, comment="the quorum as it stood at the finish"
        ),
        sa.Column(
            "inquorate_reason",
            sa.Text(),
            nullable=True,
            comment="why it went ahead without the legal quorum",
        ),
        sa.Column(
            "finish_reason",
            sa.Text(),
            nullable=True,
            comment="why it was finished with something missing",
        ),
        sa.Column("finished_by_id", sa.Uuid(), nullable=True, comment="who finished the meeting"),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True, comment="the chair who approved it"),
        sa.Column("approved_at", UtcDateTime(), nullable=True, comment="when it was approved"),
        sa.Column(
            "released_by_id", sa.Uuid(), nullable=True, comment="the second person who released it"
        ),
        sa.Column("released_at", UtcDateTime(), nullable=True, comment="when it was released"),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="rises with each change of the record's words",
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["accounts.id"], name=op.f("fk_records_approved_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["finished_by_id"], ["accounts.id"], name=op.f("fk_records_finished_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_records_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["accounts.id"], name=op.f("fk_records_released_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_records_meeting_id")),
    )
    op.create_index(op.f("ix_records_is_quorate"), "records", ["is_quorate"], unique=False)
    op.create_index("ix_records_status_due_at", "records", ["status", "due_at"], unique=False)
    op.create_table(
        "reviewed_actions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False, comment="the meeting"),
        sa.Column("action_id", sa.Uuid(), nullable=False, comment="the live action; a plain id"),
        sa.Column("action_ref", sa.String(length=10), nullable=False, comment="its reference"),
        sa.Column("what", sa.Text(), nullable=False, comment="its words as the meeting saw them"),
        sa.Column("owner", sa.String(length=260), nullable=False, comment="its owner at the time"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="its due date at the time"),
        sa.Column(
            "outcome", sa.String(length=20), nullable=False, comment="done, not_done or changed"
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="evidence, or what is changed"),
        sa.Column(
            "new_due_on", sa.Date(), nullable=True, comment="the date the meeting agreed instead"
        ),
        sa.Column(
            "applied_at", UtcDateTime(), nullable=True, comment="when the action was told of it"
        ),
        sa.Column("marked_at", UtcDateTime(), nullable=False, comment="when it was last marked"),
        sa.Column("marked_by_id", sa.Uuid(), nullable=True, comment="who marked it"),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.ForeignKeyConstraint(
            ["marked_by_id"],
            ["accounts.id"],
            name=op.f("fk_reviewed_actions_marked_by_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_reviewed_actions_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewed_actions")),
        sa.UniqueConstraint("meeting_id", "action_id", name=op.f("uq_reviewed_actions_meeting_id")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="what sort of task"),
        sa.Column(
            "key", sa.String(length=120), nullable=True, comment="makes the same task once only"
        ),
        sa.Column(
            "ref",
            sa.String(length=12),
            nullable=False,
            comment="reference of the thing it is about (I-, M-, A-, C-)",
        ),
        sa.Column("child_id", sa.Uuid(), nullable=True, comment="the child, if it is about one"),
        sa.Column(
            "meeting_id", sa.Uuid(), nullable=True, comment="the meeting, if it is about one"
        ),
        sa.Column(
            "subject_id",
            sa.Uuid(),
            nullable=True,
            comment="row id of the judgement or invitation it is about",
        ),
        sa.Column("for_account_id", sa.Uuid(), nullable=True, comment="for this person"),
        sa.Column("for_team_id", sa.Uuid(), nullable=True, comment="for the manager of this team"),
        sa.Column("words", sa.Text(), nullable=False, comment="what to do, as a sentence"),
        sa.Column("due_at", UtcDateTime(), nullable=True, comment="by when"),
        sa.Column("made_at", UtcDateTime(), nullable=False, comment="when it came up"),
        sa.Column("done_at", UtcDateTime(), nullable=True, comment="when it was done"),
        sa.Column("done_by_id", sa.Uuid(), nullable=True, comment="who did it"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="what came of it"),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_tasks_child_id_children")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["accounts.id"], name=op.f("fk_tasks_done_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["for_account_id"], ["accounts.id"], name=op.f("fk_tasks_for_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["for_team_id"], ["teams.id"], name=op.f("fk_tasks_for_team_id_teams")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_tasks_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
    )
    op.create_index(op.f("ix_tasks_child_id"), "tasks", ["child_id"], unique=False)
    op.create_index(op.f("ix_tasks_due_at"), "tasks", ["due_at"], unique=False)
    op.create_index(
        "ix_tasks_for_account_id_done_at_due_at",
        "tasks",
        ["for_account_id", "done_at", "due_at"],
        unique=False,
    )
    op.create_index(
        "ix_tasks_for_team_id_done_at_due_at",
        "tasks",
        ["for_team_id", "done_at", "due_at"],
        unique=False,
    )
    op.create_index(op.f("ix_tasks_kind"), "tasks", ["kind"], unique=False)
    op.create_index(op.f("ix_tasks_meeting_id"), "tasks", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_tasks_ref"), "tasks", ["ref"], unique=False)
    op.create_index(op.f("ix_tasks_subject_id"), "tasks", ["subject_id"], unique=False)
    op.create_table(
        "answers",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("invitation_id", sa.Uuid(), nullable=False, comment="whose answer"),
        sa.Column(
            "state",
            sa.Enum(
                "not_sent",
                "no_answer",
                "accepted",
                "accepted_part",
                "tentative",
                "declined",
                "deputy",
                "information",
                "undeliverable",
                "withdrawn",
                name="invitationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="what was answered",
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "link",
                "mail",
                "telephone",
                "page",
                name="answerchannel",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="how it came",
        ),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when it was taken in"),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="SEQUENCE it was for"),
        sa.Column(
            "dtstamp",
            UtcDateTime(),
            nullable=False,
            comment="when it was given, as far as known; orders answers for one SEQUENCE",
        ),
        sa.Column(
            "part", sa.String(length=40), nullable=True, comment="which part, if only a part"
        ),
        sa.Column(
            "person_name", sa.String(length=160), nullable=True, comment="who answered, if known"
        ),
        sa.Column(
            "person_role", sa.String(length=160), nullable=True, comment="their role, if known"
        ),
        sa.Column(
            "by_id", sa.Uuid(), nullable=True, comment="the account that wrote it down after a call"
        ),
        sa.Column(
            "inbound_id",
            sa.Uuid(),
            nullable=True,
            comment="the message it came in; no foreign key, the mail room owns it",
        ),
        sa.Column(
            "meeting_starts_at",
            UtcDateTime(),
            nullable=False,
            comment="the time that was answered for",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_answers_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_answers_invitation_id_invitations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_inbound_id"), "answers", ["inbound_id"], unique=False)
    op.create_index("ix_answers_invitation_id_at", "answers", ["invitation_id", "at"], unique=False)
    op.create_table(
        "attendances",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False, comment="the meeting"),
        sa.Column(
            "invitation_id",
            sa.Uuid(),
            nullable=True,
            comment="the invitee; empty for somebody else",
        ),
        sa.Column(
            "agency_id", sa.Uuid(), nullable=True, comment="the agency, if the directory has it"
        ),
        sa.Column(
            "agency_name",
            sa.String(length=200),
            nullable=False,
            comment="the agency as it was called",
        ),
        sa.Column(
            "agency_kind",
            sa.String(length=40),
            nullable=False,
            comment="agency kind id of the pack",
        ),
        sa.Column(
            "role", sa.String(length=60), nullable=False, comment="role id of the pack, or words"
        ),
        sa.Column("role_name", sa.String(length=160), nullable=False, comment="the role in words"),
        sa.Column("name", sa.String(length=160), nullable=True, comment="who came, by name"),
        sa.Column(
            "state",
            sa.Enum(
                "present",
                "part",
                "apologies",
                "absent",
                "report_only",
                name="attendancestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="present, part, apologies ...",
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="which part, or what was sent instead"),
        sa.Column("marked_at", UtcDateTime(), nullable=False, comment="when it was last marked"),
        sa.Column("marked_by_id", sa.Uuid(), nullable=True, comment="who marked it"),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_attendances_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_attendances_invitation_id_invitations"),
        ),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["accounts.id"], name=op.f("fk_attendances_marked_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_attendances_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("meeting_id", "invitation_id", name=op.f("uq_attendances_meeting_id")),
    )
    op.create_index(
        op.f("ix_attendances_invitation_id"), "attendances", ["invitation_id"], unique=False
    )
    op.create_index(op.f("ix_attendances_meeting_id"), "attendances", ["meeting_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("invitation_id", sa.Uuid(), nullable=False, comment="about which invitation"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when it was logged"),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="who rang"),
        sa.Column(
            "outcome",
            sa.Enum(
                "reached",
                "no_answer",
                "message_left",
                "will_attend",
                "cannot_attend",
                name="calloutcome",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="what came of it",
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="what was said, if it matters"),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_calls_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_calls_invitation_id_invitations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(op.f("ix_calls_invitation_id"), "calls", ["invitation_id"], unique=False)
    op.create_table(
        "contributions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("invitation_id", sa.Uuid(), nullable=False, comment="whose information"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False, comment="for which meeting"),
        sa.Column(
            "since_on",
            sa.Date(),
            nullable=True,
            comment="London date of the last meeting, from which it was asked; empty for the first",
        ),
        sa.Column(
            "injury",
            sa.Enum("yes", "no", "nothing_known", name="knownanswer", native_enum=False, length=40),
            nullable=False,
            comment="any injury since then",
        ),
        sa.Column("injury_text", sa.Text(), nullable=False, comment="what is known of it"),
        sa.Column(
            "weapon",
            sa.Enum("yes", "no", "nothing_known", name="knownanswer", native_enum=False, length=40),
            nullable=False,
            comment="any assault or weapon since then",
        ),
        sa.Column("weapon_text", sa.Text(), nullable=False, comment="what is known of it"),
        sa.Column(
            "emergency",
            sa.Enum("yes", "no", "nothing_known", name="knownanswer", native_enum=False, length=40),
            nullable=False,
            comment="any emergency attendance since then",
        ),
        sa.Column("emergency_text", sa.Text(), nullable=False, comment="what is known of it"),
        sa.Column(
            "health",
            sa.Text(),
            nullable=True,
            comment="health needs and waiting lists; empty means nothing known",
        ),
        sa.Column(
            "last_seen",
            sa.Text(),
            nullable=True,
            comment="last seen, and when was not brought; empty means nothing known",
        ),
        sa.Column(
            "worries", sa.Text(), nullable=True, comment="worries; empty means nothing known"
        ),
        sa.Column(
            "strengths", sa.Text(), nullable=True, comment="strengths; empty means nothing known"
        ),
        sa.Column(
            "parents",
            sa.Text(),
            nullable=True,
            comment="what about parents and carers affects safety; empty means nothing known",
        ),
        sa.Column(
            "share_with_family", sa.String(length=10), nullable=False, comment="yes, part or no"
        ),
        sa.Column("share_why", sa.Text(), nullable=False, comment="which part, or why not"),
        sa.Column("person_name", sa.String(length=160), nullable=False, comment="who sent it"),
        sa.Column("person_role", sa.String(length=160), nullable=False, comment="their role"),
        sa.Column(
            "account_id", sa.Uuid(), nullable=True, comment="the account that sent it, if one did"
        ),
        sa.Column("sent_at", UtcDateTime(), nullable=False, comment="when it was sent"),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="1 for the first, one more for each correction",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_contributions_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_contributions_invitation_id_invitations"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_contributions_meeting_id_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
    )
    op.create_index(
        op.f("ix_contributions_meeting_id"), "contributions", ["meeting_id"], unique=False
    )
    op.create_index(
        "uq_contributions_invitation_id_version",
        "contributions",
        ["invitation_id", "version"],
        unique=True,
    )
    op.create_table(
        "deputies",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("invitation_id", sa.Uuid(), nullable=False, comment="instead of whom"),
        sa.Column("name", sa.String(length=160), nullable=False, comment="who comes"),
        sa.Column("role", sa.String(length=160), nullable=False, comment="their role, in words"),
        sa.Column("email", sa.String(length=254), nullable=True, comment="their work address"),
        sa.Column(
            "status",
            sa.Enum(
                "pending", "confirmed", "refused", name="deputystatus", native_enum=False, length=40
            ),
            nullable=False,
            comment="pending, confirmed or refused",
        ),
        sa.Column(
            "reply_token",
            sa.String(length=48),
            nullable=True,
            comment="token of the address their answers by mail come to",
        ),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="SEQUENCE last sent to them"),
        sa.Column("named_at", UtcDateTime(), nullable=False, comment="when they were named"),
        sa.Column(
            "named_by",
            sa.Enum(
                "link",
                "mail",
                "telephone",
                "page",
                name="answerchannel",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="how they were named",
        ),
        sa.Column(
            "decided_by_id",
            sa.Uuid(),
            nullable=True,
            comment="who confirmed or refused; empty when the rule did",
        ),
        sa.Column("decided_at", UtcDateTime(), nullable=True, comment="when that was"),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_deputies_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_deputies_invitation_id_invitations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputies")),
        sa.UniqueConstraint("reply_token", name=op.f("uq_deputies_reply_token")),
    )
    op.create_index(op.f("ix_deputies_invitation_id"), "deputies", ["invitation_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("invitation_id", sa.Uuid(), nullable=False, comment="who suggested it"),
        sa.Column("starts_at", UtcDateTime(), nullable=False, comment="suggested start"),
        sa.Column("ends_at", UtcDateTime(), nullable=False, comment="suggested end"),
        sa.Column(
            "instead_of_at",
            UtcDateTime(),
            nullable=False,
            comment="the start it was suggested instead of",
        ),
        sa.Column("note", sa.Text(), nullable=False, comment="words that came with it by mail"),
        sa.Column(
            "channel",
            sa.Enum(
                "link",
                "mail",
                "telephone",
                "page",
                name="answerchannel",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="how it came",
        ),
        sa.Column(
            "is_by_calendar",
            sa.Boolean(),
            nullable=False,
            comment="a calendar client waits for an answer to it",
        ),
        sa.Column(
            "inbound_id",
            sa.Uuid(),
            nullable=True,
            comment="the message it came in; no foreign key, the mail room owns it",
        ),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when it was suggested"),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "accepted",
                "refused",
                "overtaken",
                name="proposalstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="what became of it",
        ),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True, comment="who decided"),
        sa.Column("decided_at", UtcDateTime(), nullable=True, comment="when it was decided"),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_proposals_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_proposals_invitation_id_invitations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_inbound_id"), "proposals", ["inbound_id"], unique=False)
    op.create_index(
        op.f("ix_proposals_invitation_id"), "proposals", ["invitation_id"], unique=False
    )
    op.create_table(
        "proposed_actions",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("meeting_id", sa.Uuid(), nullable=False, comment="the meeting"),
        sa.Column("decision_id", sa.Uuid(), nullable=True, comment="the decision it carries out"),
        sa.Column("what", sa.Text(), nullable=False, comment="what is to be done"),
        sa.Column(
            "kind",
            sa.Enum(
                "support",
                "monitor",
                "disrupt",
                "safety",
                name="actionkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="support, monitor, disrupt or safety",
        ),
        sa.Column("agency_id", sa.Uuid(), nullable=True, comment="whose action it is"),
        sa.Column("owner_name", sa.String(length=120), nullable=True, comment="the named owner"),
        sa.Column(
            "owner_email", sa.String(length=254), nullable=True, comment="the owner's address"
        ),
        sa.Column(
            "owner_account_id",
            sa.Uuid(),
            nullable=True,
            comment="the owner's account, if there is one",
        ),
        sa.Column("due_on", sa.Date(), nullable=True, comment="London date it is to be done by"),
        sa.Column("how_known", sa.Text(), nullable=True, comment="how everybody knows it is done"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order on the page"),
        sa.Column("made_at", UtcDateTime(), nullable=False, comment="when it was written down"),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="who wrote it down"),
        sa.Column(
            "removed_at", UtcDateTime(), nullable=True, comment="when it was taken out of the draft"
        ),
        sa.Column(
            "action_id", sa.Uuid(), nullable=True, comment="the live action it became; a plain id"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_proposed_actions_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_proposed_actions_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_proposed_actions_decision_id_decisions"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_proposed_actions_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["owner_account_id"],
            ["accounts.id"],
            name=op.f("fk_proposed_actions_owner_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_actions")),
    )
    op.create_index(
        op.f("ix_proposed_actions_action_id"), "proposed_actions", ["action_id"], unique=False
    )
    op.create_index(
        op.f("ix_proposed_actions_meeting_id"), "proposed_actions", ["meeting_id"], unique=False
    )
    op.create_table(
        "record_chases",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="the record"),
        sa.Column("step", sa.String(length=40), nullable=False, comment="which step of the climb"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when it was taken"),
        sa.Column(
            "told",
            sa.String(length=200),
            nullable=False,
            comment="who was told, in words of the climb",
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_record_chases_record_id_records")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_chases")),
        sa.UniqueConstraint("record_id", "step", name=op.f("uq_record_chases_record_id")),
    )
    op.create_table(
        "record_corrections",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="the record"),
        sa.Column("text", sa.Text(), nullable=False, comment="what should stand there"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why"),
        sa.Column(
            "invitation_id", sa.Uuid(), nullable=True, comment="the invitee whose link it came from"
        ),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="who, if an account"),
        sa.Column("by_name", sa.String(length=260), nullable=False, comment="who, in words"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_record_corrections_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_record_corrections_invitation_id_invitations"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_record_corrections_record_id_records")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_corrections")),
    )
    op.create_index(
        op.f("ix_record_corrections_record_id"), "record_corrections", ["record_id"], unique=False
    )
    op.create_table(
        "record_edits",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="the record"),
        sa.Column(
            "section", sa.String(length=120), nullable=False, comment="which place of the record"
        ),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="who wrote"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_record_edits_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_record_edits_record_id_records")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_edits")),
    )
    op.create_index(op.f("ix_record_edits_record_id"), "record_edits", ["record_id"], unique=False)
    op.create_table(
        "record_sections",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="the record"),
        sa.Column(
            "key",
            sa.String(length=120),
            nullable=False,
            comment="which place of the record; unique within it",
        ),
        sa.Column("heading", sa.String(length=60), nullable=False, comment="agenda id of the pack"),
        sa.Column(
            "label", sa.String(length=200), nullable=False, comment="the heading as people saw it"
        ),
        sa.Column(
            "agency_id", sa.Uuid(), nullable=True, comment="whose information, if one agency's"
        ),
        sa.Column(
            "person", sa.String(length=160), nullable=False, comment="whose voice, if one person's"
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="what was said"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why nothing is written here"),
        sa.Column(
            "dated_on",
            sa.Date(),
            nullable=True,
            comment="the London date it names, such as that of the next meeting",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="rises with each change"),
        sa.Column("saved_at", UtcDateTime(), nullable=False, comment="when it was last saved"),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True, comment="who saved it last"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_record_sections_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.id"], name=op.f("fk_record_sections_record_id_records")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["accounts.id"], name=op.f("fk_record_sections_saved_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_sections")),
        sa.UniqueConstraint("record_id", "key", name=op.f("uq_record_sections_record_id")),
    )
    op.create_table(
        "reply_notes",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("invitation_id", sa.Uuid(), nullable=False, comment="about whose invitation"),
        sa.Column(
            "kind",
            sa.Enum(
                "comment",
                "free_text",
                "out_of_office",
                "other_address",
                "unreadable",
                "request_status",
                "resent",
                "new_link",
                name="notekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
            comment="what sort of note",
        ),
        sa.Column("words", sa.Text(), nullable=False, comment="what was written, as it came"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when it was taken in"),
        sa.Column(
            "inbound_id",
            sa.Uuid(),
            nullable=True,
            comment="the message it came in; no foreign key, the mail room owns it",
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_reply_notes_invitation_id_invitations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_notes")),
    )
    op.create_index(
        "ix_reply_notes_invitation_id_at", "reply_notes", ["invitation_id", "at"], unique=False
    )
    op.create_table(
        "answer_links",
        sa.Column("id", sa.Uuid(), nullable=False, comment="row id"),
        sa.Column("invitation_id", sa.Uuid(), nullable=False, comment="whose link"),
        sa.Column(
            "deputy_id",
            sa.Uuid(),
            nullable=True,
            comment="the deputy it was sent to, if not the invitee",
        ),
        sa.Column(
            "token_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the token in the link",
        ),
        sa.Column("given_at", UtcDateTime(), nullable=False, comment="when it was given out"),
        sa.Column(
            "ended_at", UtcDateTime(), nullable=True, comment="when it was made to stop working"
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["deputies.id"], name=op.f("fk_answer_links_deputy_id_deputies")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_answer_links_invitation_id_invitations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_answer_links_token_hash")),
    )
    op.create_index(
        op.f("ix_answer_links_invitation_id"), "answer_links", ["invitation_id"], unique=False
    )
    refuse_changes(op.get_bind(), *APPEND_ONLY)


def downgrade() -> None:
    """Take every table away."""
    op.drop_index(op.f("ix_answer_links_invitation_id"), table_name="answer_links")
    op.drop_table("answer_links")
    op.drop_index("ix_reply_notes_invitation_id_at", table_name="reply_notes")
    op.drop_table("reply_notes")
    op.drop_table("record_sections")
    op.drop_index(op.f("ix_record_edits_record_id"), table_name="record_edits")
    op.drop_table("record_edits")
    op.drop_index(op.f("ix_record_corrections_record_id"), table_name="record_corrections")
    op.drop_table("record_corrections")
    op.drop_table("record_chases")
    op.drop_index(op.f("ix_proposed_actions_meeting_id"), table_name="proposed_actions")
    op.drop_index(op.f("ix_proposed_actions_action_id"), table_name="proposed_actions")
    op.drop_table("proposed_actions")
    op.drop_index(op.f("ix_proposals_invitation_id"), table_name="proposals")
    op.drop_index(op.f("ix_proposals_inbound_id"), table_name="proposals")
    op.drop_table("proposals")
    op.drop_index(op.f("ix_deputies_invitation_id"), table_name="deputies")
    op.drop_table("deputies")
    op.drop_index("uq_contributions_invitation_id_version", table_name="contributions")
    op.drop_index(op.f("ix_contributions_meeting_id"), table_name="contributions")
    op.drop_table("contributions")
    op.drop_index(op.f("ix_calls_invitation_id"), table_name="calls")
    op.drop_table("calls")
    op.drop_index(op.f("ix_attendances_meeting_id"), table_name="attendances")
    op.drop_index(op.f("ix_attendances_invitation_id"), table_name="attendances")
    op.drop_table("attendances")
    op.drop_index("ix_answers_invitation_id_at", table_name="answers")
    op.drop_index(op.f("ix_answers_inbound_id"), table_name="answers")
    op.drop_table("answers")
    op.drop_index(op.f("ix_tasks_subject_id"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_ref"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_meeting_id"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_kind"), table_name="tasks")
    op.drop_index("ix_tasks_for_team_id_done_at_due_at", table_name="tasks")
    op.drop_index("ix_tasks_for_account_id_done_at_due_at", table_name="tasks")
    op.drop_index(op.f("ix_tasks_due_at"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_child_id"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_table("reviewed_actions")
    op.drop_index("ix_records_status_due_at", table_name="records")
    op.drop_index(op.f("ix_records_is_quorate"), table_name="records")
    op.drop_table("records")
    op.drop_index("ix_invitations_meeting_id_state", table_name="invitations")
    op.drop_index(op.f("ix_invitations_agency_id"), table_name="invitations")
    op.drop_index(op.f("ix_invitations_account_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(op.f("ix_dropped_roles_meeting_id"), table_name="dropped_roles")
    op.drop_table("dropped_roles")
    op.drop_index(op.f("ix_dissents_meeting_id"), table_name="dissents")
    op.drop_table("dissents")
    op.drop_index(op.f("ix_decisions_meeting_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(op.f("ix_action_links_action_id"), table_name="action_links")
    op.drop_table("action_links")
    op.drop_index(
        "uq_meetings_judgement_live",
        table_name="meetings",
        sqlite_where=sa.text("status IN ('arranged', 'in_progress')"),
        postgresql_where=sa.text("status IN ('arranged', 'in_progress')"),
    )
    op.drop_index("ix_meetings_team_id_status_starts_at", table_name="meetings")
    op.drop_index(op.f("ix_meetings_starts_at"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_judgement_id"), table_name="meetings")
    op.drop_index("ix_meetings_convenor_id_status_starts_at", table_name="meetings")
    op.drop_index(op.f("ix_meetings_child_id"), table_name="meetings")
    op.drop_index("ix_meetings_chair_id_status_starts_at", table_name="meetings")
    op.drop_table("meetings")
    op.drop_index(op.f("ix_ladder_steps_digest_to"), table_name="ladder_steps")
    op.drop_table("ladder_steps")
    op.drop_index(
        "uq_hand_overs_one_offered",
        table_name="hand_overs",
        sqlite_where=sa.text("accepted_at IS NULL AND refused_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND refused_at IS NULL"),
    )
    op.drop_index(op.f("ix_hand_overs_action_id"), table_name="hand_overs")
    op.drop_table("hand_overs")
    op.drop_index(
        "uq_date_requests_one_waiting",
        table_name="date_requests",
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.drop_index(op.f("ix_date_requests_action_id"), table_name="date_requests")
    op.drop_table("date_requests")
    op.drop_index(op.f("ix_action_events_action_id"), table_name="action_events")
    op.drop_table("action_events")
    op.drop_index(op.f("ix_voices_plan_id"), table_name="voices")
    op.drop_table("voices")
    op.drop_index(op.f("ix_strands_plan_id"), table_name="strands")
    op.drop_table("strands")
    op.drop_index(op.f("ix_scores_involvement_id"), table_name="scores")
    op.drop_table("scores")
    op.drop_table("plan_versions")
    op.drop_index(op.f("ix_plan_entries_plan_id"), table_name="plan_entries")
    op.drop_table("plan_entries")
    op.drop_index(op.f("ix_orders_plan_id"), table_name="orders")
    op.drop_table("orders")
    op.drop_index(
        "uq_judgements_standing",
        table_name="judgements",
        sqlite_where=sa.text("status != 'superseded'"),
        postgresql_where=sa.text("status != 'superseded'"),
    )
    op.drop_index(
        "ix_judgements_open",
        table_name="judgements",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_index(op.f("ix_judgements_meeting_id"), table_name="judgements")
    op.drop_index(op.f("ix_judgements_involvement_id"), table_name="judgements")
    op.drop_index(op.f("ix_judgements_deadline_at"), table_name="judgements")
    op.drop_index("ix_judgements_child_id_status", table_name="judgements")
    op.drop_table("judgements")
    op.drop_index(op.f("ix_actions_plan_id"), table_name="actions")
    op.drop_index(op.f("ix_actions_owner_email"), table_name="actions")
    op.drop_index("ix_actions_owner_account_id_status_due_on", table_name="actions")
    op.drop_index(
        "ix_actions_open_due",
        table_name="actions",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_index(op.f("ix_actions_meeting_id"), table_name="actions")
    op.drop_index("ix_actions_child_id_status_due_on", table_name="actions")
    op.drop_index(op.f("ix_actions_agency_id"), table_name="actions")
    op.drop_table("actions")
    op.drop_index(op.f("ix_relations_meeting_id"), table_name="relations")
    op.drop_index(op.f("ix_relations_child_id"), table_name="relations")
    op.drop_index("ix_relations_account_id_child_id", table_name="relations")
    op.drop_table("relations")
    op.drop_index(
        "uq_plans_one_open_per_child",
        table_name="plans",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_index(op.f("ix_plans_lead_account_id"), table_name="plans")
    op.drop_index(op.f("ix_plans_child_id"), table_name="plans")
    op.drop_index(op.f("ix_plans_chair_account_id"), table_name="plans")
    op.drop_table("plans")
    op.drop_index("ix_name_pieces_piece_child_id", table_name="name_pieces")
    op.drop_table("name_pieces")
    op.drop_index(op.f("ix_involvements_known_at"), table_name="involvements")
    op.drop_index(op.f("ix_involvements_incident_id"), table_name="involvements")
    op.drop_index(op.f("ix_involvements_child_id"), table_name="involvements")
    op.drop_table("involvements")
    op.drop_index(op.f("ix_connections_child_id"), table_name="connections")
    op.drop_index(op.f("ix_connections_agency_id"), table_name="connections")
    op.drop_table("connections")
    op.drop_index(op.f("ix_team_members_account_id"), table_name="team_members")
    op.drop_table("team_members")
    op.drop_index(op.f("ix_sign_in_sessions_account_id"), table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.drop_index(op.f("ix_professionals_role"), table_name="professionals")
    op.drop_index(op.f("ix_professionals_agency_id"), table_name="professionals")
    op.drop_index(op.f("ix_professionals_account_id"), table_name="professionals")
    op.drop_table("professionals")
    op.drop_index(op.f("ix_incidents_team_id"), table_name="incidents")
    op.drop_index(op.f("ix_incidents_recorded_by_id"), table_name="incidents")
    op.drop_index(op.f("ix_incidents_recorded_at"), table_name="incidents")
    op.drop_table("incidents")
    op.drop_table("imports")
    op.drop_index(op.f("ix_children_team_id"), table_name="children")
    op.drop_index(op.f("ix_children_search_key"), table_name="children")
    op.drop_index(op.f("ix_children_born_on"), table_name="children")
    op.drop_index(op.f("ix_children_allocated_to_id"), table_name="children")
    op.drop_table("children")
    op.drop_index(op.f("ix_api_tokens_account_id"), table_name="api_tokens")
    op.drop_table("api_tokens")
    op.drop_index(op.f("ix_account_roles_account_id"), table_name="account_roles")
    op.drop_table("account_roles")
    op.drop_index(op.f("ix_teams_agency_id"), table_name="teams")
    op.drop_table("teams")
    op.drop_index(op.f("ix_role_mailboxes_role"), table_name="role_mailboxes")
    op.drop_index(op.f("ix_role_mailboxes_agency_id"), table_name="role_mailboxes")
    op.drop_table("role_mailboxes")
    op.drop_table("register_entries")
    op.drop_index(
        "uq_pack_drafts_one_open",
        table_name="pack_drafts",
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.drop_index(op.f("ix_pack_drafts_version_id"), table_name="pack_drafts")
    op.drop_index(op.f("ix_pack_drafts_based_on_id"), table_name="pack_drafts")
    op.drop_table("pack_drafts")
    op.drop_index(op.f("ix_closures_agency_id"), table_name="closures")
    op.drop_table("closures")
    op.drop_index(op.f("ix_accounts_agency_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_index(op.f("ix_sign_in_attempts_key_hash"), table_name="sign_in_attempts")
    op.drop_index(op.f("ix_sign_in_attempts_at"), table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_table("secure_domains")
    op.drop_table("pack_versions")
    op.drop_index(op.f("ix_outbox_messages_token"), table_name="outbox_messages")
    op.drop_index("ix_outbox_messages_subject_id_created_at", table_name="outbox_messages")
    op.drop_index("ix_outbox_messages_state_settled_at", table_name="outbox_messages")
    op.drop_index(
        "ix_outbox_messages_due",
        table_name="outbox_messages",
        postgresql_where=sa.text("state IN ('queued', 'claimed')"),
        sqlite_where=sa.text("state IN ('queued', 'claimed')"),
    )
    op.drop_table("outbox_messages")
    op.drop_table("marks")
    op.drop_table("mailbox_cursors")
    op.drop_table("link_passes")
    op.drop_index(op.f("ix_link_codes_link_id"), table_name="link_codes")
    op.drop_table("link_codes")
    op.drop_table("kept_answers")
    op.drop_table("job_claims")
    op.drop_index(op.f("ix_inbound_messages_token"), table_name="inbound_messages")
    op.drop_index("ix_inbound_messages_outcome_received_at", table_name="inbound_messages")
    op.drop_table("inbound_messages")
    op.drop_table("heartbeats")
    op.drop_table("drafts")
    op.drop_table("audit_seals")
    op.drop_index(op.f("ix_audit_entries_child_id"), table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index(op.f("ix_agencies_register_code"), table_name="agencies")
    op.drop_index(op.f("ix_agencies_name"), table_name="agencies")
    op.drop_index(op.f("ix_agencies_kind"), table_name="agencies")
    op.drop_table("agencies")
