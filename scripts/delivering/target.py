"""The service under delivery, and the ways to it."""

from dataclasses import dataclass, field

from delivering.client import Client, Tally
from delivering.phone import Phone


@dataclass(frozen=True)
class Target:
    """Where the service is, whose orders are delivered, how long a code is waited for (seconds)."""

    url: str
    key: str
    sandbox_password: str
    code_wait: float
    tally: Tally = field(default_factory=Tally)

    def shop(self) -> Client:
        """The merchant's program."""
        return Client(f"{self.url}/api/v1", self.tally, token=self.key)

    def handheld(self, token: str = "") -> Client:
        """A courier's handheld; one without a token can only be enrolled."""
        return Client(f"{self.url}/api/v1/courier", self.tally, token=token)

    def phone(self) -> Phone:
        """The sandbox phone."""
        return Phone(Client(self.url, self.tally, password=self.sandbox_password), self.code_wait)
