"""healthvisit: home visits to families with young children, recorded offline, sealed, and sent to the office."""

__version__ = "0.1.0"
