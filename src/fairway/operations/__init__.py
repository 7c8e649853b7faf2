"""What people can do with Fairway, as functions with an actor, a permission, a preview and an outcome.

The command line is a thin shell of these operations: it parses words, performs an operation and shows its outcome. Other shells,
such as an HTTP API, perform the same operations. An operation prints nothing, asks nothing and ends no process. It refuses with a
`Refusal`.
`fairway.operations.registry` lists all operations.
"""
