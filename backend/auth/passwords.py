"""Passwords and one-time codes: argon2id hashes, random first passwords, the second factor (RFC 6238)."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10
"""Fewest characters of a password that a person chooses (NIST SP 800-63B asks for 8 and more)."""

LONGEST = 128
"""Most characters of a password; longer ones would only cost time."""

STEP_S = 30
"""Seconds for which a one-time code stands (RFC 6238)."""

# OWASP's first choice of argon2id parameters: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read wrongly on paper


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """Tell whether a password is the stored one."""
    try:
        return _HASHER.verify(stored, password[:LONGEST])
    except (Argon2Error, InvalidHashError):
        return False


def first_password() -> str:
    """Return a random password of four groups of four: 79 bits, and readable from paper."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def problem_of(password: str, *, username: str) -> str | None:
    """Return why a chosen password will not do (identifier), or None."""
    if len(password) < SHORTEST:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    if username.lower() in password.lower() or len(set(password)) < 5:
        return "too_easy"
    return None


def new_secret() -> str:
    """Return a new secret of the second factor, base 32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, *, username: str, town: str) -> str:
    """Return the address that an authenticator app takes."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=f"康伴 {town}".strip())


def step_of_code(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """Return the time step of a right code that was not used yet, or None.

    Args:
        secret: the second factor's secret.
        code: six digits, spaces allowed.
        now: the instant, aware.
        after: the last step that was used; a code of it or of one before counts no more.
    """
    digits = code.replace(" ", "")
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    current = int(now.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    for step in (current - 1, current, current + 1):
        if step > after and secrets.compare_digest(totp.at(step * STEP_S), digits):
            return step
    return None
