"""What a configuration file may say. Errors name the file, the line, the key, the value and a right example, all at once."""

from fairway.settings.load import load
from fairway.settings.model import Mode, Settings, StrategyChoice
from fairway.settings.problems import SettingsError
from fairway.settings.risk import RiskSettings
from fairway.settings.venue import VenueSettings
from fairway.texts.problems import Problem
from fairway.world.secret import SecretMissing, SecretReference

__all__ = [
    "Mode",
    "Problem",
    "RiskSettings",
    "SecretMissing",
    "SecretReference",
    "Settings",
    "SettingsError",
    "StrategyChoice",
    "VenueSettings",
    "load",
]
