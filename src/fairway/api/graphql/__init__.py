"""GraphQL over the same operations as the other paths: one endpoint, the same sign-in, roles and limits."""
