"""For programs that call OpenAI: explain an exception, enrich log records and Sentry events.

Sends nothing, needs no other package, and returns no secret.
"""
