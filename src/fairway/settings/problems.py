"""What is wrong in a configuration file."""

from fairway.texts.problems import FileError


class SettingsError(FileError):
    """All the mistakes of one configuration, in the order of its lines."""
