"""Domains for projects that were not made by `fastwright new`.

What is written uses what the project has (its declarative base, its session, its current user) and
brings the rest along: no helper package, no new dependency.
"""
