"""The import: read to the end, then placed in batches, each in a transaction of its own."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from merchants.imports.drafting import draft_of, refused_rows
from merchants.imports.reading import Refused, Row, open_csv, rows_of
from merchants.imports.spool import Spool
from orders.comparison import differences
from orders.drafts import OrderDraft
from orders.models import Merchant, Order
from orders.place import AT_ONCE, place_orders

Progress = Callable[[str, int, int], None]  # what is done, how much of it, out of how much
ROWS_TOLD = 1_000


class Import:
    """One run over one file. What is placed stays placed if it ends early; a second run adds the rest.

    Close it: until then it holds the rows, and what was refused, on disk.
    """

    def __init__(self, merchant: Merchant, *, livemode: bool, progress: Progress) -> None:
        self.merchant, self.livemode, self.progress = merchant, livemode, progress
        self.orders = self.shipments = self.unchanged = 0
        self._spool = Spool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.__exit__(kind, error, trace)

    def run(self, path: Path) -> None:
        """Place every order of the file that is right and not there yet.

        Raises ImportFileError where the file as a whole cannot be imported; nothing is placed then.
        """
        self._read(path)
        total, done = self._spool.references(), 0
        groups = self._spool.groups()
        while batch := list(islice(groups, AT_ONCE)):
            self._place(dict(self._drafted(batch)))
            done += len(batch)
            self.progress("Placing orders", done, total)

    def refused(self) -> Iterator[Refused]:
        """Everything that was refused, in the order of the file."""
        return self._spool.refused()

    def _read(self, path: Path) -> None:
        with open_csv(path) as file:
            size = path.stat().st_size
            for number, row in enumerate(rows_of(file)):
                if row.reference:
                    self._spool.add(row)
                else:
                    self._refuse_alone(row)
                if number % ROWS_TOLD == 0:
                    self.progress("Reading the file", file.buffer.tell(), size)

    def _refuse_alone(self, row: Row) -> None:
        """A row without a reference belongs to no other: it is judged by itself."""
        judged = draft_of([row])
        assert isinstance(judged, list), "a reference is required"
        self._spool.refuse(judged)

    def _drafted(self, batch: list[list[Row]]) -> Iterator[tuple[str, tuple[list[Row], OrderDraft]]]:
        for rows in batch:
            draft = draft_of(rows)
            if isinstance(draft, list):
                self._spool.refuse(draft)
            else:
                yield draft.reference, (rows, draft)

    def _place(self, wanted: dict[str, tuple[list[Row], OrderDraft]]) -> None:
        for order in self._stored(list(wanted)):
            self._compare(order, *wanted.pop(order.reference))
        drafts = [draft for _, draft in wanted.values()]
        outcomes = place_orders(merchant=self.merchant, livemode=self.livemode, drafts=drafts)
        for (rows, draft), outcome in zip(wanted.values(), outcomes, strict=True):
            if isinstance(outcome, Order):
                self.orders += 1
                self.shipments += len(draft.shipments)
            elif outcome.code == "reference_taken":  # by somebody else, since we looked
                for order in self._stored([draft.reference]):
                    self._compare(order, rows, draft)
            else:
                self._spool.refuse(refused_rows(rows, outcome.members["errors"]))

    def _stored(self, references: list[str]) -> Iterator[Order]:
        theirs = Order.objects.filter(
            merchant=self.merchant, livemode=self.livemode, reference__in=references
        )
        return iter(theirs.select_related("merchant").prefetch_related("shipments__parcels").order_by("pk"))

    def _compare(self, order: Order, rows: list[Row], draft: OrderDraft) -> None:
        different = differences(order, draft)
        if not different:
            self.unchanged += 1
            return
        reason = f"An order with this reference exists, and differs in: {', '.join(different)}."
        self._spool.refuse([Refused(row.line, "reference", reason) for row in rows])
