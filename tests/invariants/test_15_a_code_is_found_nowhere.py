"""15: a live code is in the recipient's message and page, and nowhere else. Nor is the proof in its link."""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest
import redis
from django.core.signals import got_request_exception

from tests.breaking import refusing
from tests.couriers.stories import enrolled, hand_over
from tests.handoffs.stories import out_for_delivery, right_code, wrong_code
from tests.invariants.canary import disguises, dump, files_of, found_in, valkey_dump, wire_of
from tests.invariants.pages import ask_for_a_new_code
from tests.notifications.servers import Mailbox, mail_server
from tests.scenarios.world import (
    Program,
    Rider,
    Shop,
    code_on_phone,
    eventually,
    link_on_phone,
    other_than,
    outcome,
)
from tests.servers import PostgresServer, Service, ValkeyServer, Worker
from tests.servers.databases import Databases
from tests.servers.postgres import rows

ADA_BY_MAIL = {"name": "Ada Lovelace", "email": "ada@example.com"}
PLACE = {"latitude": 51.501, "longitude": -0.1246, "accuracy_m": 12}
# Prints what only the keys can tell: the living codes and proofs of a shipment, newest generation.
ASK = """
import json
from django.utils import timezone
from handoffs.holders import holders_of
from handoffs.models import DeliveryCode, PreferenceChallenge
from handoffs.models.delegates import delegates_of
code = DeliveryCode.objects.living().select_related("shipment").get(shipment__public_id="{shipment}")
asked = PreferenceChallenge.objects.living().select_related("preference").first()
proof_of = code.link_proof_of
theirs = [each for each in holders_of(code, delegates_of(code.shipment), timezone.now()) if each.delegate]
print(json.dumps({{"code": code.code_of(), "proof": code.link_proof_of(),
                  "confirmation": asked.code_of() if asked else "",
                  **{{f"code of {{each.delegate}}": each.code for each in theirs}},
                  **{{f"proof of {{each.delegate}}": proof_of(each.delegate.holder) for each in theirs}}}}))
"""
# The living code of an account's challenge, whoever's it is.
ASK_ACCOUNT = """
import json
from accounts.models import Challenge
asked = Challenge.objects.living().select_related("account").get()
print(json.dumps({"code": asked.code_of()}))
"""
STAFF = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from accounts.models import User
import time
from accounts.step_up import FRESH, SECOND_FACTOR
from support.roles import ROLES
sessions = {}
for role in [*ROLES, "superuser"]:
    name = role.lower().replace(" ", ".")
    user = User.objects.create(**{User.USERNAME_FIELD: name + "@example.com"}, is_staff=True,
                               is_superuser=role == "superuser", is_active=True)
    user.groups.set(Group.objects.filter(name=role))
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SECOND_FACTOR] = user.public_id
    session[FRESH] = {"account": user.public_id, "at": int(time.time())}
    session.save()
    sessions[role] = session.session_key
