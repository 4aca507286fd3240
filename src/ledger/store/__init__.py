"""Adapters of the ports on PostgreSQL and on files. Only here are `eventsourcing` and `psycopg` known."""
