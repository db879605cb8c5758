from django.db import models


class IdempotentRequest(models.Model):
    """The answer that a request with an Idempotency-Key got, written in the same transaction as what it did.

    Nothing here can be read without the caller's key: the key is kept as a digest, the request as a keyed
    fingerprint, the answer sealed (`api.idempotency`).
    """

    scope = models.CharField(max_length=100)
    key_hash = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    sealed_body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scope", "key_hash"), name="idempotent_request_once"),)

    def __str__(self) -> str:
        return f"{self.scope} {self.status}"


class GuessCount(models.Model):
    """How many guesses one limit has counted for somebody in one window (`api.guesses`).

    `whom` is an HMAC under SECRET_KEY of an account's address or a network: neither is kept.
    """

    limit = models.CharField(max_length=40)
    whom = models.CharField(max_length=64)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("limit", "whom", "ends_at"), name="one_count_a_window"),
        )

    def __str__(self) -> str:
        return f"{self.limit} {self.count}"
