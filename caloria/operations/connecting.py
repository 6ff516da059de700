from typing import Any

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.pool import NullPool

from config import Config
from settings.database import connect_args


def engine_at(config: Config, url: URL, **options: Any) -> Engine:
    """What connects to one database for one act; its errors repeat nothing of what people wrote."""
    arguments = connect_args(config, url)
    return create_engine(url, poolclass=NullPool, connect_args=arguments, hide_parameters=True, **options)
