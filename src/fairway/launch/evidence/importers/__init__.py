"""Importers: what a file of somebody else's tool is evidence for; one small file a form."""
