"""The first tables."""
# ruff: noqa: E501 - conditions are written as the database keeps them

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backend.audit import triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entries_hash")),
        sa.UniqueConstraint("prev_hash", name=op.f("uq_audit_entries_prev_hash")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_target"), ["target"], unique=False)

    op.create_table(
        "dishes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("aliases", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("traits", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dishes")),
        sa.UniqueConstraint("name", name=op.f("uq_dishes_name")),
    )
    op.create_table(
        "effects",
        sa.Column("turn_key", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("target_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("turn_key", name=op.f("pk_effects")),
    )
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_effects_target_id"), ["target_id"], unique=False)

    op.create_table(
        "town",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_town_one_town")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_town")),
    )
    op.create_table(
        "turns",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=159), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "processing",
                "done",
                "failed",
                name="turnstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner", sa.String(length=100), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.Column("result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("finding", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("channel NOT LIKE '%:%'", name=op.f("ck_turns_channel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint("channel", "message_id", name=op.f("uq_turns_channel_message_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_turns_elder_id_id"), ["elder_id", "id"], unique=False)
        batch_op.create_index(
            "ix_turns_waiting",
            ["elder_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'received'"),
            postgresql_where=sa.text("state = 'received'"),
        )
        batch_op.create_index(
            "uq_turns_in_hand",
            ["elder_id"],
            unique=True,
            sqlite_where=sa.text("state = 'processing'"),
            postgresql_where=sa.text("state = 'processing'"),
        )

    op.create_table(
        "villages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("aliases", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_villages")),
        sa.UniqueConstraint("name", name=op.f("uq_villages_name")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "canteens",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("aliases", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("village_id", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_canteens_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canteens")),
        sa.UniqueConstraint("name", name=op.f("uq_canteens_name")),
    )
    with op.batch_alter_table("canteens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_canteens_village_id"), ["village_id"], unique=False)

    op.create_table(
        "carers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("aliases", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("village_id", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_carers_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carers")),
    )
    with op.batch_alter_table("carers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carers_village_id"), ["village_id"], unique=False)

    op.create_table(
        "elders",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("called", sa.String(length=100), nullable=False),
        sa.Column(
            "gender",
            sa.Enum("female", "male", name="gender", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("village_id", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column(
            "living",
            sa.Enum(
                "alone",
                "with_spouse",
                "with_children",
                "with_carer",
                "institution",
                name="living",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "hearing",
            sa.Enum(
                "good",
                "weak",
                "aided",
                "deaf",
                name="hearing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("conditions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("diet", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("preferences", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_elders_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elders")),
    )
    with op.batch_alter_table("elders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_elders_village_id"), ["village_id"], unique=False)

    op.create_table(
        "facilities",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("aliases", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("village_id", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_facilities_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilities")),
        sa.UniqueConstraint("name", name=op.f("uq_facilities_name")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "elder",
                "family",
                "caregiver",
                "coordinator",
                "town_admin",
                "provider",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("village_id", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_staff_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_village_id"), ["village_id"], unique=False)

    op.create_table(
        "alarms",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("turn_key", sa.String(length=200), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("known_elder_id", sa.String(length=64), nullable=True),
        sa.Column(
            "category",
            sa.Enum(
                "fall",
                "chest_pain",
                "breathing",
                "stroke",
                "bleeding",
                "unconscious",
                "fire_gas",
                "self_harm",
                "lost",
                "scam",
                "help",
                name="emergency",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "raised",
                "acknowledged",
                "closed",
                "cancelled",
                name="alarmstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["known_elder_id"], ["elders.id"], name=op.f("fk_alarms_known_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("turn_key", name=op.f("uq_alarms_turn_key")),
    )
    with op.batch_alter_table("alarms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alarms_elder_id_raised_at"), ["elder_id", "raised_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_alarms_known_elder_id"), ["known_elder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alarms_state_raised_at"), ["state", "raised_at"], unique=False)

    op.create_table(
        "canteen_villages",
        sa.Column("canteen_id", sa.String(length=64), nullable=False),
        sa.Column("village_id", sa.String(length=64), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["canteen_id"], ["canteens.id"], name=op.f("fk_canteen_villages_canteen_id")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_canteen_villages_village_id")),
        sa.PrimaryKeyConstraint("canteen_id", "village_id", name=op.f("pk_canteen_villages")),
    )
    with op.batch_alter_table("canteen_villages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_canteen_villages_village_id"), ["village_id"], unique=False)

    op.create_table(
        "carer_shifts",
        sa.Column("carer_id", sa.String(length=64), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts >= 0 AND starts < ends AND ends <= 1440", name=op.f("ck_carer_shifts_order")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_carer_shifts_weekday")),
        sa.ForeignKeyConstraint(["carer_id"], ["carers.id"], name=op.f("fk_carer_shifts_carer_id")),
        sa.PrimaryKeyConstraint("carer_id", "weekday", "starts", name=op.f("pk_carer_shifts")),
    )
    op.create_table(
        "carer_skills",
        sa.Column("carer_id", sa.String(length=64), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "skill IN ('bathing', 'cleaning', 'laundry', 'cooking', 'haircut', 'nail_care', 'nursing', 'rehabilitation', 'accompaniment', 'errand', 'repair', 'medication_pickup', 'visit', 'call')",
            name=op.f("ck_carer_skills_skill"),
        ),
        sa.ForeignKeyConstraint(["carer_id"], ["carers.id"], name=op.f("fk_carer_skills_carer_id")),
        sa.PrimaryKeyConstraint("carer_id", "skill", name=op.f("pk_carer_skills")),
    )
    with op.batch_alter_table("carer_skills", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carer_skills_skill"), ["skill"], unique=False)

    op.create_table(
        "checkins",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "voice",
                "text",
                "visit",
                "device",
                name="checkinchannel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "well",
                "needs_attention",
                "no_answer",
                "emergency",
                name="checkinoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("mood", sa.String(length=100), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "elder",
                "family",
                "caregiver",
                "coordinator",
                "town_admin",
                "provider",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("turn_key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("followed_up_by", sa.String(length=100), nullable=True),
        sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_checkins_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
    )
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkins_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkins_elder_id_at"), ["elder_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkins_outcome_at"), ["outcome", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkins_turn_key"), ["turn_key"], unique=False)

    op.create_table(
        "doctors",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("aliases", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column(
            "department",
            sa.Enum(
                "general_practice",
                "cardiology",
                "respiratory",
                "gastroenterology",
                "endocrinology",
                "neurology",
                "orthopedics",
                "ophthalmology",
                "dentistry",
                "ent",
                "urology",
                "dermatology",
                "tcm",
                "rehabilitation_medicine",
                "geriatrics",
                "general_surgery",
                name="department",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("facility_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facilities.id"], name=op.f("fk_doctors_facility_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doctors")),
    )
    with op.batch_alter_table("doctors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_doctors_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "elder_contacts",
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_elder_contacts_elder_id")),
        sa.PrimaryKeyConstraint("elder_id", "position", name=op.f("pk_elder_contacts")),
    )
    op.create_table(
        "elder_tags",
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_elder_tags_elder_id")),
        sa.PrimaryKeyConstraint("elder_id", "tag", name=op.f("pk_elder_tags")),
    )
    with op.batch_alter_table("elder_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_elder_tags_tag_elder_id"), ["tag", "elder_id"], unique=False)

    op.create_table(
        "handovers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "done", name="handoverstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("turn_key", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=100), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_handovers_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_handovers_elder_id_asked_at"), ["elder_id", "asked_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_handovers_state_asked_at"), ["state", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_handovers_turn_key"), ["turn_key"], unique=False)

    op.create_table(
        "menus",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("canteen_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "meal",
            sa.Enum(
                "breakfast",
                "lunch",
                "dinner",
                name="meal",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("capacity_left", sa.Integer(), nullable=False),
        sa.Column("set_price_fen", sa.Integer(), nullable=False),
        sa.Column("set_portions", sa.Integer(), nullable=False),
        sa.Column("set_left", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capacity_left >= 0 AND capacity_left <= capacity", name=op.f("ck_menus_capacity")
        ),
        sa.CheckConstraint("set_left >= 0 AND set_left <= set_portions", name=op.f("ck_menus_set_portions")),
        sa.ForeignKeyConstraint(["canteen_id"], ["canteens.id"], name=op.f("fk_menus_canteen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menus")),
        sa.UniqueConstraint("canteen_id", "day", "meal", name=op.f("uq_menus_canteen_id_day_meal")),
    )
    with op.batch_alter_table("menus", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_menus_day_meal"), ["day", "meal"], unique=False)

    op.create_table(
        "readings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "blood_pressure",
                "blood_sugar",
                "temperature",
                "pulse",
                "weight",
                "oxygen",
                name="readingkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("value2", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("turn_key", sa.String(length=200), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_readings_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_readings_elder_id_kind_measured_at"),
            ["elder_id", "kind", "measured_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_readings_turn_key"), ["turn_key"], unique=False)

    op.create_table(
        "reminders",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeat", sa.String(length=400), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "done",
                "cancelled",
                name="reminderstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("turn_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_reminders_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_elder_id_state"), ["elder_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminders_state_start"), ["state", "start"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminders_turn_key"), ["turn_key"], unique=False)

    op.create_table(
        "requests",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "meal",
                "home_care",
                "medical_appointment",
                "companionship",
                name="servicekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "accepted",
                "assigned",
                "in_progress",
                "completed",
                "cancelled",
                "rejected",
                "missed",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("asked", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("carer_id", sa.String(length=64), nullable=True),
        sa.Column("turn_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"end" >= start', name=op.f("ck_requests_order")),
        sa.ForeignKeyConstraint(["carer_id"], ["carers.id"], name=op.f("fk_requests_carer_id")),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_requests_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("turn_key", name=op.f("uq_requests_turn_key")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_carer_id_start"), ["carer_id", "start"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_elder_id_start"), ["elder_id", "start"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_state_start"), ["state", "start"], unique=False)

    op.create_table(
        "alarm_events",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("alarm_id", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "raised",
                "acknowledged",
                "closed",
                "cancelled",
                name="alarmstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "elder",
                "family",
                "caregiver",
                "coordinator",
                "town_admin",
                "provider",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarms.id"], name=op.f("fk_alarm_events_alarm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_events")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alarm_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_events_alarm_id_id"), ["alarm_id", "id"], unique=False)

    op.create_table(
        "appointment_slots",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("doctor_id", sa.String(length=64), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"end" > start', name=op.f("ck_appointment_slots_order")),
        sa.ForeignKeyConstraint(["doctor_id"], ["doctors.id"], name=op.f("fk_appointment_slots_doctor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_slots")),
        sa.UniqueConstraint("doctor_id", "start", name=op.f("uq_appointment_slots_doctor_id_start")),
    )
    with op.batch_alter_table("appointment_slots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_slots_start"), ["start"], unique=False)

    op.create_table(
        "carer_cells",
        sa.Column("carer_id", sa.String(length=64), nullable=False),
        sa.Column("cell", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["carer_id"], ["carers.id"], name=op.f("fk_carer_cells_carer_id")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_carer_cells_request_id")),
        sa.PrimaryKeyConstraint("carer_id", "cell", name=op.f("pk_carer_cells")),
    )
    with op.batch_alter_table("carer_cells", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carer_cells_request_id"), ["request_id"], unique=False)

    op.create_table(
        "meal_holds",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("menu_id", sa.String(length=64), nullable=False),
        sa.Column("meals", sa.Integer(), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["menu_id"], ["menus.id"], name=op.f("fk_meal_holds_menu_id")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_meal_holds_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_meal_holds")),
    )
    with op.batch_alter_table("meal_holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meal_holds_menu_id"), ["menu_id"], unique=False)

    op.create_table(
        "menu_items",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("menu_id", sa.String(length=64), nullable=False),
        sa.Column("dish_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("portions", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("in_set", sa.Boolean(), nullable=False),
        sa.CheckConstraint('"left" >= 0 AND "left" <= portions', name=op.f("ck_menu_items_portions")),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_menu_items_dish_id")),
        sa.ForeignKeyConstraint(["menu_id"], ["menus.id"], name=op.f("fk_menu_items_menu_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_items")),
        sa.UniqueConstraint("menu_id", "dish_id", name=op.f("uq_menu_items_menu_id_dish_id")),
    )
    with op.batch_alter_table("menu_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_menu_items_dish_id"), ["dish_id"], unique=False)

    op.create_table(
        "request_history",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "accepted",
                "assigned",
                "in_progress",
                "completed",
                "cancelled",
                "rejected",
                "missed",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "event",
            sa.Enum(
                "accept",
                "assign",
                "start",
                "complete",
                "cancel",
                "reject",
                "miss",
                "redispatch",
                name="requestevent",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "elder",
                "family",
                "caregiver",
                "coordinator",
                "town_admin",
                "provider",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("turn_key", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_request_history_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_history")),
    )
    with op.batch_alter_table("request_history", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_request_history_request_id_id"), ["request_id", "id"], unique=False
        )

    op.create_table(
        "dish_holds",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("menu_item_id", sa.String(length=64), nullable=False),
        sa.Column("portions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["menu_item_id"], ["menu_items.id"], name=op.f("fk_dish_holds_menu_item_id")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_dish_holds_request_id")),
        sa.PrimaryKeyConstraint("request_id", "menu_item_id", name=op.f("pk_dish_holds")),
    )
    with op.batch_alter_table("dish_holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dish_holds_menu_item_id"), ["menu_item_id"], unique=False)

    op.create_table(
        "slot_holds",
        sa.Column("slot_id", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_slot_holds_request_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["appointment_slots.id"], name=op.f("fk_slot_holds_slot_id")),
        sa.PrimaryKeyConstraint("slot_id", name=op.f("pk_slot_holds")),
        sa.UniqueConstraint("request_id", name=op.f("uq_slot_holds_request_id")),
    )

    triggers.install(op.get_bind())


def downgrade() -> None:
    """Go one revision down."""
    triggers.remove(op.get_bind())
    op.drop_table("slot_holds")
    with op.batch_alter_table("dish_holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dish_holds_menu_item_id"))

    op.drop_table("dish_holds")
    with op.batch_alter_table("request_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_history_request_id_id"))

    op.drop_table("request_history")
    with op.batch_alter_table("menu_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_menu_items_dish_id"))

    op.drop_table("menu_items")
    with op.batch_alter_table("meal_holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meal_holds_menu_id"))

    op.drop_table("meal_holds")
    with op.batch_alter_table("carer_cells", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carer_cells_request_id"))

    op.drop_table("carer_cells")
    with op.batch_alter_table("appointment_slots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_slots_start"))

    op.drop_table("appointment_slots")
    with op.batch_alter_table("alarm_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarm_events_alarm_id_id"))

    op.drop_table("alarm_events")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_state_start"))
        batch_op.drop_index(batch_op.f("ix_requests_elder_id_start"))
        batch_op.drop_index(batch_op.f("ix_requests_carer_id_start"))

    op.drop_table("requests")
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminders_turn_key"))
        batch_op.drop_index(batch_op.f("ix_reminders_state_start"))
        batch_op.drop_index(batch_op.f("ix_reminders_elder_id_state"))

    op.drop_table("reminders")
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_readings_turn_key"))
        batch_op.drop_index(batch_op.f("ix_readings_elder_id_kind_measured_at"))

    op.drop_table("readings")
    with op.batch_alter_table("menus", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_menus_day_meal"))

    op.drop_table("menus")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handovers_turn_key"))
        batch_op.drop_index(batch_op.f("ix_handovers_state_asked_at"))
        batch_op.drop_index(batch_op.f("ix_handovers_elder_id_asked_at"))

    op.drop_table("handovers")
    with op.batch_alter_table("elder_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_elder_tags_tag_elder_id"))

    op.drop_table("elder_tags")
    op.drop_table("elder_contacts")
    with op.batch_alter_table("doctors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_doctors_facility_id"))

    op.drop_table("doctors")
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkins_turn_key"))
        batch_op.drop_index(batch_op.f("ix_checkins_outcome_at"))
        batch_op.drop_index(batch_op.f("ix_checkins_elder_id_at"))
        batch_op.drop_index(batch_op.f("ix_checkins_at"))

    op.drop_table("checkins")
    with op.batch_alter_table("carer_skills", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carer_skills_skill"))

    op.drop_table("carer_skills")
    op.drop_table("carer_shifts")
    with op.batch_alter_table("canteen_villages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_canteen_villages_village_id"))

    op.drop_table("canteen_villages")
    with op.batch_alter_table("alarms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarms_state_raised_at"))
        batch_op.drop_index(batch_op.f("ix_alarms_known_elder_id"))
        batch_op.drop_index(batch_op.f("ix_alarms_elder_id_raised_at"))

    op.drop_table("alarms")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_village_id"))

    op.drop_table("staff")
    op.drop_table("facilities")
    with op.batch_alter_table("elders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_elders_village_id"))

    op.drop_table("elders")
    with op.batch_alter_table("carers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carers_village_id"))

    op.drop_table("carers")
    with op.batch_alter_table("canteens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_canteens_village_id"))

    op.drop_table("canteens")
    op.drop_table("audit_head")
    op.drop_table("villages")
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_turns_in_hand",
            sqlite_where=sa.text("state = 'processing'"),
            postgresql_where=sa.text("state = 'processing'"),
        )
        batch_op.drop_index(
            "ix_turns_waiting",
            sqlite_where=sa.text("state = 'received'"),
            postgresql_where=sa.text("state = 'received'"),
        )
        batch_op.drop_index(batch_op.f("ix_turns_elder_id_id"))

    op.drop_table("turns")
    op.drop_table("town")
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_effects_target_id"))

    op.drop_table("effects")
    op.drop_table("dishes")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_target"))

    op.drop_table("audit_entries")
