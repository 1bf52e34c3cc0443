"""Table of imports: each with its rows as they were read, what they changed, and how it was before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Word
from backend.database import Base, Json, UtcDateTime, words


class ImportState(Word):
    """Where an import stands."""

    PREVIEW = ("preview", "等确认")
    APPLIED = ("applied", "已导入")
    UNDONE = ("undone", "已撤销")


class SurveyImport(Base):
    """One spreadsheet; ``village_id`` is that for which who brought it works, None the town.

    ``rows`` is a list of ``{"line", "does", "name", "elder_id", "village_id", "fields", "before", "tags",
    "contact", "problems", "note"}``.
    """

    __tablename__ = "survey_imports"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(120))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"))
    state: Mapped[ImportState] = mapped_column(words(ImportState))
    brought_by: Mapped[str] = mapped_column(String(100))
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json)
