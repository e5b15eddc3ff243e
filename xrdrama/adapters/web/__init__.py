"""The director's console: a web page, the live socket behind it, pictures over shared memory.

`access` decides who may come in, `asks` what may be asked, `view` and `ring` what is told and what
a page that was away has missed, `live` and `site` speak to browsers (Starlette), `serving` listens
(uvicorn). Only those last three need the extra `console`; a show's core imports `board` alone.
"""
