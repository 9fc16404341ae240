"""Checking a signature: Ed25519 as RFC 8032, section 5.1.7, describes it, for readers who have nothing but Python.

It only checks; private keys are never seen here, so its running time gives nothing away. The rule it
guards: one signature, one spelling. A scalar not below the order of the group, a point that is not
written in its one canonical form, and a key of small order (which would let one signature fit many
texts) are all refused.
"""

from __future__ import annotations

from hashlib import sha512

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, P) % P
_D2 = 2 * _D % P
_ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
_IDENTITY: Point = (0, 1, 1, 0)


def _add(p: Point, q: Point) -> Point:
    """Addition in extended coordinates (RFC 8032, section 5.1.4); complete, so it also doubles."""
    x1, y1, z1, t1 = p
    x2, y2, z2, t2 = q
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = t1 * _D2 * t2 % P
    d = 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(p: Point) -> Point:
    x, y, z, _ = p
    a, b = x * x % P, y * y % P
    h = a + b
    e = h - (x + y) * (x + y) % P
    g = a - b
    f = 2 * z * z % P + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _decode(data: bytes) -> Point | None:
    """The point these 32 bytes spell, or None when they are no point or not its canonical spelling."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (_D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * _ROOT_OF_MINUS_ONE % P
        if v * x * x % P != u:
            return None
    if x == 0 and sign:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _encode(p: Point) -> bytes:
    x, y, z, _ = p
    inverse = pow(z, -1, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


_base = _decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
assert _base is not None
_BASE: Point = _base


def _small_order(p: Point) -> bool:
    x, y, z, _ = _double(_double(_double(p)))
    return x % P == 0 and (y - z) % P == 0


def _combine(s: int, k: int, q: Point) -> Point:
    """s times the base point plus k times q, both at once."""
    choice = (_IDENTITY, _BASE, q, _add(_BASE, q))
    total = _IDENTITY
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        total = _double(total)
        pick = s >> bit & 1 | (k >> bit & 1) << 1
        if pick:
            total = _add(total, choice[pick])
    return total


def usable_key(key: bytes) -> bool:
    """Whether these bytes are a public key in canonical form that is not of small order."""
    point = _decode(key) if len(key) == 32 else None
    return point is not None and not _small_order(point)


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` was made with the private half of `key` (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    point = _decode(key)
    if point is None or _small_order(point):
        return False
    start, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    k = int.from_bytes(sha512(start + key + message).digest(), "little") % L
    x, y, z, t = point
    return _encode(_combine(s, k, (P - x, y, z, P - t))) == start
