"""Fixtures that tests of several rooms share."""

from tests.postgres import empty_postgres, postgres, postgres_server, postgres_template

__all__ = ["empty_postgres", "postgres", "postgres_server", "postgres_template"]
