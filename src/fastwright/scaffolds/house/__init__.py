"""Domains for projects made by `fastwright new`, written as the domains are that come with them."""
