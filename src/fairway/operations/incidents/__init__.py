"""Operations on incidents, their action items, support tickets and retention."""
