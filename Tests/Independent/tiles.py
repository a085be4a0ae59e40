"""C2SP tlog-tiles read from a folder: entry bundles, Merkle tiles, and tree hashes made from tiles alone."""

from __future__ import annotations

import re
from pathlib import Path

from merkle import leaf_hash, node_hash, split_point, tree_hash
from refused import Refused, require

WIDTH = 256
MAX_LEAF = 0xFFFF
_PATH = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z")


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """`tile/<L>/<N>[.p/<W>]`; `level` is a number or "entries"."""
    groups = []
    rest = index
    while True:
        groups.insert(0, f"{rest % 1000:03d}")
        rest //= 1000
        if rest == 0:
            break
    path = "/".join(["x" + group for group in groups[:-1]] + [groups[-1]])
    return f"tile/{level}/{path}" + ("" if width == WIDTH else f".p/{width}")


def required(level: int | str, size: int) -> list[tuple[int, int]]:
    """(index, width) of every tile that a log of `size` leaves has at a level."""
    count = size if level == "entries" else size >> (8 * int(level))
    tiles = [(index, WIDTH) for index in range(count // WIDTH)]
    return tiles + [(count // WIDTH, count % WIDTH)] if count % WIDTH else tiles


def levels(size: int) -> range:
    return range((max(size, 1).bit_length() - 1) // 8 + 1)


def read_file(folder: Path, path: str, check: str) -> bytes:
    file = folder / path
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(path, check, f"cannot be read ({error.strerror})") from None


def parse_bundle(data: bytes, count: int, path: str) -> list[bytes]:
    """The entries of one bundle: each a big-endian 16-bit length and that many bytes."""
    entries, at = [], 0
    while at < len(data):
        require(len(entries) < count, path, "bundle", f"holds more than {count} entries")
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        require(at + 2 <= len(data) and end <= len(data), path, "bundle", f"entry {len(entries)} is cut off")
        entries.append(data[at + 2 : end])
        at = end
    require(len(entries) == count, path, "bundle", f"holds {len(entries)} entries, not {count}")
    return entries


def read_leaves(folder: Path, size: int) -> list[bytes]:
    leaves: list[bytes] = []
    for index, width in required("entries", size):
        path = tile_path("entries", index, width)
        leaves += parse_bundle(read_file(folder, path, "bundle"), width, path)
    return leaves


def check_files(folder: Path, leaves: list[bytes]) -> int:
    """Compares every tile file with what the leaves give, byte for byte; the number of tile files compared.

    Partial tiles of earlier sizes may still lie there (tlog-tiles allows it); they must be prefixes of today's.
    """
    size = len(leaves)
    rows = [[leaf_hash(leaf) for leaf in leaves]]
    for level in levels(size)[1:]:
        below = rows[level - 1]
        rows.append([tree_hash(below, at, at + WIDTH) for at in range(0, len(below) - WIDTH + 1, WIDTH)])
    for level in levels(size):
        for index, width in required(level, size):
            _compare(folder, tile_path(level, index, width), rows[level], index, width)
    files = sorted(path.relative_to(folder).as_posix() for path in (folder / "tile").rglob("*") if path.is_file())
    for path in files:
        match = _PATH.match(path)
        require(match, path, "tile", "is not a tlog-tiles path")
        level, name, partial = match.groups()
        index, width = int(name.replace("x", "").replace("/", "")), int(partial or WIDTH)
        of = "entries" if level == "entries" else int(level)
        require(width <= WIDTH and tile_path(of, index, width) == path, path, "tile", "is not a tlog-tiles path")
        if of == "entries":
            wanted = leaves[index * WIDTH : index * WIDTH + width]
            require(len(wanted) == width, path, "bundle", "is not a bundle of a log of this size")
            found = parse_bundle(read_file(folder, path, "bundle"), width, path)
            require(found == wanted, path, "bundle", "differs from the current bundle")
        else:
            require(of < len(rows), path, "tile", "is not a tile of a log of this size")
            _compare(folder, path, rows[of], index, width)
    return len(files)


def _compare(folder: Path, path: str, row: list[bytes], index: int, width: int) -> None:
    wanted = row[index * WIDTH : index * WIDTH + width]
    require(len(wanted) == width, path, "tile", "is not a tile of a log of this size")
    data = read_file(folder, path, "tile")
    require(len(data) == 32 * width, path, "tile", f"is {len(data)} bytes long, not {32 * width}")
    for i, hash in enumerate(wanted):
        where = f"leaf {index * WIDTH + i}" if path.startswith("tile/0/") else path
        require(data[32 * i : 32 * i + 32] == hash, where, "tile", f"hash {i} of {path} is not that of the leaves")


class TileTree:
    """Tree hashes of any range RFC 6962 proofs ask for, from the tile files alone (no leaf is read)."""

    def __init__(self, folder: Path, size: int):
        self.folder, self.size = folder, size
        self.rows = [
            b"".join(
                read_file(folder, tile_path(level, index, width), "tile") for index, width in required(level, size)
            )
            for level in levels(size)
        ]
        self.known: dict[tuple[int, int], bytes] = {}

    def range_hash(self, lo: int, hi: int) -> bytes:
        count = hi - lo
        if count & (count - 1) == 0:
            # A complete subtree: one hash of a tile when its height is a multiple of 8, else made from such hashes.
            level, rest = divmod(count.bit_length() - 1, 8)
            if rest == 0:
                at = 32 * (lo >> (8 * level))
                return self.rows[level][at : at + 32]
        cached = self.known.get((lo, hi))
        if cached is None:
            middle = lo + split_point(count)
            cached = node_hash(self.range_hash(lo, middle), self.range_hash(middle, hi))
            self.known[lo, hi] = cached
        return cached
