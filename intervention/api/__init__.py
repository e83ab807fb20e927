"""The documented JSON API, `/api/v1`: one table of operations makes both the routes and the OpenAPI document."""
