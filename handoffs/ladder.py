"""The ladder: the ways on which a code goes to its recipient until one of them has reached them.

The best way first; the next one at once where one failed for good, and after a time of silence. All carry one
and the same code, and each way is taken once for a generation, unless a person asks for it again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from fleet.near import only_near
from handoffs.calling import calling_time
from handoffs.messages import DELIVERY_CODE, code_ways, send_code
from handoffs.models import DeliveryCode
from notifications.inbound import Heard
from notifications.models import Message
from orders.models import SYSTEM, Fact, Order, Shipment, Status

INTERVAL_SECONDS = 5
BATCH = 100
# How long a way may be silent: while the courier is near, and before.
NEAR, FAR = timedelta(seconds=60), timedelta(minutes=10)
MOST_AT_ONCE = 5

State = Message.State
SMS, EMAIL, VOICE = (channel.value for channel in Message.Channel)


@dataclass(frozen=True)
class Tries:
    """The messages that carried one generation, the oldest first."""

    messages: list[Message]

    @classmethod
    def of(cls, shipment: Shipment, generation: int) -> "Tries":
        about = Message.objects.filter(about=shipment.public_id, kind=DELIVERY_CODE).order_by("pk")
        return cls([message for message in about if message.context["generation"] == generation])

    @property
    def ways(self) -> list[str]:
        """The channels, each once, in the order in which they were tried."""
        return list(dict.fromkeys(message.channel for message in self.messages))

    @property
    def has_arrived(self) -> bool:
        return any(message.state == State.RECEIVED for message in self.messages)

    @property
    def is_hopeless(self) -> bool:
        """Whether no provider has it and none is still to be asked."""
        return all(message.state in (State.FAILED, State.DROPPED) for message in self.messages)

    @property
    def awaits_a_receipt(self) -> bool:
        return any(message.receipt_awaited_since for message in self.messages)

    @property
    def is_waiting(self) -> bool:
        """Whether a message has not been tried even once: our own queue is long, or it is not its time."""
        return any(
            message.state in (State.QUEUED, State.SENDING) and not message.attempts
            for message in self.messages
        )

    @property
    def newest(self) -> Message:
        return self.messages[-1]

    def has_open_after(self, message: Message) -> bool:
        """Whether a later message is still on its way."""
        still = (State.QUEUED, State.SENDING, State.SENT)
        return any(later.pk > message.pk and later.state in still for later in self.messages)

    def next_way(self, order: Order) -> str | None:
        """The best of the recipient's ways that has not been tried."""
        return next((way for way in code_ways(order) if way not in self.ways), None)


# --- What a provider tells -----------------------------------------------------------------------


def settled(message: Message) -> None:
    """Put on the timeline what became of a code's message; where it failed, take the next way at once."""
    if message.state == State.RECEIVED:
        _heard(message)
        return
    if message.state not in (State.SENT, State.FAILED):
        return
    shipment = Shipment.objects.hold(message.about)
    if shipment is None:
        return
    if message.state == State.SENT:
        shipment.record([Fact("code.sent", SYSTEM, _about(message))])
    else:
        _failed(shipment, message)


def _heard(message: Message) -> None:
    codes = DeliveryCode.objects.living().filter(
        shipment__public_id=message.about, generation=message.context["generation"]
    )
    codes.exclude(unheard_since=None).update(unheard_since=None)


def _failed(shipment: Shipment, message: Message) -> None:
    now = timezone.now()
    generation = message.context["generation"]
    tries = Tries.of(shipment, generation)
    code = _usable(shipment, now)
    is_over = code is None or code.generation != generation or tries.has_arrived
    way = None if is_over or tries.has_open_after(message) else tries.next_way(shipment.order)
    facts = [_not_received(message, "failed", way)]
    if way is None and tries.is_hopeless:
        facts.append(Fact("code.undeliverable", SYSTEM, {**_about(message), "tried": tries.ways}))
        DeliveryCode.objects.living().filter(shipment=shipment).update(unheard_since=None)
    shipment.record(facts, at=now)
    if way and code:
        _send(shipment, code, way, now)


def another_way(heard: Heard) -> None:
    """Whoever has said STOP gets the code of a parcel that is on its way to them in another way.

    A call only where the text message has not arrived.
    """
    theirs = Shipment.objects.filter(
        order__phone=heard.phone, order__livemode=True, status=Status.OUT_FOR_DELIVERY
    )
    for shipment_id in theirs.order_by("-pk").values_list("public_id", flat=True)[:MOST_AT_ONCE]:
        with transaction.atomic():
            shipment = Shipment.objects.filter(order__phone=heard.phone).hold(shipment_id)
            if shipment is not None:
                _leave_text_messages(shipment)


