"""Operations on a launch: approve, hold, release, promote, demote, abort, review, waive, evidence, start."""
