"""Binance's spot protocol as values: parameters, signatures, limits, errors, JSON shapes, endpoints, streams. No sockets."""
