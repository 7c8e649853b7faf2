"""Importers: read files of other tools, such as test reports and scans, as evidence; one file for each format."""
