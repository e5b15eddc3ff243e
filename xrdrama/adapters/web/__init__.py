"""The director's console: a web page, the live socket behind it, pictures over shared memory.

`access` decides who may come in, `live` what a page is sent and what it may send, `board` is the
memory that a show and its consoles share; `site` answers browsers (Starlette), `serving` listens
(uvicorn). A show's core imports `board` alone; the rest needs the extra `console`.
"""