def _leave_text_messages(shipment: Shipment) -> None:
    now = timezone.now()
    code = _usable(shipment, now)
    if code is None:
        return
    tries = Tries.of(shipment, code.generation)
    way = tries.next_way(shipment.order)
    if tries.ways == [SMS] and way and not (way == VOICE and tries.has_arrived):
        shipment.record([_not_received(tries.newest, "stopped", way)], at=now)
        _send(shipment, code, way, now)


# --- Silence -------------------------------------------------------------------------------------


def climb_silent() -> int:
    """Take the next way for each living code that nobody is known to have received, and answer how many.

    Several may run at once: each shipment is locked first and then looked at anew.
    """
    now = timezone.now()
    silent = _unheard(now).order_by("unheard_since", "pk")
    shipment_ids = list(silent.values_list("shipment__public_id", flat=True)[:BATCH])
    return sum(_climb(shipment_id) for shipment_id in shipment_ids)


def _unheard(now: datetime) -> QuerySet[DeliveryCode]:
    waiting = Message.objects.filter(
        about=OuterRef("shipment__public_id"),
        kind=DELIVERY_CODE,
        state__in=(State.QUEUED, State.SENDING),
        attempts=0,
    )
    near = only_near(Shipment.objects.filter(pk=OuterRef("shipment")))
    return (
        DeliveryCode.objects.living()
        .filter(Q(unheard_since__lte=now - FAR) | Exists(near), unheard_since__lte=now - NEAR)
        .exclude(Exists(waiting))
    )


def _climb(shipment_id: str) -> int:
    with transaction.atomic():
        shipment = Shipment.objects.hold(shipment_id)
        if shipment is None:
            return 0
        now = timezone.now()
        code = DeliveryCode.objects.living().filter(shipment=shipment).first()
        if code is None or code.unheard_since is None:
            return 0
        tries = Tries.of(shipment, code.generation)
        if tries.has_arrived or not tries.messages or not (shipment.is_out and code.is_usable(now)):
            _silent_since(code, None)
            return 0
        return 0 if tries.is_waiting else _after_silence(shipment, code, tries, now)


def _after_silence(shipment: Shipment, code: DeliveryCode, tries: Tries, now: datetime) -> int:
    began = tries.newest.sent_at or tries.newest.created_at
    is_near = only_near(Shipment.objects.filter(pk=shipment.pk)).exists()
    if now < began + (NEAR if is_near else FAR):
        _silent_since(code, began)
        return 0
    # A mail server that took the letter says nothing more: enough while there is time, not at the door.
    had_its_answer = tries.newest.state == State.SENT and not tries.newest.receipt_awaited_since
    way = None if had_its_answer and not is_near else tries.next_way(shipment.order)
    _silent_since(code, None)
    if way is None and not tries.awaits_a_receipt:
        return 0
    because = "silence" if tries.newest.state == State.SENT else "unsent"
    shipment.record([_not_received(tries.newest, because, way)], at=now)
    if way is None:
        return 0
    _send(shipment, code, way, now)
    return 1


def _silent_since(code: DeliveryCode, since: datetime | None) -> None:
    DeliveryCode.objects.filter(pk=code.pk).update(unheard_since=since)


# --- What is written -----------------------------------------------------------------------------


def _usable(shipment: Shipment, now: datetime) -> DeliveryCode | None:
    """The code that would open now. Call with the shipment locked."""
    code = DeliveryCode.objects.living().filter(shipment=shipment).first() if shipment.is_out else None
    return code if code and code.is_usable(now) else None


def _send(shipment: Shipment, code: DeliveryCode, way: str, now: datetime) -> None:
    not_before = calling_time(shipment, now) if way == VOICE else None
    renewed = code.generation > 1
    send_code(shipment, code, now=now, channel=way, renewed=renewed, not_before=not_before)


def _not_received(message: Message, because: str, way: str | None) -> Fact:
    return Fact("code.not_received", SYSTEM, {**_about(message), "because": because, "next": way})


def _about(message: Message) -> dict[str, object]:
    return {
        "message": message.public_id,
        "channel": message.channel,
        "generation": message.context["generation"],
    }
