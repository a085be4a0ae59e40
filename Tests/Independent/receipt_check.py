#!/usr/bin/env python3
"""Checks one receipt (a C2SP `.tlog-proof`) against a C2SP tlog-policy: usage: receipt_check.py RECEIPT --policy FILE

Stands alone: it needs only this file and the `cryptography` package. Prints the leaf that the receipt proves.
"""

import base64
import sys
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def need(condition, why):
    if not condition:
        raise ValueError(why)


def read_policy(text):
    """{(key name, key id): (policy name or None for a log, public key)}, {group: (threshold, members)}, quorum"""
    keys, groups, quorum = {}, {}, None
    for words in (line.split() for line in text.split("\n") if line.strip() and not line.strip().startswith("#")):
        if words[0] in ("log", "witness"):
            vkey = words[1] if words[0] == "log" else words[2]
            name, id, key = (part.encode() for part in vkey.split("+", 2))
            key = base64.b64decode(key, validate=True)
            need(len(key) == 33 and key[0] == {"log": 1, "witness": 4}[words[0]], "not an Ed25519 key for its use")
            need(id.decode() == sha256(name + b"\n" + key).hexdigest()[:8], "a key id does not belong to its key")
            keys[name, bytes.fromhex(id.decode())] = (words[1] if words[0] == "witness" else None, key[1:])
        elif words[0] == "group":
            groups[words[1]] = ({"any": 1, "all": len(words) - 3}.get(words[2]) or int(words[2]), set(words[3:]))
        else:
            need(words[0] == "quorum" and quorum is None, f"unknown or second line: {words[0]}")
            quorum = words[1]
    need(quorum, "no quorum line")
    return keys, groups, quorum


def check_note(note, policy):
    """The origin, size and root of a checkpoint that a log of the policy signed and its quorum cosigned."""
    keys, groups, quorum = policy
    text, signatures = note[: note.rindex(b"\n\n") + 1], note[note.rindex(b"\n\n") + 2 :]
    origin, size, root = text.split(b"\n")[:3]
    signed, cosigned = False, {"none"}
    for line in signatures.splitlines():
        dash, name, value = line.split(b" ")
        value = base64.b64decode(value, validate=True)
        if (name, value[:4]) in keys:
            witness, public = keys[name, value[:4]]
            message, signature = text, value[4:]
            if witness:
                message = b"cosignature/v1\ntime %d\n" % int.from_bytes(value[4:12], "big") + text
                signature = value[12:]
                cosigned.add(witness)
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
            signed = signed or (witness is None and name == origin)
    for group, (threshold, members) in groups.items():  # a group names only what stands above it
        if sum(member in cosigned for member in members) >= threshold:
            cosigned.add(group)
    need(signed, "no log of the policy signed")
    need(quorum in cosigned, "the policy's quorum did not cosign")
    return origin.decode(), int(size), base64.b64decode(root, validate=True)


def check_receipt(receipt, policy_text):
    """The leaf, its index, and the checkpoint's origin and size; raises when anything does not hold."""
    header, _, note = receipt.partition(b"\n\n")
    magic, extra, index, *path = header.decode("ascii").split("\n")
    need(magic == "c2sp.org/tlog-proof@v1" and extra.startswith("extra ") and index.startswith("index "), "bad form")
    leaf, number = base64.b64decode(extra[6:], validate=True), int(index[6:])
    origin, size, root = check_note(note, read_policy(policy_text))
    # RFC 9162 section 2.1.3.2
    fn, sn, r = number, size - 1, sha256(b"\x00" + leaf).digest()
    need(0 <= fn <= sn, "index is outside the tree")
    for p in (base64.b64decode(line, validate=True) for line in path):
        need(sn > 0 and len(p) == 32, "the path is too long")
        if fn % 2 == 1 or fn == sn:
            r = sha256(b"\x01" + p + r).digest()
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\x01" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and r == root, "the path does not lead to the checkpoint's root")
    return leaf, number, origin, size


def main(arguments):
    if len(arguments) != 3 or arguments[1] != "--policy":
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[0], "rb") as receipt, open(arguments[2], encoding="utf-8") as policy:
        try:
            leaf, index, origin, size = check_receipt(receipt.read(), policy.read())
        except (ValueError, LookupError, InvalidSignature) as error:
            print(f"refused: {error or 'a signature does not verify'}", file=sys.stderr)
            return 1
    print(f"leaf {index} of {size} in {origin}:\n{leaf.decode()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
