"""Ballots become results: published rules, pure and exact. What each option means stands in docs/formats/rules.md."""
