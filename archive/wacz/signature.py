"""The anonymous signature of a WACZ (wacz-auth 0.1.0): the same key again, whoever holds it.

ECDSA on P-384 with SHA-256 over the text of the hash; the signature as r and s side by side
(IEEE P1363), the key as SubjectPublicKeyInfo, both in base64. It proves that two files come from
one key, and that nothing in them was altered since. It does not prove who or when.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from archive.errors import ArchiveError

KEY_NAME = "signing-key.pem"
_NUMBER_BYTES = 48


def signing_key(directory: Path) -> ec.EllipticCurvePrivateKey:
    """The archive's key; made, readable by its owner alone, when first asked for.

    Raises:
        ArchiveError: if the file holds no such key.
    """
    path = directory / KEY_NAME
    if not path.exists():
        key = ec.generate_private_key(ec.SECP384R1())
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        return key
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"{path} is no private key: {error}") from error
    if not isinstance(found, ec.EllipticCurvePrivateKey) or found.curve.name != "secp384r1":
        raise ArchiveError(f"{path} is no P-384 key; move it away, and a new one is made")
    return found


def sign(
    key: ec.EllipticCurvePrivateKey, digest: str, *, created: str, software: str
) -> dict[str, str]:
    """The `signedData` for a digest; `created` must be that of `datapackage.json`."""
    der = key.sign(digest.encode(), ec.ECDSA(SHA256()))
    r, s = utils.decode_dss_signature(der)
    raw = r.to_bytes(_NUMBER_BYTES) + s.to_bytes(_NUMBER_BYTES)
    return {
        "hash": digest,
        "created": created,
        "software": software,
        "signature": base64.b64encode(raw).decode(),
        "publicKey": public_key(key),
    }


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half of a key, as `signedData` gives it."""
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(public).decode()


def holds(signed: Mapping[str, object]) -> bool:
    """Whether a `signedData` was made of its hash by the key that it names; anybody's key."""
    try:
        raw = base64.b64decode(str(signed["signature"]), validate=True)
        key = load_der_public_key(base64.b64decode(str(signed["publicKey"]), validate=True))
        if not isinstance(key, ec.EllipticCurvePublicKey) or len(raw) != 2 * _NUMBER_BYTES:
            return False
        r, s = (int.from_bytes(half) for half in (raw[:_NUMBER_BYTES], raw[_NUMBER_BYTES:]))
        der = utils.encode_dss_signature(r, s)
        key.verify(der, str(signed["hash"]).encode(), ec.ECDSA(SHA256()))
    except (KeyError, ValueError, binascii.Error, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
