"""The database: sessions, queries, names of tables and constraints."""
