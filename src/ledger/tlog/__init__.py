"""Transparency logs over bytes, ignorant of participation: RFC 6962 trees and the C2SP formats (docs/formats/log.md)."""
