"""The bare pair of views: the SQL of an answer step by raw psycopg, and a constant page."""

import json
import os
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import Any

from psycopg_pool import ConnectionPool

_steps = json.loads((Path(os.environ["BENCH_FOLDER"]) / "bare.json").read_text())
_page = _steps[0]["page"].encode()
_number = count()
_pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=1, max_size=4, open=True)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    step = _steps[next(_number) % len(_steps)]
    posted = environ["REQUEST_METHOD"] == "POST"
    with _pool.connection() as connection:
        for statement in step["post" if posted else "get"]:
            connection.execute(statement)
    if posted:
        start_response("302 Found", [("Location", environ["PATH_INFO"])])
        return [b""]
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [_page]
