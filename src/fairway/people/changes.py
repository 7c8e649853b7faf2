"""Who may change the registry, and the record of what was changed: asked and written within the transaction of the change."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from fairway.people.lifecycle import LifecycleState
from fairway.people.problems import ChangeRefused
from fairway.people.registry import version_in
from fairway.people.roles import Denial, UserAct, denial
from fairway.people.tables import CHANGES, USERS, user_of
from fairway.people.user import ChangeNote


def permit(connection: Connection, said: ChangeNote, act: UserAct, owner: str) -> None:
    """A registered user acts by role. Any other author acts by the system's permission to open these files.

    Raises ChangeRefused.
    """
    row = connection.execute(sa.select(USERS).where(USERS.c.id == said.by)).mappings().first()
    if row is None:
        return
    author = user_of(row)
    is_active, to_self = author.state is LifecycleState.ACTIVE, owner == author.id
    why = denial(author.role, act, is_active=is_active, to_self=to_self, lowers=act is UserAct.PAUSE)
    if why is Denial.INACTIVE:
        raise ChangeRefused(
            f"{why.value}: by={author.id} state={author.state}; "
            f"a user who is {author.state} may not change anything but pause the own accounts; ask an admin"
        )
    if why is Denial.FORBIDDEN:
        whose = f" of={owner}" if owner else ""
        raise ChangeRefused(f"{why.value}: by={author.id} role={author.role} act='{act}'{whose}; ask an admin")


def record(connection: Connection, said: ChangeNote, subject: str, what: str) -> None:
    """Adds an entry to the record of changes. subject: such as `user ann`."""
    row = {"seq": version_in(connection) + 1, "at": said.at, "author": said.by}
    connection.execute(sa.insert(CHANGES).values(**row, subject=subject, what=what, reason=said.reason))
