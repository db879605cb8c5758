"""What happens between a worker and the providers of SMS and e-mail."""

from collections.abc import Callable
from typing import Any

from tests.faults.catalogue import scenario
from tests.faults.doors import CODE, Door, Parcel, new_phone, order_to
from tests.faults.stage import Stage
from tests.scenarios.world import eventually
from tests.servers.process import wait_until

MESSAGE = (
    "SELECT state, uncertain, attempts FROM notifications_message WHERE about = %s AND kind = 'delivery_code'"
)
DATA_ENDS = b"\r\n.\r\n"  # RFC 5321, 4.1.1.4
BUSY = (503, {"code": 20503, "message": "busy", "status": 503})


@scenario("sms-provider", "the provider of SMS resets, is silent, accepts and is cut off, answers 503")
def sms(stage: Stage) -> None:
    door, proxy = stage.door(), stage.to_sms

    def refuse() -> None:
        proxy.refuses = True
        proxy.reset()

    def drop_the_reply() -> None:
        proxy.drop_reply_after, proxy.drops = b"POST ", 1

    def be_busy() -> None:
        stage.twilio.answers += [BUSY, BUSY]

    for fault, accepted in ((refuse, 1), (proxy.black_hole, 1), (drop_the_reply, 2), (be_busy, 1)):
        phone = new_phone()
        _sent_in_the_end(stage, door, order_to(phone), fault)
        codes = stage.phones.codes(phone)
        assert (len(codes), len(set(codes))) == (accepted, 1), f"{fault.__name__}: {len(codes)} were accepted"


@scenario("mail-provider", "the mail server resets, is silent, accepts and is cut off, answers 451")
def mail(stage: Stage) -> None:
    door, proxy = stage.door(), stage.to_mail

    def refuse() -> None:
        proxy.refuses = True

    def drop_the_reply() -> None:
        proxy.drop_reply_after, proxy.drops = DATA_ENDS, 1

    def be_busy() -> None:
        stage.mailbox.answers_to_data.append("451 later")

    for number, (fault, accepted, is_sure) in enumerate(
        ((refuse, 1, True), (proxy.black_hole, 1, True), (drop_the_reply, 2, False), (be_busy, 1, True))
    ):
        to = f"ada{number}@example.com"
        recipient = {"recipient": {"name": "Ada Lovelace", "email": to}}
        uncertain = _sent_in_the_end(stage, door, recipient, fault)
        assert uncertain != is_sure, f"{fault.__name__}: the row says uncertain={uncertain}"
        bodies = [str(each.get_body(("plain",))) for each in stage.mailbox.mails if to in str(each["To"])]
        codes = [found[1] for found in map(CODE.search, bodies) if found]
        assert (len(bodies), len(set(codes))) == (accepted, 1), f"{fault.__name__}: {len(bodies)} were taken"


def _sent_in_the_end(stage: Stage, door: Door, order: dict[str, Any], fault: Callable[[], None]) -> bool:
    """Dispatch while the provider is away and bring it back after a try; whether the row is uncertain."""
    fault()
    shipment = stage.shop.order(**order)["shipments"][0]["id"]
    stage.shop.post(f"/shipments/{shipment}/dispatch", {"courier": door.id})
    parcel = Parcel(shipment, "")
    eventually(lambda: [tries for _, _, tries in stage.rows(MESSAGE, parcel.id) if tries])
    wait_until(
        lambda: stage.rows(MESSAGE, parcel.id)[0][0] != "sending", seconds=20, what="The end of the first try"
    )
    state, uncertain, _ = stage.rows(MESSAGE, parcel.id)[0]
    assert state == "queued", f"{fault.__name__}: after the first try it is {state}"
    stage.heal()
    stage.to_sms.reset()
    stage.to_mail.reset()
    wait_until(
        lambda: stage.rows(MESSAGE, parcel.id)[0][0] in {"sent", "received"},
        seconds=40,
        what=f"The message ({fault.__name__})",
    )
    return bool(uncertain)
