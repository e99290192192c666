"""The public GraphQL API: types, resolvers, loaders, paging and limits."""
