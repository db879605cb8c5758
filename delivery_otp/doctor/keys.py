"""The secrets: there, unlike one another, and hard to guess; never shown."""

from collections.abc import Iterator

from django.conf import settings

from accounts.models import AuthenticatorApp
from delivery_otp.doctor.findings import Finding, ok, problem, warning
from handoffs.models import DeliveryCode, ProofOfDelivery
from handoffs.proofs.signing import header_of

SECRET_CHARACTERS, SECRET_DIFFERENT = 50, 10
KEY_DIFFERENT_BYTES = 16  # of 32 random ones, fewer are different once in 10^15
NEW_KEY = (
    'Make one with: python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())". '
    "Put it last in {variable}, under a new id."
)


def check() -> Iterator[Finding]:
    """The secrets as they are configured. Without them, or unreadable, nothing starts, this neither."""
    yield from _secret_key()
    yield from _keys_of("DELIVERY_CODE_KEYS", "delivery code keys; new codes come from")
    yield from _keys_of("QR_SIGNING_KEYS", "signing keys; new proofs of delivery are signed with")
    yield from _development()


def check_codes() -> Iterator[Finding]:
    """Can every living code still be computed?"""
    living = DeliveryCode.objects.living()
    lost = living.exclude(key_id__in=settings.DELIVERY_CODE_KEYS)
    missing = sorted(lost.order_by().values_list("key_id", flat=True).distinct())
    if missing:
        yield problem(
            f"{lost.count()} living codes come from keys that are not configured: {', '.join(missing)}.",
            "Put the key back into DELIVERY_CODE_KEYS, before the newest one, until these codes have ended.",
        )
    else:
        yield ok("The key of every living code is configured.")
    yield from _apps()


def _apps() -> Iterator[Finding]:
    """An app keeps the master key that it is sealed under needed, until its code is next right."""
    apps = AuthenticatorApp.objects.exclude(key_id__in=settings.DELIVERY_CODE_KEYS)
    if count := apps.count():
        yield problem(
            f"{count} authenticator apps are sealed under keys that are not configured: they open nothing.",
            "Put the key back into DELIVERY_CODE_KEYS, before the newest one.",
        )
    else:
        yield ok("The key of every authenticator app is configured.")


def check_proofs() -> Iterator[Finding]:
    """Can every signed proof still be verified with the keys that we publish?"""
    lost = ProofOfDelivery.objects.exclude(signature="")
    for key_id in settings.QR_SIGNING_KEYS:
        lost = lost.exclude(signature__startswith=f"{header_of(key_id)}.")
    count = lost.count()
    if count:
        yield warning(
            f"{count} proofs of delivery were signed with keys that are not configured.",
            "Unless the key has leaked, put it back into QR_SIGNING_KEYS, before the newest one.",
        )
    else:
        yield ok("The key of every signed proof of delivery is configured.")


def _secret_key() -> Iterator[Finding]:
    names = ["SECRET_KEY", *["SECRET_KEY_FALLBACKS"] * len(settings.SECRET_KEY_FALLBACKS)]
    for name, secret in zip(names, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS], strict=True):
        if len(secret) < SECRET_CHARACTERS or len(set(secret)) < SECRET_DIFFERENT:
            yield problem(
                f"{name} is easy to guess: it is short, or made of few different characters.",
                'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))".',
            )
            return
    yield ok("SECRET_KEY is long enough.")


def _keys_of(variable: str, what_for: str) -> Iterator[Finding]:
    keys: dict[str, bytes] = getattr(settings, variable)
    kind = what_for.partition(" keys")[0]
    mend = NEW_KEY.format(variable=variable)
    weak = [key_id for key_id, key in keys.items() if len(set(key)) < KEY_DIFFERENT_BYTES]
    if weak:
        yield problem(f"These {kind} keys are not random: {', '.join(weak)}.", mend)
    if len(set(keys.values())) < len(keys):
        yield problem(f"Two {kind} keys are the same under different ids.", mend)
    yield ok(f"{len(keys)} {what_for} the last one, {list(keys)[-1]}.")


def _development() -> Iterator[Finding]:
    if not settings.DEVELOPMENT:
        return
    if {settings.HOST, settings.PUBLIC_HOST} <= settings.LOOPBACK:
        yield warning("DEBUG is on: this is a development machine.", "Set DEBUG=0 to serve real people.")
    else:
        yield problem("DEBUG is on, and others can reach this address.", "Set DEBUG=0 and real secrets.")
    stored = settings.VAR_DIR / "development-secrets.json"
    if stored.exists() and stored.stat().st_mode & 0o077:
        yield problem(f"Others on this machine can read var/{stored.name}.", f"chmod 600 var/{stored.name}")