print(json.dumps(sessions))
"""


@dataclass
class Canary:
    """A running installation, its secrets so far, and what was heard of it."""

    service: Service
    shop: Shop
    rider: Rider
    shipment: str
    secrets: dict[str, str] = field(default_factory=dict)
    heard: dict[str, list[bytes]] = field(default_factory=dict)

    def learn(self, when: str) -> dict[str, str]:
        told = self.tell(ASK.format(shipment=self.shipment))
        self.secrets |= {f"{name} {when}": secret for name, secret in told.items() if secret}
        return told

    def tell(self, script: str) -> dict[str, str]:
        said = self.service.manage("shell", "--no-imports", "-c", script).strip().splitlines()[-1]
        told: dict[str, str] = json.loads(said)
        return told

    def hear(self, place: str, *contents: bytes) -> None:
        self.heard.setdefault(place, []).extend(contents)

    def read(self, place: str, answer: httpx.Response) -> str:
        """Keep all of an answer but what its own request named."""
        self.hear(place, str(answer.headers).encode(), answer.content)
        return answer.text


# --- What can happen ------------------------------------------------------------------------------


def go_to_the_door(canary: Canary) -> None:
    rider, at = canary.rider, f"/shipments/{canary.shipment}"
    code = canary.learn("at dispatch")["code"]
    rider.get("/route")
    rider.post(f"{at}/arrive", {"location": PLACE})
    wrong = other_than(code)
    for typed in (None, "12", wrong, f"{wrong[:3]} {wrong[3:]}", code + "0", f" {code}x"):
        rider.hand_over(canary.shipment, typed, key=f"door {typed}")
        rider.hand_over(canary.shipment, typed, key=f"door {typed}")
    rider.post(f"{at}/handoff", {"code": int(code)}, key="a number")
    rider.post(f"{at}/handoff", {"code": code, "unknown": code}, key="unknown field")
    rider.post(f"{at}/handoff", {"code": code, "barcodes": ["no such"]}, key="wrong parcel")
    rider.post(f"{at}/resend", {"channel": "email"}, key="resend")
    rider.get(f"{at}?code={code[:0]}")


def break_in_the_middle(canary: Canary) -> None:
    """The right code, and after the comparison the database refuses: its log tells the statement."""
    service, code = canary.service, canary.learn("at the crash")["code"]
    broken = "ALTER TABLE {0} RENAME TO gone", "ALTER TABLE gone RENAME TO {0}"
    for table in ("handoffs_proofofdelivery", "orders_event", "handoffs_codecheck", "handoffs_courierday"):
        service.rows(broken[0].format(table))
        for typed in (code, other_than(code)):
            answer = canary.rider.hand_over(canary.shipment, typed, key=f"broken {table} {typed == code}")
            assert answer.status_code >= 400, table
        service.rows(broken[1].format(table))


def ask_on_the_page(canary: Canary, link: str) -> None:
    """Help, opting out, a page that crashes, previews; then a new code. The own page shows the code."""
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=30) as browser:
        for path in ("", "preferences/", "resend/", "new-code/", "no-such/"):
            browser.get(link + path)
        origin = canary.service.url
        given = fields_of(browser.get(link).text) | {"number": "1", "name": "Nina", "lasts": "week"}
        assert browser.post(link + "delegates/", data=given, headers={"Origin": origin}).status_code == 200
        bare = re.sub(r"\.[^/]+/$", "/", link)
        canary.read("the bare page", browser.get(bare))
        page = browser.get(link + "preferences/").text
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))
        for choice in ("email", "sms"):
            sent = fields | {"channel": choice}
            browser.post(link + "preferences/send/", data=sent, headers={"Origin": origin})
        asked = canary.learn("of the opt-out")
        assert len(asked) == 5, "a delegate has secrets too"
        canary.service.rows("ALTER TABLE notifications_message RENAME TO gone")
        crashed = browser.get(link)
        canary.service.rows("ALTER TABLE gone RENAME TO notifications_message")
        canary.read("a page that crashed", crashed)
        assert crashed.status_code >= 500
        wrong = {"challenge": fields.get("challenge", "x"), "code": other_than(asked["code"])}
        browser.post(link + "preferences/confirm/", data=fields | wrong, headers={"Origin": origin})
    ask_for_a_new_code(link)
    canary.learn("after rotation")


def sign_in_with_a_code(canary: Canary) -> None:
    """The password, wrong codes, another code, a page that crashes, then the right one."""
    told = canary.service.manage_json("create_staff", "sue@example.com", "--role", "Auditor")
    shown = {"email": told["email"], "password": told["password"]}
    at, page = canary.service.url, "/account/login/code/"
    with httpx.Client(base_url=at, trust_env=False, timeout=30, headers={"Origin": at}) as browser:
        form = fields_of(browser.get("/account/login/").text)
        assert browser.post("/account/login/", data=form | shown).headers["Location"] == page
        form = fields_of(canary.read("the page of a sign-in code", browser.get(page)))
        code = canary.tell(ASK_ACCOUNT)["code"]
        canary.secrets["code of a sign-in"] = code
        for typed in (other_than(code), code + "1", f"{code[:3]}x"):
            canary.read("answers to sign-in codes", browser.post(page, data=form | {"code": typed}))
        canary.read("answers to sign-in codes", browser.post(page, data=form | {"send": "email"}))
        canary.service.rows("ALTER TABLE accounts_knownplace RENAME TO gone")
        crashed = browser.post(page, data=form | {"code": code})
        canary.service.rows("ALTER TABLE gone RENAME TO accounts_knownplace")
        canary.read("a sign-in that crashed", crashed)
        assert crashed.status_code >= 500


def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]*)"', page))


def look_as_staff(canary: Canary) -> None:
    """Each role and a superuser follows every link of the admin."""
    for role, key in canary.tell(STAFF).items():
        with httpx.Client(
            base_url=canary.service.url, trust_env=False, cookies={"sessionid": key}
        ) as browser:
            waiting, seen = ["/admin/", f"/admin/shipments/{canary.shipment}/"], set[str]()
            while waiting and len(seen) < 150:
                seen.add(path := waiting.pop())
                answer = browser.get(path)
                page = canary.read(f"admin as {role}", answer)
                if answer.status_code != 200 or "logout" in path:
                    continue
                links = re.findall(r'href="(/admin/[^"#?]*)', page)
                waiting += [link for link in dict.fromkeys(links) if link not in seen and link not in waiting]
            assert len(seen) > 3, (role, seen)


def look_elsewhere(canary: Canary) -> None:
    shop = canary.shop
    for path in ("", "/events", "/proof"):
        shop.get(f"/shipments/{canary.shipment}{path}")
    for path in ("/orders", "/couriers", "/shipments/none"):
        shop.get(path)
    anyone = httpx.Client(base_url=canary.service.url, trust_env=False, timeout=30)
    for path in ("/", "/livez", "/readyz", "/metrics", "/api/schema/", "/api/docs/", "/courier/", "/proof/"):
        canary.read("open pages", anyone.get(path))
    for command in ("doctor", "check_invariants"):
        with_words = canary.service.manage(command) if command == "check_invariants" else ""
        canary.hear("commands", with_words.encode())


def gather(canary: Canary, database: str, *logs: bytes) -> dict[str, bytes]:
    service = canary.service
    places = {place: b"\n".join(contents) for place, contents in canary.heard.items()}
    answers = canary.shop.answers + canary.rider.answers
    places["API answers"] = b"\n".join(str(a.headers).encode() + a.content for a in answers)
    places["database"] = dump(service, database)
    places["service's log"] = service.log.read_bytes()
    for number, log in enumerate(logs):
        places[f"another log {number}"] = log
    if database == "sqlite":
        places["database files"] = files_of(service.database_url)
    return places


def assert_nowhere(canary: Canary, places: dict[str, bytes]) -> None:
    assert all(places.values()), [place for place, content in places.items() if not content]
    size = sum(map(len, places.values()))
    sys.stderr.write(f"{len(canary.secrets)} secrets sought in {len(places)} places, {size:,} bytes\n")
    found = {place: found_in(content, canary.secrets) for place, content in places.items()}
    assert not {place: forms for place, forms in found.items() if forms}


# --- The runs --------------------------------------------------------------------------------------


@contextmanager
def monitored(valkey: ValkeyServer) -> Iterator[list[bytes]]:
    """What is sent to Valkey meanwhile, command by command."""
    sent: list[bytes] = []
    done = threading.Event()

    def listen() -> None:
        with suppress(redis.ConnectionError), wire_of(valkey) as monitor:  # it ends with its server
            while not done.is_set():
                sent.append(monitor.next_command()["command"].encode())  # its time has six decimals

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    eventually(listener.is_alive)
    yield sent
    done.set()


@pytest.mark.servers
def test_by_mail_with_postgresql_valkey_and_celery(valkey: ValkeyServer) -> None:
    """Everything at DEBUG, every statement in the database's log, and a mail server that refuses at first."""
    with (
        PostgresServer() as server,
        mail_server() as mailbox,
        Databases(server.url()) as databases,
        monitored(valkey) as sent_to_valkey,
        ExitStack() as stack,
    ):
        for setting in ("log_statement = 'all'", "log_parameter_max_length_on_error = -1"):
            rows(server.superuser_url(), f"ALTER SYSTEM SET {setting}")
        rows(server.superuser_url(), "SELECT pg_reload_conf()")
        mailbox.answers_to_data = ["451 later", "hang up after taking it"]
        environment = {
            "SANDBOX": "0",
            "EMAIL_URL": mailbox.url,
            "LOG_LEVEL": "DEBUG",
            "MESSAGE_LEASE_SECONDS": "2",
        }
        database = databases.make("postgresql")
        with Service(database, redis_url=valkey.url, environment=environment) as service:
            environment["PUBLIC_URL"] = service.url
            worker = stack.enter_context(Worker(database, redis_url=valkey.url, environment=environment))
            canary = sent_out(service, live=True)
            go_to_the_door(canary)
            held = valkey_dump(valkey)
            link = eventually(partial(link_in_mail, mailbox, canary.learn("by mail")["proof"]), seconds=90)
            break_in_the_middle(canary)
            ask_on_the_page(canary, link)
            sign_in_with_a_code(canary)
            look_as_staff(canary)
            look_elsewhere(canary)
            canary.hear("subjects and headers", *(str(mail.items()).encode() for mail in mailbox.mails))
            canary.hear("Valkey", held, valkey_dump(valkey))
            canary.hear("commands to Valkey", *sent_to_valkey)
            statements = (server.folder / "postgres.log").read_bytes()
            assert b'UPDATE "handoffs_deliverycode"' in statements, "the database logs what it is told"
            assert_nowhere(canary, gather(canary, "postgresql", statements, worker.log.read_bytes()))
            assert any(found_in(mail.as_bytes(), canary.secrets) for mail in mailbox.mails), (
                "the search finds"
            )


