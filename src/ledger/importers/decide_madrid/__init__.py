"""Proposals and their threads of comments on Decide Madrid, as they were published in three files."""
