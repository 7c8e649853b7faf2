"""Records of the journals as they are, for who may read the whole bot."""

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Query
from pydantic import BaseModel

from fairway.api.context import Asking, Context
from fairway.api.problems import documented
from fairway.api.views.shown import instant
from fairway.journal.port import Record
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.read_journal import PAGE_MAX, READ_JOURNAL, JournalName, JournalRequest

router: Final = APIRouter(prefix="/api/v1", tags=["events"])
SEQ_MAX: Final = 2**62


class JournalRecord(BaseModel):
    """One record. digest: of this record and all before it, so that a changed record shows."""

    seq: int
    at: str
    account: str
    author: str
    kind: str
    version: int
    body: dict[str, Any]
    digest: str


@router.get("/journal", responses=documented(401, 403, 422, 429, 503))
def journal(
    caller: Asking,
    context: Context,
    journal: JournalName = JournalName.TRADER,
    after: Annotated[int, Query(ge=0, le=SEQ_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 100,
) -> list[JournalRecord]:
    """Records after a sequence number, oldest first."""
    request = JournalRequest(config=context.config, journal=journal, after=after, limit=limit)
    return [shown_record(each) for each in perform(READ_JOURNAL, Call(actor=caller.actor, request=request)).records]


def shown_record(record: Record) -> JournalRecord:
    """A record as it is shown."""
    return JournalRecord(
        seq=record.seq,
        at=instant(record.at),
        account=record.account,
        author=record.author,
        kind=record.kind,
        version=record.version,
        body=msgspec.json.decode(record.body),
        digest=record.digest,
    )