def test_on_the_phone_with_sqlite_alone(make_service: Callable[..., Service]) -> None:
    service = make_service("sqlite", environment={"LOG_LEVEL": "DEBUG"})
    canary = sent_out(service, live=False)
    assert code_on_phone(service, canary.shipment) == canary.learn("on the phone")["code"]
    link = link_on_phone(service, canary.shipment)
    go_to_the_door(canary)
    break_in_the_middle(canary)
    ask_on_the_page(canary, link)
    sign_in_with_a_code(canary)
    look_as_staff(canary)
    look_elsewhere(canary)
    assert_nowhere(canary, gather(canary, "sqlite"))
    code = canary.learn("in the end")["code"]
    assert outcome(canary.rider.hand_over(canary.shipment, code)) == "delivered"
    canary.shop.get(f"/shipments/{canary.shipment}/proof")
    assert_nowhere(canary, gather(canary, "sqlite"))


def sent_out(service: Service, *, live: bool) -> Canary:
    shop, rider = Shop(service, live=live), Rider(service)
    fields: dict[str, Any] = {"recipient": ADA_BY_MAIL} if live else {}
    shipment = shop.order(**fields)["shipments"][0]["id"]
    assert shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id}, key="out").status_code == 200
    return Canary(service, shop, rider, shipment)


