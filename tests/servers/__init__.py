"""Real servers for the tests: PostgreSQL, Valkey, and the service itself, each in a process of its own."""

from tests.servers.postgres import PostgresServer
from tests.servers.process import ServerError
from tests.servers.service import Service, Worker
from tests.servers.valkey import ValkeyServer

__all__ = ["PostgresServer", "ServerError", "Service", "ValkeyServer", "Worker"]
