"""How much of a proof `make test` runs: a sample, or with FAIRWAY_PROVE=whole the larger one; `make prove` runs every step."""

import os

IS_WHOLE = os.environ.get("FAIRWAY_PROVE") == "whole"
