"""The fields of a fresh sign-in, which the browser alone reads: no password goes over the page's stream."""

from fairway.panel.elements import Tag


def fresh_sign_in() -> None:
    """Two labelled fields: `panel.js` finds them within their form."""
    with Tag("label", "password"):
        Tag("input", type="password", name="again-password", autocomplete="current-password")
    with Tag("label", "code of the second factor, where you have one"):
        Tag("input", type="text", name="again-code", autocomplete="one-time-code")
