"""The panel: pages in a browser for operators and users, thin over the operations and the views of the HTTP server."""
