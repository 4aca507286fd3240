"""The ledger over HTTP: posts go straight to `writing`, everything else through the application (docs/formats/http.md)."""