def link_in_mail(mailbox: Mailbox, proof: str) -> str | None:
    texts = [mail.get_body(("plain",)) for mail in mailbox.mails]
    found = [re.search(r"https?://\S+" + re.escape(proof) + "/", t.get_content()) for t in texts if t]
    return next((link[0] for link in found if link), None)


# --- The search itself -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", sorted(set(disguises("482913"))))
def test_the_search_finds_each_disguise(form: bytes) -> None:
    assert found_in(b'{"a": "' + form + b'"}', {"code": "482913"})


def test_the_search_takes_no_time_and_no_longer_number_for_a_code() -> None:
    assert not found_in(b"2026-11-23 10:00:00.482913+00:00 1482913 4829135 A482913B", {"code": "482913"})


@pytest.mark.django_db
def test_no_error_reporter_is_told_of_a_handoff_that_breaks() -> None:
    """Reporters listen to Django's signal and send the variables of every frame; a code is among them."""
    device, api = enrolled()
    shipment, _ = out_for_delivery(device=device)
    told: list[object] = []

    def listener(**what: object) -> None:
        told.append(what)

    got_request_exception.connect(listener, weak=False)
    try:
        with refusing("handoffs_codecheck"):
            answers = [hand_over(api, shipment, code(shipment)) for code in (right_code, wrong_code)]
    finally:
        got_request_exception.disconnect(listener)
    assert [answer.status_code for answer in answers] == [503, 503]
    assert told == []


def test_the_queue_holds_no_code(make_service: Callable[..., Service], valkey: ValkeyServer) -> None:
    """With Redis, and no worker to empty it: what waits there are names of tasks."""
    service = make_service("postgresql", redis_url=valkey.url)
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    canary = Canary(service, shop, rider, shipment)
    code, secrets = canary.learn("in the queue")["code"], canary.secrets
    eventually(lambda: b"drain" in valkey_dump(valkey))  # the task is in the queue
    assert found_in(valkey_dump(valkey), secrets) == []
    with Worker(service.database_url, redis_url=valkey.url):
        assert code_on_phone(service, shipment) == code
    assert found_in(valkey_dump(valkey), secrets) == []
    assert Program(service).get("/orders").status_code == 401
