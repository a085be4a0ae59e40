"""The one way in which a check says no."""

from __future__ import annotations


class Refused(Exception):
    """Something is not as the public specifications say: where it was found, which check found it, and why."""

    def __init__(self, where: str, check: str, why: str):
        super().__init__(f"{where}: {check}: {why}")
        self.where, self.check, self.why = where, check, why


def require(condition: object, where: str, check: str, why: str) -> None:
    if not condition:
        raise Refused(where, check, why)
