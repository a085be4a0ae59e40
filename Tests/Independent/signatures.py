"""Signatures of transactions, checked as DSSE envelopes by securesystemslib, or as WebAuthn assertions."""

from __future__ import annotations

import base64
import json
from collections import Counter
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from leaves import PAYLOAD_TYPE, Signature, Transaction, pae
from payload import base64url, to_base64url
from refused import Refused, require

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
KEY_OPENED, KEY_CLOSED = "ledger.keyOpened", "ledger.keyClosed"
USER_PRESENT, USER_VERIFIED = 0x01, 0x04

PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
Keys = dict[str, PublicKey]


def spki_of(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


class KeyRing:
    """The keys that events have opened so far. Who may open a key is the contracts' rule and not checked here."""

    def __init__(self) -> None:
        self.keys: Keys = {}
        self.closed: set[str] = set()
        self.unusable: set[str] = set()
        self.verified: Counter[str] = Counter()

    def open_keys(self, events: list[dict[str, Any]], where: str) -> None:
        for event in events:
            if event["event"] == KEY_OPENED:
                self._open(event, where)

    def close_keys(self, events: list[dict[str, Any]]) -> None:
        self.closed |= {str(event.get("keyid")) for event in events if event["event"] == KEY_CLOSED}

    def _open(self, event: dict[str, Any], where: str) -> None:
        spki, keyid = base64url(event.get("publicKey"), where, "key"), event.get("keyid")
        require(to_base64url(sha256(spki).digest()) == keyid, where, "key", "keyid is not the digest of the key")
        try:
            public = load_der_public_key(spki)
        except (ValueError, UnsupportedAlgorithm):
            self.unusable.add(str(keyid))  # such as a point off the curve: nothing can ever be signed with it
            return
        kinds = {"ES256": ec.EllipticCurvePublicKey, "EdDSA": ed25519.Ed25519PublicKey}
        kind = kinds.get(event.get("algorithm"))
        require(kind and isinstance(public, kind), where, "key", "is not of the named algorithm")
        if isinstance(public, ec.EllipticCurvePublicKey):
            require(isinstance(public.curve, ec.SECP256R1), where, "key", "is not on P-256")
        require(spki_of(public) == spki, where, "key", "is not in the one uncompressed DER spelling")
        self.keys[keyid] = public
        self.closed.discard(keyid)

    def verify(self, transaction: Transaction, where: str) -> None:
        """Every signature line must verify; an accepted transaction may not be signed by a closed key.

        A guest brings a key along. If the transaction was rejected no event opened it, so it is read from the body.
        """
        guest = self._introduced(transaction, where) if transaction.rejected is not None else {}
        keys = self.keys | guest if guest else self.keys
        for signature in transaction.signatures:
            require(signature.keyid in keys, where, "signature", f"key {signature.keyid} was never opened")
            closed = signature.keyid in self.closed and transaction.rejected is None
            require(not closed, where, "signature", f"key {signature.keyid} is closed")
        plain = [s for s in transaction.signatures if s.algorithm != "WebAuthn"]
        if plain:
            _verify_envelope(keys, plain, transaction.payload, where)
        for signature in transaction.signatures:
            if signature.algorithm == "WebAuthn":
                _verify_assertion(keys[signature.keyid], signature, transaction.payload, where)
        self.verified.update(s.algorithm for s in transaction.signatures)

    def _introduced(self, transaction: Transaction, where: str) -> Keys:
        body = transaction.body["body"]
        raw = base64url(body.get("publicKey", ""), where, "key") if transaction.body["as"] == "guest" else b""
        try:
            if body.get("algorithm") == "ES256":
                key: PublicKey = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
            else:
                key = ed25519.Ed25519PublicKey.from_public_bytes(raw)
        except ValueError:
            return {}
        return {to_base64url(sha256(spki_of(key)).digest()): key}


def _verify_envelope(keys: Keys, signatures: list[Signature], payload: bytes, where: str) -> None:
    envelope = Envelope.from_dict(json.loads(envelope_json(keys, signatures, payload, where)))
    require(envelope.pae() == pae(payload), where, "signature", "pre-authentication encodings differ")
    try:
        trusted = [SSlibKey.from_crypto(keys[s.keyid], s.keyid) for s in signatures]
        found = envelope.verify(trusted, threshold=len(signatures))
    except VerificationError:
        raise Refused(where, "signature", "does not verify") from None
    require(len(found) == len(signatures), where, "signature", "does not verify")


def envelope_json(keys: Keys, signatures: list[Signature], payload: bytes, where: str) -> str:
    """The DSSE JSON envelope of a transaction, with ECDSA signatures in DER as other DSSE tools expect them."""
    lines = []
    for signature in signatures:
        ecdsa = isinstance(keys[signature.keyid], ec.EllipticCurvePublicKey)
        require(ecdsa == (signature.algorithm == "ES256"), where, "signature", "is not of the key's algorithm")
        value = der(signature.bytes, where) if ecdsa else signature.bytes
        lines.append({"keyid": signature.keyid, "sig": base64.b64encode(value).decode()})
    encoded = base64.b64encode(payload).decode()
    return json.dumps({"payloadType": PAYLOAD_TYPE, "payload": encoded, "signatures": lines})


def _verify_assertion(key: PublicKey, signature: Signature, payload: bytes, where: str) -> None:
    """WebAuthn Level 2 §7.2, as far as it does not need the relying party's settings (RP id, origins)."""
    data = signature.authenticator_data
    require(len(data) >= 37, where, "assertion", "authenticator data is too short")
    require(data[32] & USER_PRESENT and data[32] & USER_VERIFIED, where, "assertion", "user was not verified")
    try:
        client = json.loads(signature.client_data)
    except ValueError:
        raise Refused(where, "assertion", "client data is not JSON") from None
    require(isinstance(client, dict), where, "assertion", "client data is not an object")
    require(client.get("type") == "webauthn.get", where, "assertion", "is not one of type webauthn.get")
    wanted = to_base64url(sha256(pae(payload)).digest())
    require(client.get("challenge") == wanted, where, "assertion", "challenge is not the transaction's id")
    message = data + sha256(signature.client_data).digest()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(der(signature.bytes, where), message, ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(signature.bytes, message)
    except InvalidSignature:
        raise Refused(where, "assertion", "does not verify") from None


def der(raw: bytes, where: str) -> bytes:
    """r‖s of 64 bytes to DER; a high s is refused, so nobody can make a second signature out of a first."""
    require(len(raw) == 64, where, "signature", "is not 64 bytes")
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    require(0 < r < P256_ORDER and 0 < s <= P256_ORDER // 2, where, "signature", "is not in low-S form")
    return utils.encode_dss_signature(r, s)
