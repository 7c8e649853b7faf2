"""What can be wrong with people, accounts and their keys. Each error is one clear sentence, and none holds a secret."""


class PeopleError(Exception):
    """Something about users, accounts or the vault is not as it must be."""


class ChangeRefused(PeopleError):
    """A change is against a rule: an id is taken, an account is unknown, a role may not do it."""


class SecretUnusable(PeopleError):
    """A key, a secret or a master key is not where it should be, or may not be used as it is."""


class VaultError(PeopleError):
    """An envelope does not open. The message says nothing of its content."""


class WrongMasterKey(VaultError):
    """The envelope was made with a master key that is not at hand."""


class EnvelopeTruncated(VaultError):
    """The envelope's end is missing."""


class EnvelopeTampered(VaultError):
    """The envelope was changed, or stands with an account, a user or a venue for which it was not made."""


class SignInRefused(PeopleError):
    """A password or a token does not prove who somebody is. The message does not say which users exist."""
