"""Where rows are kept: an SQLite file or a PostgreSQL database, by one text of SQL and one set of migrations."""
