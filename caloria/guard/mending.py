"""The lines that mend more than one state."""

from typing import Any

from sqlalchemy import URL

from config import Config
from settings.shell import address, name_of


def point(config: Config, url: URL, **parts: Any) -> str:
    """Write this address anew, with some of its parts replaced, where it stands."""
    name = "DATABASE_URL" if url == config.database_url else "MIGRATION_DATABASE_URL"
    return config.correct(name, address(url, **parts))


def another(config: Config, url: URL) -> str:
    """Name another database in this one's place."""
    return point(config, url, database="NAME")


def adopt(config: Config, how: str = "") -> str:
    """Accept the database on purpose."""
    url = config.migration_database_url
    name = name_of(url) if url else "NAME"
    return f"flask database adopt {how}--name {name}"


def is_unsaid(config: Config) -> bool:
    """Whether nobody said which environment this is, so that production's rules hold."""
    return not {"CALORIA_ENV", "FLASK_ENV"} & config.sources.keys()
