"""Operations on users, on their accounts and on the vault of the accounts' keys."""
