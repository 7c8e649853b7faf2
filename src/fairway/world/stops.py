"""The signals that ask a program to end: Ctrl-C, SIGTERM, and SIGHUP where its terminal is closed."""

import signal


def stops() -> tuple[signal.Signals, ...]:
    """Without SIGHUP where the program was started to outlive its terminal, as by `nohup`."""
    asked = signal.SIGINT, signal.SIGTERM
    return asked if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (*asked, signal.SIGHUP)
