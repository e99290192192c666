"""HTTP that is not GraphQL: who calls, install, OAuth, webhooks, health."""
