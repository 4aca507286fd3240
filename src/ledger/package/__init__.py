"""The layout of an export and how it is written and read (docs/formats/package.md). Knows files, no database."""
