"""Rules of the JSON that a ledger may hold: no floats or repeated keys, bounded integers and depth, one spelling."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from refused import Refused, require

MAX_DEPTH = 16
MAX_INTEGER = 1 << 53
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")


class _Bad(ValueError):
    pass


def _no_float(text: str) -> Any:
    raise _Bad(f"has the number {text[:40]}, which is not an integer")


def _integer(text: str) -> int:
    value = int(text) if len(text) <= 17 else MAX_INTEGER + 1
    if abs(value) > MAX_INTEGER:
        raise _Bad(f"has the integer {text[:40]}, which is out of range")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise _Bad("repeats a key")
    return keys


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def strict_json(text: bytes, where: str, check: str) -> Any:
    """Parses JSON text; the depth counts nested objects and arrays, the outermost being 1."""
    try:
        value = json.loads(
            text.decode(),
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_integer,
            object_pairs_hook=_object,
        )
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate has no UTF-8
        deep = _depth(value) > MAX_DEPTH
    except UnicodeError:
        raise Refused(where, check, "is not UTF-8 text") from None
    except _Bad as error:
        raise Refused(where, check, str(error)) from None
    except RecursionError:
        deep = True
    except ValueError as error:
        raise Refused(where, check, f"is not JSON ({error})") from None
    require(not deep, where, check, f"is nested more than {MAX_DEPTH} deep")
    return value


def canonical_json(text: bytes, where: str, check: str) -> Any:
    """Parses JSON that must be canonical: keys in order of their UTF-8 bytes, no spaces, shortest escapes."""
    value = strict_json(text, where, check)
    again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    require(again.encode() == text, where, check, "is not canonical JSON")
    return value


def base64url(text: str, where: str, check: str) -> bytes:
    """RFC 4648 §5 without padding, only in the one spelling an encoder gives."""
    require(isinstance(text, str) and _BASE64URL.match(text) and len(text) % 4 != 1, where, check, "is not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    require(to_base64url(data) == text, where, check, "is not canonical base64url")
    return data


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
