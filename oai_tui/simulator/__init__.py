"""A simulated OpenAI API: worlds as data, an ASGI app that answers from them, and network faults.

It knows nothing about the symptoms of causes (knowledge/), so that it cannot be written from the answer sheet.
"""
