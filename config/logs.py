"""What the logs may say: everything but the tokens of links."""

import logging
import re

TOKEN = re.compile(r"(?<=/s/)[\w~.%-]+")


class WithoutTokens(logging.Formatter):
    """Hide the token of every link, wherever in a line or traceback it stands."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("[link]", super().format(record))
