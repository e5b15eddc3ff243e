"""Moves a playthrough from one version of its story to another, by ids and never by positions."""

from xrdrama.story.migration.between import Between
from xrdrama.story.migration.migrate import Migrated, Report, migrate
from xrdrama.story.migration.renaming import renamed_beats

__all__ = ["Between", "Migrated", "Report", "migrate", "renamed_beats"]
