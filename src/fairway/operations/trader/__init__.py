"""Operations on a trader and its accounts: kill, resume, close, pause, lift, lease, transfer, reconcile."""
