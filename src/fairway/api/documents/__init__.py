"""The endpoints of the planning documents, at the paths that the documents write: thin layouts of Fairway's own operations.

docs/reference/document-endpoints.md lists them, with what differs from the documents.
"""
